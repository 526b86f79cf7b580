"""Peak picking: onsets with interpolated times and velocities from activations."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.activation import (
    BAND_THRESHOLDS,
    FRAMES_PER_S,
    SAMPLE_RATE,
    Activations,
    Detector,
)
from indexer.drums.hearing.network import detect_network
from indexer.drums.types import Drum, Onset

DEFAULT_DETECTOR: Final[Detector] = detect_network
"""The detector of charts; `docs/drums.md` compares it with `activation.detect_bands`."""
_STRONG_PEAK_SHARE: Final[dict[Drum, float]] = {Drum.KICK: 0.6}
"""Least height of a peak as a share of the 90th percentile of all peaks: bass notes rise in the
bass drum's range, too, but less than its clear onsets."""
_OVER_MEAN: Final = 1.5
"""Least ratio of a peak to the mean of the frames around it."""
_MEAN_FRAMES: Final = 31
"""310 ms."""
_PEAK_FRAMES: Final = 7
"""A peak is the highest value within 30 ms."""
_GAP_FRAMES: Final = 4
"""Least distance of onsets of one drum: 40 ms, 32nds at 180 BPM."""
_SOFTEST_DB: Final = -30.0
"""Level of velocity 0.2, relative to the loud onsets (velocity 1)."""
_REACH_FRAMES: Final = 4
"""Frames of the attack: velocity follows the loudest of them."""


def pick_onsets(activations: Activations) -> tuple[Onset, ...]:
    """Return the onsets in `activations`, sorted by time."""
    onsets: list[Onset] = []
    for column, drum in enumerate(activations.drums):
        curve = activations.values[:, column]
        level_db = activations.level_db[:, column]
        if activations.thresholds is None:
            threshold = _threshold(curve, drum)
            frames = _peaks(curve, threshold, over_mean=_OVER_MEAN)
        else:
            threshold = activations.thresholds[column]
            frames = _peaks(curve, threshold, over_mean=0.0)
        for frame in frames:
            loudest = float(level_db[frame : frame + _REACH_FRAMES].max())
            onsets.append(
                Onset(
                    time_s=max(0.0, interpolate_peak(curve, frame) / FRAMES_PER_S),
                    drum=drum,
                    velocity=float(np.clip(1 - 0.8 * loudest / _SOFTEST_DB, 0.2, 1.0)),
                    confidence=float(min(1.0, curve[frame] / (2 * threshold))),
                )
            )
    return tuple(sorted(onsets))


def _threshold(curve: Float32, drum: Drum) -> float:
    """Return the least height of a peak in a curve of the band detector."""
    fixed = BAND_THRESHOLDS[drum]
    share = _STRONG_PEAK_SHARE.get(drum, 0.0)
    if share == 0 or curve.size == 0:
        return fixed
    peaks = curve[(curve == maximum_filter1d(curve, _PEAK_FRAMES)) & (curve > fixed / 2)]
    return max(fixed, share * float(np.percentile(peaks, 90))) if peaks.size else fixed


def _peaks(curve: Float32, threshold: float, *, over_mean: float) -> list[int]:
    """Return the frames of local maxima above `threshold` and `over_mean` times the mean around."""
    if curve.size == 0:
        return []
    highest = maximum_filter1d(curve, _PEAK_FRAMES)
    mean = uniform_filter1d(curve, _MEAN_FRAMES)
    candidates = np.flatnonzero((curve == highest) & (curve > threshold))
    candidates = candidates[curve[candidates] > over_mean * mean[candidates]]
    kept: list[int] = []
    for frame in candidates:
        if kept and frame - kept[-1] < _GAP_FRAMES:
            if curve[frame] > curve[kept[-1]]:
                kept[-1] = int(frame)
        else:
            kept.append(int(frame))
    return kept


def interpolate_peak(curve: Float32, frame: int) -> float:
    """Return the maximum of the parabola through a peak and its neighbours, in frames."""
    if not 0 < frame < curve.size - 1:
        return float(frame)
    left, top, right = (float(curve[i]) for i in (frame - 1, frame, frame + 1))
    curvature = left - 2 * top + right
    return frame + (0.5 * (left - right) / curvature if curvature < 0 else 0.0)


def transcribe(
    samples: Float32, *, sample_rate: int = SAMPLE_RATE, detector: Detector = DEFAULT_DETECTOR
) -> tuple[Onset, ...]:
    """Return the drum onsets in a recording.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: Hz, must be 44100.
        detector: Function that computes the activations.

    Returns:
        Onsets sorted by time; empty for less than 0.1 s.
    """
    if samples.size < SAMPLE_RATE // 10:
        return ()
    return pick_onsets(detector(samples, sample_rate=sample_rate))
