"""Activation curves of the drum families (KD SD HH CY TT OT), and their peaks."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.types import Drum

PEAK_FRAMES: Final = 5
"""A peak is the highest value within 20 ms."""
_GAP_FRAMES: Final = 4
"""Least distance of two onsets of a family: 40 ms, 32nds at 180 BPM."""
PEAK_REACH_FRAMES: Final = 2
"""Frames kept on both sides of a peak, so that its time can be interpolated."""


def family_curve(onsets: Float32, columns: list[int]) -> Float32:
    """Return the probability that any voice of a family has an onset: float32, (n_frames,), 0..1.

    Args:
        onsets: float32, (n_frames, n_drums), 0..1.
        columns: The voices of the family.
    """
    return (1 - np.prod(1 - onsets[:, columns], axis=1)).astype(np.float32)


def family_peaks(curve: Float32, threshold: float) -> list[int]:
    """Return the peak frames above `threshold`, at least `_GAP_FRAMES` apart."""
    highest = maximum_filter1d(curve, PEAK_FRAMES)
    kept: list[int] = []
    for frame in np.flatnonzero((curve == highest) & (curve > threshold)):
        if not kept or frame - kept[-1] >= _GAP_FRAMES:
            kept.append(int(frame))
        elif curve[frame] > curve[kept[-1]]:
            kept[-1] = int(frame)
    return kept


def family_columns(drums: tuple[Drum, ...]) -> dict[str, list[int]]:
    """Return the columns of each family, in the order of `drums`."""
    found: dict[str, list[int]] = {}
    for column, drum in enumerate(drums):
        found.setdefault(drum.family, []).append(column)
    return found


def logits(probability: Float32, *, certain: float = 1e-4) -> Float32:
    """Return log odds; probabilities are first clipped to `certain` from 0 and 1."""
    kept = np.clip(probability, certain, 1 - certain)
    return np.log(kept / (1 - kept)).astype(np.float32)


def add_logits(curve: Float32, by: NDArray[np.floating]) -> Float32:
    """Return the probabilities after adding evidence `by` to their logits."""
    return (1 / (1 + np.exp(-(logits(curve) + by)))).astype(np.float32)
