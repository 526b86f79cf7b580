"""How the bands play around the beats: what tells four-on-the-floor from a one-drop.

Strengths are the highest onset strength within 30 ms of a beat, a half or a quarter of a beat.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from indexer.mir.rhythm.onset import HIGH_CURVES, LOW_CURVES
from indexer.mir.signal.spectrum import FRAME_RATE_HZ

REACH_FRAMES = 7
FEWEST_BEATS = 8
FLOOR = 0.05
"""Strengths are in units of a curve's own spread; less than this is nothing."""


def describe(novelty: np.ndarray, beat_times_s: Sequence[float]) -> dict[str, float]:
    """Four descriptors; empty with fewer than eight beats.

    `kick_unevenness`: spread over mean of the low band on the beats, 0 where all are alike.
    `kick_between`: low band on sixteenths beside the beats against the beats, in octaves.
    `hat_offbeat`: high band half-way between the beats against the beats, in octaves.
    `hat_unevenness`: as of the kick, of the high band.

    Args:
        novelty: float32, (9, n_frames), from `onset.novelty`.
        beat_times_s: Ascending.
    """
    beats = np.asarray(beat_times_s) * FRAME_RATE_HZ
    if len(beats) < FEWEST_BEATS:
        return {}
    low, high = (
        ndimage.maximum_filter1d(novelty[band].mean(axis=0), REACH_FRAMES)
        for band in (LOW_CURVES, HIGH_CURVES)
    )
    low_on, low_off = _at(low, beats, 0.0), _at(low, beats, 0.5)
    high_on, high_off = _at(high, beats, 0.0), _at(high, beats, 0.5)
    between = (_at(low, beats, 0.25).mean() + _at(low, beats, 0.75).mean()) / 2
    return {
        "kick_unevenness": _unevenness(low_on),
        "kick_between": _octaves(between, max(low_on.mean(), low_off.mean())),
        "hat_offbeat": _octaves(high_off.mean(), high_on.mean()),
        "hat_unevenness": _unevenness(high_on),
    }


def _at(curve: np.ndarray, beats: np.ndarray, phase: float) -> np.ndarray:
    frames = np.round(beats[:-1] + phase * np.diff(beats)).astype(int)
    return curve[np.clip(frames, 0, len(curve) - 1)]


def _unevenness(strengths: np.ndarray) -> float:
    return float(strengths.std() / max(float(strengths.mean()), FLOOR))


def _octaves(value: float, against: float) -> float:
    return float(np.log2((value + FLOOR) / (against + FLOOR)))
