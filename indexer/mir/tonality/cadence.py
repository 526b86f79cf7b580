"""Net chord transitions: cadences tell a key from its relative and from that of its fifth.

Each frame gets probabilities of the 24 triads; the net transition from one triad to another is how
much more often it occurs than the reverse. V to I is frequent in the key of I, I to V less so.
Source of the idea: Noland & Sandler, "Key estimation using a hidden Markov model" (2006).
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from indexer.mir.tonality.chroma import Chroma

TRANSITIONS = ("V I", "V i", "IV I", "iv i", "VII i", "ii V", "v i", "VI i")
"""Columns of `net_transitions`, "from to"; small letters are minor triads."""
DEGREES = {"i": 0, "ii": 2, "iv": 5, "v": 7, "vi": 8, "vii": 10}
"""Semitones above the tonic; vi and vii are those of the minor scale."""
SMOOTHING_S = 0.93
"""Window of the moving average: about a chord at a moderate tempo."""
LAGS_S = (0.74, 1.1, 1.7)
"""Distances at which transitions are counted: chords last from about half to two seconds."""
SHARPNESS = 14.0
"""Inverse temperature of the softmax over triads."""
SCALE = 30.0
"""Scales net transitions to about the variance of the standardised pitch classes."""


def _triads() -> np.ndarray:
    """Templates of unit length: major triads from C, then minor ones, float64 (24, 12)."""
    shapes = np.zeros((2, 12))
    shapes[0, [0, 4, 7]] = shapes[1, [0, 3, 7]] = 3**-0.5
    return np.concatenate([[np.roll(shape, root) for root in range(12)] for shape in shapes])


def _transition_triads() -> tuple[np.ndarray, np.ndarray]:
    """First and second triad of each transition in each key, two int (12, 8)."""
    ends = np.array([[_triad(name) for name in pair.split()] for pair in TRANSITIONS])
    roots = (np.arange(12)[:, None, None] + ends % 12) % 12 + ends // 12 * 12
    return roots[..., 0], roots[..., 1]


def _triad(name: str) -> int:
    return DEGREES[name.lower()] + (12 if name.islower() else 0)


TRIADS = _triads()
FROM, TO = _transition_triads()


def net_transitions(profile: Chroma) -> np.ndarray:
    """Return the net `TRANSITIONS` in each key from C, float64 (12, 8), ≈ −1..1."""
    step_s = float(np.median(np.diff(profile.times_s))) if len(profile.times_s) > 1 else SMOOTHING_S
    probabilities = _triad_probabilities(profile.treble, max(round(SMOOTHING_S / step_s), 1))
    total = np.zeros((24, 24))
    for lag_s in LAGS_S:
        lag = max(round(lag_s / step_s), 1)
        if lag < len(probabilities):
            total += probabilities[:-lag].T @ probabilities[lag:] / (len(probabilities) - lag)
    return SCALE * (total - total.T)[FROM, TO]


def _triad_probabilities(treble: np.ndarray, smoothed_frames: int) -> np.ndarray:
    """Probability of each triad in each frame, float64 (n_frames, 24)."""
    smooth = ndimage.uniform_filter1d(treble, smoothed_frames, axis=0)
    length = np.linalg.norm(smooth, axis=1, keepdims=True)
    similarity = SHARPNESS * (smooth / np.maximum(length, 1e-6)) @ TRIADS.T
    likelihood = np.exp(similarity - similarity.max(axis=1, keepdims=True))
    return likelihood / likelihood.sum(axis=1, keepdims=True)
