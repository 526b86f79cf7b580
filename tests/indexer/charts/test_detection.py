import numpy as np
import pytest

from indexer.charts import detection, recording
from indexer.charts.detection import analyse_recording
from indexer.charts.recording import decoded_recording
from indexer.drums.formats.kit import render_hit
from indexer.drums.hearing.peaks import DEFAULT_DETECTOR
from indexer.drums.types import Drum, DrumsError

RATE = 44_100
SECONDS = 41


def beat(seconds: float) -> np.ndarray:
    """Bass drum and snare by turns every half second, with eighths, over a quiet bass."""
    time_s = np.arange(int(seconds * RATE)) / RATE
    samples = (0.02 * np.sin(2 * np.pi * 110 * time_s)).astype(np.float32)
    for eighth in range(int(seconds * 4) - 1):
        drums = [Drum.HAT_CLOSED]
        drums += [Drum.KICK] if eighth % 4 == 0 else []
        drums += [Drum.SNARE] if eighth % 4 == 2 else []
        for drum in drums:
            hit = np.asarray(render_hit(drum)).reshape(-1)[:RATE]
            part = samples[int((0.1 + eighth * 0.25) * RATE) :][: len(hit)]
            part += 0.3 * hit[: len(part)]
    return samples


def analysed(path, **options):
    with decoded_recording(path, folder=path.parent) as decoded:
        return analyse_recording(decoded, detector=DEFAULT_DETECTOR, wants_tempo=False, **options)


@pytest.fixture
def short_sections(monkeypatch) -> None:
    """Analyse seven seconds at once, and sections of 8 s with 2 s of context."""
    monkeypatch.setattr(recording, "WHOLE_S", 7.0)
    monkeypatch.setattr(detection, "SECTION_SAMPLES", 80 * detection.FRAME_SAMPLES)
    monkeypatch.setattr(detection, "CONTEXT_SAMPLES", 200 * 441)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.usefixtures("short_sections")
def test_a_long_recording_is_analysed_in_sections_without_seams(
    tmp_path, encode_audio, rate
) -> None:
    path = encode_audio(tmp_path / "long.flac", beat(SECONDS * RATE / rate), rate, "flac")
    reported: list[float] = []
    found = analysed(path, on_progress=reported.append)
    stretch = RATE / rate
    assert found.duration_s == pytest.approx(SECONDS * stretch**2, abs=0.1)
    deep = [o for o in found.onsets if o.drum in (Drum.KICK, Drum.SNARE)]
    apart = np.diff([o.time_s for o in deep])
    assert apart == pytest.approx(np.full(len(deep) - 1, 0.5 * stretch), abs=0.03)
    assert deep[0].time_s == pytest.approx(0.1 * stretch, abs=0.03)
    assert deep[-1].time_s > found.duration_s - 1.2
    assert len(reported) > 3 and reported == sorted(reported) and reported[-1] == pytest.approx(1.0)
    seen = len(found.frames) * detection.FRAME_SAMPLES / RATE
    assert seen == pytest.approx(found.duration_s, abs=0.1)


@pytest.mark.usefixtures("short_sections")
def test_a_recording_that_is_too_long_is_refused(tmp_path, encode_audio, monkeypatch) -> None:
    monkeypatch.setattr(recording, "LONGEST_S", 3600.0 / 400)
    path = encode_audio(tmp_path / "day.flac", beat(10.0), RATE, "flac")
    with pytest.raises(DrumsError, match="hours at most"):
        analysed(path)


@pytest.mark.usefixtures("short_sections")
def test_a_long_recording_with_one_channel_reversed_is_analysed(tmp_path, encode_audio) -> None:
    side = beat(12.0)
    path = encode_audio(tmp_path / "reversed.flac", np.stack([side, -side]), RATE, "flac")
    assert len(analysed(path).onsets) > 30
