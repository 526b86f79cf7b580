"""Bars of three and of four, and where they begin."""

import numpy as np
import pytest

from indexer.mir.rhythm import beats, meter, onset
from indexer.mir.signal import spectrum
from indexer.mir.tonality import chroma
from indexer.mir.types import Tempo

RATE = spectrum.ANALYSIS_RATE_HZ
BPM = 110.0
BEAT_S = 60 / BPM


def band(beats_per_bar: int, *, pickup: int = 0, bars: int = 12) -> np.ndarray:
    """A kick and a new chord on each downbeat, snares on the other beats (in four: the even ones);
    `pickup` beats before the first bar."""
    rng = np.random.default_rng(4)
    out = np.zeros(int((pickup + bars * beats_per_bar + 1) * BEAT_S * RATE))
    t = np.arange(int(0.2 * RATE)) / RATE
    kick = np.sin(2 * np.pi * 55 * t) * np.exp(-20 * t)
    snare = rng.normal(0, 0.3, len(t)) * np.exp(-30 * t)

    def add(sound: np.ndarray, beat: int) -> None:
        start = int(beat * BEAT_S * RATE)
        part = sound[: len(out) - start]
        out[start : start + len(part)] += part

    t = np.arange(int(beats_per_bar * BEAT_S * RATE)) / RATE
    for beat in range(pickup + bars * beats_per_bar):
        bar, place = divmod(beat - pickup, beats_per_bar)
        add(snare if (place % 2 if beats_per_bar == 4 else place) else kick, beat)
        if place == 0:
            root = (48, 53, 55, 50)[bar % 4]
            notes = [220 * 2 ** ((root + step - 57) / 12) for step in (0, 4, 7)]
            add(0.1 * np.sin(2 * np.pi * np.outer(notes, t)).sum(axis=0), beat)
    return out.astype(np.float32)


def read(samples: np.ndarray) -> tuple[meter.MeterEstimate | None, np.ndarray]:
    novelty = onset.novelty(spectrum.scan(samples).onset_curves)
    times = beats.track_beats(onset.strength(novelty), bpm=BPM)
    return meter.estimate_meter(novelty, chroma.chroma(samples), list(times)), times


@pytest.mark.parametrize("beats_per_bar", [3, 4])
@pytest.mark.parametrize("pickup", [0, 1, 2])
def test_bars_and_their_first_beat_are_found(beats_per_bar, pickup):
    found, times = read(band(beats_per_bar, pickup=pickup))
    assert found is not None
    assert found.beats_per_bar == beats_per_bar
    bars = (times[found.first_downbeat :: beats_per_bar] / BEAT_S - pickup) / beats_per_bar
    assert np.abs(bars - np.round(bars)).max() < 0.1
    assert 0 < found.confidence <= 1


def test_a_march_of_equal_beats_is_less_sure_than_a_band():
    sure, _ = read(band(4))
    t = np.arange(int(0.1 * RATE)) / RATE
    clicks = np.zeros(int(24 * RATE), dtype=np.float32)
    for beat in range(int(23 / BEAT_S)):
        start = int(beat * BEAT_S * RATE)
        clicks[start : start + len(t)] += np.sin(2 * np.pi * 800 * t) * np.exp(-40 * t)
    unsure, _ = read(clicks)
    assert sure is not None and unsure is not None
    assert unsure.confidence < sure.confidence


def test_a_few_beats_make_no_bar():
    novelty = np.zeros((spectrum.N_CURVES, 400), dtype=np.float32)
    assert meter.estimate_meter(novelty, None, [0.5, 1.0, 1.5]) is None
    assert meter.estimate_meter(novelty, None, []) is None


def test_beats_without_harmony_or_onsets_stay_finite():
    novelty = np.zeros((spectrum.N_CURVES, 2000), dtype=np.float32)
    found = meter.estimate_meter(novelty, None, list(np.arange(20) * 0.5))
    assert found is not None
    assert np.isfinite(found.confidence)


def test_downbeats_are_every_third_or_fourth_beat():
    tempo = Tempo(120.0, 60.0, 0.9, (0.0, 0.5, 1.0, 1.5, 2.0), "constant", 3, 1, 0.8)
    assert tempo.downbeat_times_s == (0.5, 2.0)
    assert Tempo(120.0, 60.0, 0.9, (0.0, 0.5)).downbeat_times_s == ()


def test_every_feature_has_a_weight():
    assert meter.weights().shape == (len(meter.FEATURES),)
    assert len(meter.hypotheses()) == 7
