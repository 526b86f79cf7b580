"""Onset strength of the low and high bands on and between beats.

These tell rhythms such as four-on-the-floor and one-drop apart. Each strength is the highest within
±30 ms of a beat, or of a half or quarter of a beat after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from indexer.mir.rhythm.onset import HIGH_CURVES, LOW_CURVES
from indexer.mir.signal.spectrum import FRAME_RATE_HZ

PEAK_WINDOW_FRAMES = 7
"""±30 ms."""
MIN_BEATS = 8
"""Fewer beats give no descriptors."""
STRENGTH_FLOOR = 0.05
"""In standard deviations of a curve: below, a strength counts as none."""


def describe(novelty: np.ndarray, beat_times_s: Sequence[float]) -> dict[str, float]:
    """Compute four descriptors; empty with fewer than `MIN_BEATS` beats.

    `kick_unevenness`: coefficient of variation of the low band on the beats, 0 where all are equal.
    `kick_between`: log2 ratio of the low band a quarter of a beat off the beats to that on them.
    `hat_offbeat`: log2 ratio of the high band half-way between the beats to that on them.
    `hat_unevenness`: as `kick_unevenness`, of the high band.

    Args:
        novelty: float32, (9, n_frames), from `onset.novelty`.
        beat_times_s: Ascending.
    """
    beats = np.asarray(beat_times_s) * FRAME_RATE_HZ
    if len(beats) < MIN_BEATS:
        return {}
    low, high = (
        ndimage.maximum_filter1d(novelty[band].mean(axis=0), PEAK_WINDOW_FRAMES)
        for band in (LOW_CURVES, HIGH_CURVES)
    )
    low_on, low_off = _at(low, beats, 0.0), _at(low, beats, 0.5)
    high_on, high_off = _at(high, beats, 0.0), _at(high, beats, 0.5)
    between = (_at(low, beats, 0.25).mean() + _at(low, beats, 0.75).mean()) / 2
    return {
        "kick_unevenness": _variation(low_on),
        "kick_between": _log2_ratio(between, max(low_on.mean(), low_off.mean())),
        "hat_offbeat": _log2_ratio(high_off.mean(), high_on.mean()),
        "hat_unevenness": _variation(high_on),
    }


def _at(curve: np.ndarray, beats: np.ndarray, phase: float) -> np.ndarray:
    """Values of `curve` at `phase` 0..1 between each beat (in frames) and the next."""
    frames = np.round(beats[:-1] + phase * np.diff(beats)).astype(int)
    return curve[np.clip(frames, 0, len(curve) - 1)]


def _variation(strengths: np.ndarray) -> float:
    return float(strengths.std() / max(float(strengths.mean()), STRENGTH_FLOOR))


def _log2_ratio(value: float, reference: float) -> float:
    return float(np.log2((value + STRENGTH_FLOOR) / (reference + STRENGTH_FLOOR)))
