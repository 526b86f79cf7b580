"""Drum loops with known strokes, played on the project's own kit."""

from dataclasses import dataclass

import numpy as np
import pytest

from indexer.drums.formats.kit import render_hit
from indexer.drums.types import Drum, Onset

RATE = 44100


@dataclass(frozen=True)
class Loop:
    samples: np.ndarray
    onsets: tuple[Onset, ...]
    beats_s: np.ndarray


def played(onsets, duration_s):
    samples = np.zeros(int(duration_s * RATE), np.float32)
    for number, onset in enumerate(onsets):
        hit = render_hit(onset.drum, velocity=onset.velocity, seed=number % 4)
        start = round(onset.time_s * RATE)
        hit = hit[: samples.size - start]
        samples[start : start + hit.size] += 0.5 * hit
    return samples


def loop(*, tempo, bars=12, beats_per_bar=4, start_s=0.4, wobble_s=0.0, seed=1):
    """A beat in eighths; `tempo` is BPM, or a function from beat number to BPM."""
    rng = np.random.default_rng(seed)
    count = bars * beats_per_bar
    bpm = tempo if callable(tempo) else lambda _beat: tempo
    lengths = [60 / bpm(beat) for beat in range(count)]
    beats = start_s + np.concatenate([[0], np.cumsum(lengths)])
    onsets = []
    for beat in range(count):
        for half in (0, 0.5):
            time_s = beats[beat] + half * lengths[beat] + wobble_s * rng.standard_normal()
            onsets.append(Onset(float(time_s), Drum.HAT_CLOSED, 0.8))
        place = beat % beats_per_bar
        backbeat = place in ((1, 3) if beats_per_bar == 4 else range(1, beats_per_bar))
        drum = Drum.SNARE if backbeat else Drum.KICK
        time_s = beats[beat] + wobble_s * rng.standard_normal()
        onsets.append(Onset(float(time_s), drum, 1.0))
        if place == 2 and beats_per_bar == 4 and beat // 4 % 2:
            onsets.append(Onset(float(beats[beat] + lengths[beat] / 2), Drum.KICK, 0.9))
    onsets.sort()
    return Loop(played(onsets, float(beats[-1]) + 0.5), tuple(onsets), beats)


@pytest.fixture(scope="session")
def play():
    """Strokes → samples of so many seconds, on the project's own kit."""
    return played


@pytest.fixture(scope="session")
def rock():
    return loop(tempo=120.0)


@pytest.fixture(scope="session")
def drifting():
    return loop(tempo=lambda beat: 110 + 0.15 * beat, bars=16)


@pytest.fixture(scope="session")
def waltz():
    return loop(tempo=150.0, beats_per_bar=3, bars=16)
