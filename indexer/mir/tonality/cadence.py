"""Which chords lead to which: cadences tell a key from its relative and from its fifth.

Frames are likened to the 24 triads; a flow is how much more often one triad follows another than
the other way round. V to I is frequent in the key of I, and rare backwards.
Source of the idea: Noland & Sandler, "Key estimation using a hidden Markov model" (2006).
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from indexer.mir.tonality.chroma import Chroma

FLOWS = ("V I", "V i", "IV I", "iv i", "VII i", "ii V", "v i", "VI i")
"""Columns of `flows`; small letters are minor triads."""
DEGREES = {"i": 0, "ii": 2, "iv": 5, "v": 7, "vi": 8, "vii": 10}
SMOOTHED_S = 0.93
"""About a chord at a moderate tempo."""
LAGS_S = (0.74, 1.1, 1.7)
SHARPNESS = 14.0
"""How much likelier the best triad of a frame is than one that shares two of its notes."""
SCALE = 30.0
"""Brings flows to about the spread of the standardised pitch classes."""


def _triads() -> np.ndarray:
    """Unit templates: major triads from C, then minor ones, float (24, 12)."""
    shapes = np.zeros((2, 12))
    shapes[0, [0, 4, 7]] = shapes[1, [0, 3, 7]] = 3**-0.5
    return np.concatenate([[np.roll(shape, root) for root in range(12)] for shape in shapes])


def _places() -> tuple[np.ndarray, np.ndarray]:
    """Triads that each flow goes from and to in each key, two int (12, 8)."""
    ends = np.array([[_triad(name) for name in flow.split()] for flow in FLOWS])
    roots = (np.arange(12)[:, None, None] + ends % 12) % 12 + ends // 12 * 12
    return roots[..., 0], roots[..., 1]


def _triad(name: str) -> int:
    return DEGREES[name.lower()] + (12 if name.islower() else 0)


TRIADS = _triads()
FROM, TO = _places()


def flows(profile: Chroma) -> np.ndarray:
    """Flows of `FLOWS` as heard from each tonic, float (12, 8), about −1..1."""
    step_s = float(np.median(np.diff(profile.times_s))) if len(profile.times_s) > 1 else SMOOTHED_S
    likely = _likely(profile.treble, max(round(SMOOTHED_S / step_s), 1))
    total = np.zeros((24, 24))
    for lag_s in LAGS_S:
        lag = max(round(lag_s / step_s), 1)
        if lag < len(likely):
            total += likely[:-lag].T @ likely[lag:] / (len(likely) - lag)
    return SCALE * (total - total.T)[FROM, TO]


def _likely(treble: np.ndarray, smoothed_frames: int) -> np.ndarray:
    """How likely each triad is in each frame, float (n_frames, 24)."""
    smooth = ndimage.uniform_filter1d(treble, smoothed_frames, axis=0)
    length = np.linalg.norm(smooth, axis=1, keepdims=True)
    alike = SHARPNESS * (smooth / np.maximum(length, 1e-6)) @ TRIADS.T
    odds = np.exp(alike - alike.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)
