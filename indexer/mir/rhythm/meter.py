"""Meter and downbeats: beats per bar, and on which beat bars begin.

Each beat is described by the onset strength of the low, the snare and all bands and by the change
of harmony. Hypotheses are bars of three or four beats with each possible first downbeat; a
conditional logit gives their probabilities. Its weights (`meter.json`) are made by
`python -m training.mir.meter_bands` from generated bands with known bars.
Source of the idea: Klapuri, Eronen & Astola, "Analysis of the meter of acoustic musical signals"
(2006).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy import ndimage

from indexer.mir.rhythm.onset import LOW_CURVES, MID_CURVES
from indexer.mir.signal.spectrum import FRAME_RATE_HZ
from indexer.mir.tonality.chroma import Chroma

VERSION: Final = 2
"""Raised with every change of meter or first downbeat; see `indexer.mir.stage_versions`."""

FILE = Path(__file__).with_name("meter.json")
PEAK_WINDOW_FRAMES = 7
"""Onset strength of a beat is the highest within ±30 ms."""
MIN_BEATS = 12
"""Three bars of four: fewer give no estimate."""
MIN_SPREAD = 0.3
"""Lower limit of the standard deviation, relative to the mean: smaller differences are chance."""
BARS = (3, 4)
"""Beats per bar of the hypotheses."""
ACCENTS = ("low", "snare", "all_bands", "harmony")
FEATURES = (
    "three",
    *(f"three_first_{sign}" for sign in ACCENTS),
    *(f"four_first_{sign}" for sign in ACCENTS),
    *(f"four_third_{sign}" for sign in ACCENTS),
    *(f"repeat_{sign}" for sign in ACCENTS),
)


@dataclass(frozen=True, slots=True)
class MeterEstimate:
    """The most probable meter.

    Attributes:
        beats_per_bar: 3 or 4.
        first_downbeat: Index of the first beat that begins a bar.
        confidence: Probability 0..1 that both are right.
    """

    beats_per_bar: int
    first_downbeat: int
    confidence: float


@cache
def weights() -> np.ndarray:
    """Load the weight of each of `FEATURES`, float64 (n_features,)."""
    by_name = json.loads(FILE.read_text(encoding="utf-8"))["weights"]
    return np.array([by_name[name] for name in FEATURES])


def accents(
    novelty: np.ndarray, profile: Chroma | None, beat_times_s: Sequence[float]
) -> np.ndarray:
    """Standard scores of `ACCENTS` on each beat, float (4, n_beats)."""
    beats = np.asarray(beat_times_s, dtype=float)
    frames = np.clip(np.round(beats * FRAME_RATE_HZ).astype(int), 0, novelty.shape[1] - 1)
    curves = (novelty[LOW_CURVES], novelty[MID_CURVES], novelty)
    rows = [ndimage.maximum_filter1d(c.mean(axis=0), PEAK_WINDOW_FRAMES)[frames] for c in curves]
    rows.append(_harmonic_change(profile, beats))
    found = np.array(rows)
    mean = found.mean(axis=1, keepdims=True)
    spread = np.maximum(found.std(axis=1, keepdims=True), MIN_SPREAD * mean)
    return np.divide(found - mean, spread, out=np.zeros_like(found), where=spread > 1e-9)


def _harmonic_change(profile: Chroma | None, beats: np.ndarray) -> np.ndarray:
    """Cosine distance of the pitch classes of each beat from those of the beat before."""
    if profile is None or len(profile.times_s) < 2:
        return np.zeros(len(beats))
    rows = np.concatenate([profile.treble, profile.bass], axis=1)
    cumulative = np.cumsum(np.concatenate([np.zeros((1, rows.shape[1])), rows]), axis=0)
    half = np.median(np.diff(profile.times_s)) / 2
    ends = np.concatenate([[profile.times_s[0] - half], profile.times_s + half])
    edges = np.concatenate([[2 * beats[0] - beats[1]], beats, [2 * beats[-1] - beats[-2]]])
    at = np.stack([np.interp(edges, ends, c) for c in cumulative.T], axis=1)
    spans = np.diff(at, axis=0)
    length = np.linalg.norm(spans, axis=1, keepdims=True)
    unit = np.divide(spans, length, out=np.zeros_like(spans), where=length > 1e-9)
    return 1 - (unit[1:] * unit[:-1]).sum(axis=1)


def hypotheses() -> list[tuple[int, int]]:
    """Return the meter hypotheses: (beats per bar, index of the first downbeat)."""
    return [(beats, first) for beats in BARS for first in range(beats)]


def describe(found: np.ndarray) -> np.ndarray:
    """Compute the `FEATURES` of each hypothesis, float64 (7, n_features).

    Args:
        found: float64, (4, n_beats), from `accents`.
    """
    zero = np.zeros(len(ACCENTS))
    repeat = {b: (found[:, b:] * found[:, :-b]).mean(axis=1) for b in BARS}
    rows = []
    for beats, first in hypotheses():
        down = found[:, first::beats].mean(axis=1)
        third = found[:, (first + 2) % beats :: beats].mean(axis=1)
        by_bar = (down, zero, zero) if beats == 3 else (zero, down, third)
        rows.append(np.concatenate([[beats == 3], *by_bar, repeat[beats]]))
    return np.array(rows, dtype=float)


def estimate_meter(
    novelty: np.ndarray, profile: Chroma | None, beat_times_s: Sequence[float]
) -> MeterEstimate | None:
    """Estimate the meter; None with fewer than `MIN_BEATS` beats.

    Args:
        novelty: float32, (9, n_frames), from `onset.novelty`.
        profile: Pitch-class profiles; None without any.
        beat_times_s: Ascending.
    """
    if len(beat_times_s) < MIN_BEATS:
        return None
    logits = describe(accents(novelty, profile, beat_times_s)) @ weights()
    likelihood = np.exp(logits - logits.max())
    best = int(np.argmax(logits))
    beats, first = hypotheses()[best]
    return MeterEstimate(beats, first, float(likelihood[best] / likelihood.sum()))
