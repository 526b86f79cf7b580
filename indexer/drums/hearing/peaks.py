"""Activations → onsets: peaks above a threshold, timed between frames, with a velocity."""

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
"""What charts are made with; `activation.detect_bands` is the other (`docs/drums.md` compares)."""
_OF_STRONG_PEAKS: Final[dict[Drum, float]] = {Drum.KICK: 0.6}
"""Bass notes rise in the bass drum's range too, but less than its own clear strokes: a peak must
reach this share of the 90th percentile of the peaks."""
_OVER_MEAN: Final = 1.5
"""A peak stands out of the second around it by this factor."""
_MEAN_FRAMES: Final = 31
_PEAK_FRAMES: Final = 7
_GAP_FRAMES: Final = 4
"""Strokes of one drum are at least 40 ms apart (32nds at 180 BPM)."""
_SOFTEST_DB: Final = -30.0
"""A stroke this much below the loud ones has the velocity 0.2."""
_REACH_FRAMES: Final = 4
"""Velocity is read from the loudest of the frames that the attack reaches."""


def pick(activations: Activations) -> tuple[Onset, ...]:
    """The onsets in `activations`, sorted by time."""
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
                    time_s=max(0.0, between_frames(curve, frame) / FRAMES_PER_S),
                    drum=drum,
                    velocity=float(np.clip(1 - 0.8 * loudest / _SOFTEST_DB, 0.2, 1.0)),
                    confidence=float(min(1.0, curve[frame] / (2 * threshold))),
                )
            )
    return tuple(sorted(onsets))


def _threshold(curve: Float32, drum: Drum) -> float:
    fixed = BAND_THRESHOLDS[drum]
    share = _OF_STRONG_PEAKS.get(drum, 0.0)
    if share == 0 or curve.size == 0:
        return fixed
    peaks = curve[(curve == maximum_filter1d(curve, _PEAK_FRAMES)) & (curve > fixed / 2)]
    return max(fixed, share * float(np.percentile(peaks, 90))) if peaks.size else fixed


def _peaks(curve: Float32, threshold: float, *, over_mean: float) -> list[int]:
    """Frames of local maxima above the threshold and the mean around them."""
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


def between_frames(curve: Float32, frame: int) -> float:
    """Where the parabola through a peak and its neighbours has its top."""
    if not 0 < frame < curve.size - 1:
        return float(frame)
    left, top, right = (float(curve[i]) for i in (frame - 1, frame, frame + 1))
    bend = left - 2 * top + right
    return frame + (0.5 * (left - right) / bend if bend < 0 else 0.0)


def transcribe(
    samples: Float32, *, sample_rate: int = SAMPLE_RATE, detector: Detector = DEFAULT_DETECTOR
) -> tuple[Onset, ...]:
    """Hear the drum strokes in a recording.

    Args:
        samples: float32, (n_samples,), mono.
        sample_rate: 44100.
        detector: The stage that makes activations.

    Returns:
        Onsets sorted by time; empty where nothing was heard.
    """
    if samples.size < SAMPLE_RATE // 10:
        return ()
    return pick(detector(samples, sample_rate=sample_rate))
