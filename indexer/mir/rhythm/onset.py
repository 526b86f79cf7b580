"""Onset strength, onset times and onset rates from the curves of `spectrum.scan`."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from indexer.mir.signal.spectrum import FRAME_RATE_HZ

MEAN_S = 1.0
"""Curves are read against their own level of the last second, so that loud parts do not rule."""
PEAK_REACH_S = 0.03
PEAK_RISE = 0.6
"""An onset stands this many standard deviations above the local mean."""
LOW_CURVES = slice(0, 2)
MID_CURVES = slice(2, 5)
HIGH_CURVES = slice(5, 7)
LEAST_RISE = 0.01
"""Curves whose mean rise is less, in log10 power, are steady noise rather than onsets."""


def novelty(curves: np.ndarray) -> np.ndarray:
    """Curves less their local mean, rectified, with unit variance: float32, (n_curves, n)."""
    size = max(int(MEAN_S * FRAME_RATE_HZ), 1)
    local = ndimage.uniform_filter1d(curves, size, axis=1, mode="nearest")
    raised = np.maximum(curves - local, 0)
    spread = raised.std(axis=1, keepdims=True)
    return np.divide(raised, spread, out=np.zeros_like(raised), where=spread > 1e-6)


def strength(novelty_curves: np.ndarray) -> np.ndarray:
    """One onset strength for all bands, float32 (n_frames,), ≥ 0."""
    return novelty_curves.mean(axis=0)


def onset_times_s(onset_strength: np.ndarray) -> np.ndarray:
    """Times of the peaks of an onset strength, ascending seconds."""
    reach = 2 * int(PEAK_REACH_S * FRAME_RATE_HZ) + 1
    if onset_strength.size == 0 or float(onset_strength.max()) <= 0:
        return np.zeros(0)
    highest = ndimage.maximum_filter1d(onset_strength, reach)
    local = ndimage.uniform_filter1d(onset_strength, int(0.2 * FRAME_RATE_HZ) * 2 + 1)
    threshold = local + PEAK_RISE * float(onset_strength.std())
    peaks = (onset_strength == highest) & (onset_strength > threshold)
    return np.flatnonzero(peaks) / FRAME_RATE_HZ


def onset_rates_hz(curves: np.ndarray, novelty_curves: np.ndarray) -> dict[str, float]:
    """Onsets a second: over all bands, and in the low, middle and high bands."""
    duration_s = max(curves.shape[1] / FRAME_RATE_HZ, 1e-3)
    groups = {
        "onset_rate_hz": slice(0, None),
        "onset_rate_low_hz": LOW_CURVES,
        "onset_rate_mid_hz": MID_CURVES,
        "onset_rate_high_hz": HIGH_CURVES,
    }
    rates = {}
    for name, group in groups.items():
        heard = float(curves[group].mean()) >= LEAST_RISE
        times = onset_times_s(strength(novelty_curves[group])) if heard else np.zeros(0)
        rates[name] = len(times) / duration_s
    return rates
