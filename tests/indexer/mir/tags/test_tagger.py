from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import soxr

from indexer.mir.tags.tagger import PATCH_SAMPLES, Tagger, TaggerOutput, cut_patches
from indexer.mir.tags.tagger_vocabulary import MSD_TAGS, MTT_TAGS, SHARED_TAGS
from indexer.mir.types import AnalysisError

RATE = 16_000


@pytest.fixture(scope="module")
def tagger(musicnn_models) -> Tagger:
    return Tagger(msd=musicnn_models.msd, mtt=musicnn_models.mtt)


def note(frequency_hz: float, duration_s: float, *, decay_s: float) -> np.ndarray:
    time_s = np.arange(int(duration_s * RATE)) / RATE
    partials = sum(np.sin(2 * np.pi * frequency_hz * n * time_s) / n**2 for n in range(1, 7))
    return np.exp(-time_s / decay_s) * partials


def piano_like(duration_s: float) -> np.ndarray:
    random = np.random.default_rng(0)
    out = np.zeros(int(duration_s * RATE))
    for start in range(0, len(out) - RATE, RATE // 3):
        pitch = random.choice([60, 62, 64, 67, 69, 72])
        out[start : start + RATE] += note(440 * 2 ** ((pitch - 69) / 12), 1.0, decay_s=0.4)
    return (0.2 * out).astype(np.float32)


def techno_like(duration_s: float) -> np.ndarray:
    random = np.random.default_rng(0)
    beat = RATE * 60 // 128
    time_s = np.arange(beat) / RATE
    kick = np.sin(2 * np.pi * (50 * time_s - 6 * np.exp(-time_s * 30))) * np.exp(-time_s * 12)
    hat = np.exp(-time_s * 80) * random.normal(0, 0.3, beat)
    bass = 0.3 * np.sign(np.sin(2 * np.pi * 55 * time_s))
    bar = kick + np.roll(hat, beat // 2) + bass
    count = int(duration_s * RATE) // beat + 1
    return (0.5 * np.tile(bar, count)[: int(duration_s * RATE)]).astype(np.float32)


def test_tells_a_beat_from_a_piano(tagger):
    techno, piano = tagger.tag(techno_like(12)), tagger.tag(piano_like(12))
    for tag in ("electro", "dance"):
        assert techno.msd[tag] > 2 * piano.msd[tag]
    for tag in ("techno", "beat", "fast"):
        assert techno.mtt[tag] > 2 * piano.mtt[tag]
    for tag in ("classical", "piano", "slow"):
        assert piano.mtt[tag] > 2 * techno.mtt[tag]
    assert float(techno.embedding @ piano.embedding) < 0.8


def test_golden_values(tagger):
    output = tagger.tag(techno_like(12))
    golden = {
        "mtt:techno": 0.840,
        "mtt:electronic": 0.714,
        "mtt:beat": 0.158,
        "msd:electronic": 0.624,
        "msd:electro": 0.173,
        "msd:dance": 0.065,
    }
    assert {tag: output.by_model[tag] for tag in golden} == pytest.approx(golden, abs=2e-3)


def test_output_is_complete(tagger):
    output = tagger.tag(piano_like(4))
    assert tuple(output.msd) == MSD_TAGS
    assert tuple(output.mtt) == MTT_TAGS
    assert all(0 <= p <= 1 for p in output.by_model.values())
    assert output.embedding.shape == (200,)
    assert output.embedding.dtype == np.float32
    assert np.linalg.norm(output.embedding) == pytest.approx(1, abs=1e-5)


def test_same_audio_gives_the_same_output(tagger):
    one, two = tagger.tag(techno_like(10)), tagger.tag(techno_like(10))
    assert one.by_model == two.by_model
    np.testing.assert_array_equal(one.embedding, two.embedding)


def test_near_the_same_audio_is_near(tagger):
    piano = piano_like(10)
    one, two = tagger.tag(piano), tagger.tag(0.8 * piano)
    assert float(one.embedding @ two.embedding) > 0.95


@pytest.mark.parametrize("count", [1, 1000, PATCH_SAMPLES - 1, PATCH_SAMPLES])
def test_short_audio_is_repeated(tagger, count):
    output = tagger.tag(piano_like(4)[:count])
    assert np.isfinite(list(output.by_model.values())).all()


def test_silence_and_full_scale_give_numbers(tagger):
    square = np.sign(np.sin(np.arange(4 * RATE) * 0.1)).astype(np.float32)
    for samples in (np.zeros(4 * RATE, np.float32), square):
        output = tagger.tag(samples)
        assert np.isfinite(list(output.by_model.values())).all()
        assert np.isfinite(output.embedding).all()


def test_no_audio_is_refused(tagger):
    with pytest.raises(AnalysisError):
        tagger.tag(np.zeros(0, np.float32))


def test_a_track_is_the_mean_of_its_patches(tagger):
    samples = np.concatenate([piano_like(6), techno_like(6)])
    patches, whole = tagger.tag_patches(samples, patches=4), tagger.tag(samples, patches=4)
    assert patches.msd.shape == patches.mtt.shape == (4, 50)
    assert patches.embeddings.shape == (4, 200)
    assert list(whole.mtt.values()) == pytest.approx(patches.mtt.mean(axis=0).tolist())
    piano, techno = MTT_TAGS.index("piano"), MTT_TAGS.index("techno")
    assert patches.mtt[0, piano] > patches.mtt[3, piano]
    assert patches.mtt[0, techno] < patches.mtt[3, techno]


def test_damaged_model_is_refused(tmp_path, musicnn_models):
    path = tmp_path / "damaged.tflite"
    path.write_bytes(b"no model")
    with pytest.raises(AnalysisError, match="delete that file"):
        Tagger(msd=path, mtt=musicnn_models.mtt)


def test_vocabularies():
    assert len(set(MSD_TAGS)) == len(set(MTT_TAGS)) == 50
    assert SHARED_TAGS == (
        "rock", "pop", "electronic", "dance", "metal", "ambient", "guitar", "country",
    )  # fmt: skip


def test_merged_view_prefers_msd():
    msd, mtt = dict.fromkeys(MSD_TAGS, 0.1), dict.fromkeys(MTT_TAGS, 0.2)
    output = TaggerOutput(msd=msd, mtt=mtt, embedding=np.zeros(200, np.float32))
    merged = output.probabilities
    assert len(merged) == 100 - len(SHARED_TAGS)
    assert (merged["rock"], merged["happy"], merged["classical"]) == (0.1, 0.1, 0.2)
    assert (output.by_model["msd:rock"], output.by_model["mtt:rock"]) == (0.1, 0.2)


def test_patches_lie_evenly_and_apart():
    samples = np.arange(100 * RATE, dtype=np.float32)
    starts = [int(part[0]) for part in cut_patches(samples, patches=5)]
    assert np.diff(starts) == pytest.approx([20 * RATE] * 4)
    assert starts[0] == pytest.approx(10 * RATE - PATCH_SAMPLES / 2, abs=1)
    assert all(len(part) == PATCH_SAMPLES for part in cut_patches(samples))


def test_short_track_gets_fewer_patches():
    parts = cut_patches(np.arange(int(2.5 * PATCH_SAMPLES), dtype=np.float32), patches=10)
    assert len(parts) == 2
    assert parts[0][-1] < parts[1][0]


@pytest.mark.parametrize("seconds", [1.3, 2.977, 7.123, 61.01])
def test_patches_of_another_rate_are_those_of_the_whole_track_resampled(seconds: float):
    random = np.random.default_rng(0)
    samples = random.standard_normal(int(seconds * 22_050)).astype(np.float32)
    whole = soxr.resample(samples, 22_050, RATE, quality="HQ")
    found = cut_patches(samples, sample_rate=22_050)
    for part, expected in zip(found, cut_patches(whole), strict=True):
        assert part == pytest.approx(expected, abs=1e-5)


def test_tagging_imports_no_tensorflow():
    code = (
        "import sys, indexer.mir.tags.tagger, indexer.models.musicnn\n"
        "import indexer.files.audio.decoding, indexer.files.tags.tag_reading\n"
        "heavy = {'tensorflow', 'librosa', 'numba', 'musicnn'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
