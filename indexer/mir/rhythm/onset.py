"""Onset strength, onset times and onset rates from the curves of `spectrum.scan`."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from indexer.mir.signal.spectrum import FRAME_RATE_HZ

MEAN_S = 1.0
"""Window of the local mean that is subtracted, so that loud passages do not dominate."""
PEAK_DISTANCE_S = 0.03
"""An onset is the highest value within this distance."""
THRESHOLD_WINDOW_S = 0.2
"""Half width of the window of the adaptive threshold."""
PEAK_RISE = 0.6
"""An onset exceeds the local mean by this many standard deviations."""
LOW_CURVES = slice(0, 2)
MID_CURVES = slice(2, 5)
HIGH_CURVES = slice(5, 7)
"""Rows of the onset curves: below 300 Hz, 300..3500 Hz, above 3500 Hz."""
MIN_MEAN_RISE = 0.01
"""Curves with a lower mean, in log10 power a frame, are stationary noise without onsets."""


def novelty(curves: np.ndarray) -> np.ndarray:
    """Subtract the local mean, rectify, and scale to unit variance.

    Args:
        curves: float32, (n_curves, n_frames), from `spectrum.scan`.

    Returns:
        float32, (n_curves, n_frames), ≥ 0; 0 where a curve is constant.
    """
    size = max(int(MEAN_S * FRAME_RATE_HZ), 1)
    local = ndimage.uniform_filter1d(curves, size, axis=1, mode="nearest")
    raised = np.maximum(curves - local, 0)
    spread = raised.std(axis=1, keepdims=True)
    return np.divide(raised, spread, out=np.zeros_like(raised), where=spread > 1e-6)


def strength(novelty_curves: np.ndarray) -> np.ndarray:
    """Return the mean novelty of all curves, float32 (n_frames,), ≥ 0."""
    return novelty_curves.mean(axis=0)


def onset_times_s(onset_strength: np.ndarray) -> np.ndarray:
    """Return the times of the peaks of an onset strength, ascending seconds, float64 (n,)."""
    width = 2 * int(PEAK_DISTANCE_S * FRAME_RATE_HZ) + 1
    if onset_strength.size == 0 or float(onset_strength.max()) <= 0:
        return np.zeros(0)
    highest = ndimage.maximum_filter1d(onset_strength, width)
    local = ndimage.uniform_filter1d(
        onset_strength, int(THRESHOLD_WINDOW_S * FRAME_RATE_HZ) * 2 + 1
    )
    threshold = local + PEAK_RISE * float(onset_strength.std())
    peaks = (onset_strength == highest) & (onset_strength > threshold)
    return np.flatnonzero(peaks) / FRAME_RATE_HZ


def onset_rates_hz(curves: np.ndarray, novelty_curves: np.ndarray) -> dict[str, float]:
    """Count onsets per second over all curves, and in the low, middle and high bands."""
    duration_s = max(curves.shape[1] / FRAME_RATE_HZ, 1e-3)
    groups = {
        "onset_rate_hz": slice(0, None),
        "onset_rate_low_hz": LOW_CURVES,
        "onset_rate_mid_hz": MID_CURVES,
        "onset_rate_high_hz": HIGH_CURVES,
    }
    rates = {}
    for name, group in groups.items():
        has_onsets = float(curves[group].mean()) >= MIN_MEAN_RISE
        times = onset_times_s(strength(novelty_curves[group])) if has_onsets else np.zeros(0)
        rates[name] = len(times) / duration_s
    return rates
