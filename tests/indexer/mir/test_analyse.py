"""The whole order of stages: edge cases, file tags, tagger outputs, and stored raw features."""

import dataclasses
import math

import numpy as np
import pytest

from indexer.mir.analyse import analyse, derive
from indexer.mir.signal import loudness
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE
from indexer.mir.stage_versions import STAGE_VERSIONS
from indexer.mir.tags.tagger_vocabulary import MSD_TAGS, MTT_TAGS
from indexer.mir.types import AnalysisError, MirResult, TagHints, ValueSource
from store.vocabulary import MOODS

SONG_BPM = 126.0


class LoudTagger:
    """A tagger output that says metal."""

    by_model = {  # noqa: RUF012
        **{f"msd:{tag}": 0.02 for tag in MSD_TAGS},
        **{f"mtt:{tag}": 0.02 for tag in MTT_TAGS},
        "msd:metal": 0.8,
        "msd:heavy metal": 0.5,
        "mtt:metal": 0.5,
        "mtt:loud": 0.5,
    }
    embedding = np.full(200, 200**-0.5, dtype=np.float32)


@pytest.fixture(scope="module")
def analysed(song) -> MirResult:
    return analyse(song, sample_rate=RATE, loudness=loudness.measure(song, sample_rate=RATE))


def assert_finite(result: MirResult) -> None:
    for part in (result.normalized, result.scores):
        for name, value in dataclasses.asdict(part).items():
            if isinstance(value, float):
                assert math.isfinite(value), name
    assert all(math.isfinite(v) for v in result.raw.measured.values())
    assert set(result.moods) == set(MOODS)
    assert all(0 <= v <= 1 for v in result.moods.values())


def test_the_song_is_heard_as_it_was_written(analysed):
    assert analysed.normalized.bpm == pytest.approx(SONG_BPM, rel=0.005)
    assert analysed.normalized.camelot_key == "8A"
    beat = np.array(analysed.raw.tempo.beat_times_s)
    assert np.median(np.abs(np.diff(beat) - 60 / SONG_BPM)) < 0.012
    assert_finite(analysed)


def test_seconds_are_told_for_each_stage(analysed):
    assert {"spectrum", "tempo", "beats", "key", "descriptors", "genre", "scores"} <= set(
        analysed.seconds
    )
    assert all(s >= 0 for s in analysed.seconds.values())
    assert all(isinstance(v, int) and v >= 1 for v in STAGE_VERSIONS.values())


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(10 * RATE, dtype=np.float32),
        np.zeros(1, dtype=np.float32),
        np.ones(5 * RATE, dtype=np.float32),
        np.full(RATE, np.nan, dtype=np.float32),
    ],
    ids=["silence", "one sample", "constant", "not a number"],
)
def test_nothing_to_hear_gives_no_tempo_and_no_key(samples):
    result = analyse(
        samples, sample_rate=RATE, loudness=loudness.measure(samples, sample_rate=RATE)
    )
    assert result.normalized.bpm is None
    assert result.normalized.genre_main is None
    assert result.raw.tempo.beat_times_s == ()
    assert_finite(result)


def test_silence_has_no_key_and_no_mood():
    result = analyse(np.zeros(10 * RATE, dtype=np.float32), sample_rate=RATE)
    assert result.normalized.camelot_key is None
    assert result.synthetic_tags == ()
    assert max(result.moods.values()) == 0


def test_full_scale_noise_is_finite():
    noise = np.random.default_rng(0).uniform(-1, 1, 10 * RATE).astype(np.float32)
    assert_finite(analyse(noise, sample_rate=RATE))


def test_other_sample_rates_give_the_same_tempo_and_key(song, analysed):
    from scipy import signal

    doubled = signal.resample_poly(song, 2, 1).astype(np.float32)
    result = analyse(doubled, sample_rate=2 * RATE)
    assert result.normalized.bpm == pytest.approx(analysed.normalized.bpm, rel=0.005)
    assert result.normalized.camelot_key == analysed.normalized.camelot_key


def test_no_audio_and_two_channels_are_refused():
    with pytest.raises(AnalysisError, match="no audio"):
        analyse(np.zeros(0, dtype=np.float32), sample_rate=RATE)
    with pytest.raises(AnalysisError, match="one channel"):
        analyse(np.zeros((2, 100), dtype=np.float32), sample_rate=RATE)


def test_tags_of_the_file_outrank_estimates_and_say_so(song):
    hints = TagHints(
        bpm=63.0,
        key="Em",
        genres=("Rap français", "Jazz"),
        moods=("Triste",),
        extra={"ab:hi:mood_happy:happy": "0.07"},
    )
    result = analyse(song, sample_rate=RATE, tags=hints)
    n = result.normalized
    assert (n.bpm, n.camelot_key, n.genre_main, n.mood_happy) == (63.0, "9A", "hip hop", 0.07)
    assert result.raw.sources["bpm"] == result.raw.sources["key"] == "standards"
    assert result.raw.sources["mood_happy"] == "acousticbrainz"
    assert result.moods["sad"] >= 0.5
    assert result.raw.tags[:3] == ("Rap français", "Jazz", "Triste")


def test_the_tagger_makes_genre_features_and_embedding(song):
    result = analyse(song, sample_rate=RATE, tagger=LoudTagger())
    assert result.normalized.genre_main == "metal"
    assert result.normalized.mood_aggressive is not None
    assert result.normalized.mood_aggressive > 0.8
    assert len(result.embedding) == 200
    assert "metal" in result.raw.tags
    assert result.raw.tagger["msd:metal"] == 0.8


def test_stored_raw_features_give_the_same_result_without_the_audio(analysed):
    raw = analysed.raw
    again = derive(
        raw,
        tempo=(raw.tempo, ValueSource(raw.sources["bpm"])),
        key=(raw.key, ValueSource(raw.sources["key"])),
        tags=TagHints(),
    )
    assert (again.raw, again.normalized, again.scores) == (
        raw,
        analysed.normalized,
        analysed.scores,
    )
    assert (again.synthetic_tags, again.moods) == (analysed.synthetic_tags, analysed.moods)
