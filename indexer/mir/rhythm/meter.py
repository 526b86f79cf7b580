"""Metre and downbeats: how many beats make a bar, and on which of them it begins.

Each beat is described by how strong the low, the snare and all bands are on it and by how much the
harmony changes there. A bar of three or four beats, begun on each of its beats, is one hypothesis;
a conditional logit weighs them. The weights are data (`meter.json`), made by
`python -m benchmarks.meter_bands` from bands whose bars are exact.
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
REACH_FRAMES = 7
"""Strengths are the highest within 30 ms of a beat."""
FEWEST_BEATS = 12
ALIKE = 0.3
"""Beats that differ by less than this share of their mean are alike: chance, not accents."""
BARS = (3, 4)
SIGNS = ("low", "snare", "all_bands", "harmony")
FEATURES = (
    "three",
    *(f"three_first_{sign}" for sign in SIGNS),
    *(f"four_first_{sign}" for sign in SIGNS),
    *(f"four_third_{sign}" for sign in SIGNS),
    *(f"repeat_{sign}" for sign in SIGNS),
)


@dataclass(frozen=True, slots=True)
class MeterEstimate:
    """Beats in a bar (3 or 4), the index of the first beat that begins one, and the chance 0..1
    that both are right."""

    beats_per_bar: int
    first_downbeat: int
    confidence: float


@cache
def weights() -> np.ndarray:
    """Weight of each of `FEATURES`."""
    by_name = json.loads(FILE.read_text(encoding="utf-8"))["weights"]
    return np.array([by_name[name] for name in FEATURES])


def signs(novelty: np.ndarray, profile: Chroma | None, beat_times_s: Sequence[float]) -> np.ndarray:
    """Standard scores of `SIGNS` on each beat, float (4, n_beats)."""
    beats = np.asarray(beat_times_s, dtype=float)
    frames = np.clip(np.round(beats * FRAME_RATE_HZ).astype(int), 0, novelty.shape[1] - 1)
    curves = (novelty[LOW_CURVES], novelty[MID_CURVES], novelty)
    rows = [ndimage.maximum_filter1d(c.mean(axis=0), REACH_FRAMES)[frames] for c in curves]
    rows.append(_harmony(profile, beats))
    found = np.array(rows)
    mean = found.mean(axis=1, keepdims=True)
    spread = np.maximum(found.std(axis=1, keepdims=True), ALIKE * mean)
    return np.divide(found - mean, spread, out=np.zeros_like(found), where=spread > 1e-9)


def _harmony(profile: Chroma | None, beats: np.ndarray) -> np.ndarray:
    """Distance of the pitch classes of the beat that begins from those of the one before."""
    if profile is None or len(profile.times_s) < 2:
        return np.zeros(len(beats))
    rows = np.concatenate([profile.treble, profile.bass], axis=1)
    passed = np.cumsum(np.concatenate([np.zeros((1, rows.shape[1])), rows]), axis=0)
    half = np.median(np.diff(profile.times_s)) / 2
    ends = np.concatenate([[profile.times_s[0] - half], profile.times_s + half])
    edges = np.concatenate([[2 * beats[0] - beats[1]], beats, [2 * beats[-1] - beats[-2]]])
    at = np.stack([np.interp(edges, ends, c) for c in passed.T], axis=1)
    spans = np.diff(at, axis=0)
    length = np.linalg.norm(spans, axis=1, keepdims=True)
    unit = np.divide(spans, length, out=np.zeros_like(spans), where=length > 1e-9)
    return 1 - (unit[1:] * unit[:-1]).sum(axis=1)


def hypotheses() -> list[tuple[int, int]]:
    """Beats in a bar, and the beat on which the first bar begins."""
    return [(beats, first) for beats in BARS for first in range(beats)]


def describe(found: np.ndarray) -> np.ndarray:
    """`FEATURES` of each hypothesis, float (7, n_features), from `signs`."""
    zero = np.zeros(len(SIGNS))
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
    """The likeliest bar; None with fewer than twelve beats.

    Args:
        novelty: float32, (9, n_frames), from `onset.novelty`.
        profile: Pitch classes; None without any.
        beat_times_s: Ascending.
    """
    if len(beat_times_s) < FEWEST_BEATS:
        return None
    worth = describe(signs(novelty, profile, beat_times_s)) @ weights()
    chances = np.exp(worth - worth.max())
    best = int(np.argmax(worth))
    beats, first = hypotheses()[best]
    return MeterEstimate(beats, first, float(chances[best] / chances.sum()))
