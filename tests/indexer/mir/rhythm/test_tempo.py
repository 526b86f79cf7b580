import numpy as np
import pytest

from indexer.mir.rhythm import beats, onset, tempo
from indexer.mir.signal import spectrum

RATE = spectrum.ANALYSIS_RATE_HZ


def drums(*, bpm: float, seconds: float, seed: int = 0) -> np.ndarray:
    """Kick on 1 and 3, snare on 2 and 4, hi-hat on quavers."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    t = np.arange(int(0.15 * RATE)) / RATE
    kick = np.sin(2 * np.pi * 60 * t) * np.exp(-25 * t)
    snare = rng.normal(0, 0.5, len(t)) * np.exp(-30 * t)
    hat = np.diff(rng.normal(0, 0.3, len(t) + 1)) * np.exp(-80 * t)
    half_beat = 30 / bpm
    for i in range(int(seconds / half_beat)):
        sounds = [hat] if i % 2 else [hat, kick if i % 4 == 0 else snare]
        start = int(i * half_beat * RATE)
        for sound in sounds:
            part = sound[: len(out) - start]
            out[start : start + len(part)] += part
    return out


def clicks(*, bpm: float, seconds: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    click = rng.normal(0, 0.3, 1000) * np.exp(-np.arange(1000) / 150)
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    for start in np.arange(0, len(out) - 1000, 60 / bpm * RATE).astype(int):
        out[start : start + 1000] += click
    return out


def reading(samples: np.ndarray) -> tuple[tempo.TempoEstimate, np.ndarray]:
    scan = spectrum.scan(samples)
    novelty = onset.novelty(scan.onset_curves)
    return tempo.estimate_tempo(scan.onset_curves, novelty), novelty


@pytest.mark.parametrize("bpm", [75.0, 84.0, 97.5, 120.0, 143.0])
def test_a_drum_pattern_is_read_at_its_tempo(bpm):
    found, _ = reading(drums(bpm=bpm, seconds=20))
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    assert found.alternative is not None
    assert min(abs(found.alternative / found.bpm - r) for r in (0.5, 2)) < 1e-6
    assert 0 < found.confidence <= 1


def test_slow_drums_may_be_fast_ones_in_half_time_and_the_doubt_is_told():
    found, _ = reading(drums(bpm=70, seconds=20))
    assert found.bpm is not None and found.alternative is not None
    assert min(found.bpm, found.alternative) == pytest.approx(70, rel=0.01)
    assert found.confidence < 0.9


@pytest.mark.parametrize("bpm", [75.0, 90.0, 133.0])
def test_five_seconds_of_clicks_are_read_at_their_tempo(bpm):
    found, _ = reading(clicks(bpm=bpm, seconds=5))
    assert found.bpm == pytest.approx(bpm, rel=0.01)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(10 * RATE, dtype=np.float32),
        np.zeros(100, dtype=np.float32),
        np.full(10 * RATE, 1.0, dtype=np.float32),
        np.sin(np.arange(10 * RATE) * 0.1).astype(np.float32),
    ],
    ids=["silence", "short", "constant", "tone"],
)
def test_no_pulse_gives_no_tempo_and_no_beats(samples):
    found, novelty = reading(samples)
    assert found.bpm is None
    assert found.confidence == 0
    assert len(beats.track_beats(onset.strength(novelty), bpm=found.bpm)) == 0


def test_beats_fall_on_the_drums():
    bpm = 120.0
    found, novelty = reading(drums(bpm=bpm, seconds=20))
    times = beats.track_beats(onset.strength(novelty), bpm=found.bpm)
    assert len(times) == pytest.approx(20 * bpm / 60, abs=2)
    distance = np.abs(times - np.round(times / 0.5) * 0.5)
    assert np.median(distance) < 0.03
    assert (np.diff(times) > 0).all()


def test_onsets_are_counted():
    _, novelty = reading(drums(bpm=120, seconds=20))
    scan = spectrum.scan(drums(bpm=120, seconds=20))
    rates = onset.onset_rates_hz(scan.onset_curves, novelty)
    assert rates["onset_rate_hz"] == pytest.approx(4.0, abs=0.4)


def test_a_click_a_second_makes_one_onset_a_second():
    samples = np.zeros(12 * RATE, dtype=np.float32)
    samples[RATE // 2 :: RATE] = 1.0
    times = onset.onset_times_s(onset.strength(onset.novelty(spectrum.scan(samples).onset_curves)))
    np.testing.assert_allclose(times, np.arange(12) + 0.5, atol=0.03)


def test_the_level_does_not_change_the_tempo():
    samples = drums(bpm=110, seconds=15)
    assert reading(samples)[0].bpm == pytest.approx(reading(samples * 0.01)[0].bpm, rel=1e-3)


def test_a_pulse_is_clearer_than_noise():
    found, novelty = reading(drums(bpm=120, seconds=15))
    noise = np.random.default_rng(3).normal(0, 0.1, 15 * RATE).astype(np.float32)
    blur = onset.novelty(spectrum.scan(noise).onset_curves)
    pulse = tempo.pulse_clarity(novelty, bpm=found.bpm)
    assert pulse > tempo.pulse_clarity(blur, bpm=120.0) + 0.3
    assert tempo.pulse_clarity(novelty, bpm=None) == 0
