"""Families of drums (KD SD HH CY TT OT): curves of how likely one is struck, and their peaks."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.types import Drum

PEAK_FRAMES: Final = 5
"""A peak is the highest of the frames within 20 ms of it."""
_GAP_FRAMES: Final = 4
"""Two strokes of a family are at least 40 ms apart (32nds at 180 BPM)."""


def family_curve(onsets: Float32, columns: list[int]) -> Float32:
    """How likely any voice of a family was struck: float32, (n_frames,)."""
    return (1 - np.prod(1 - onsets[:, columns], axis=1)).astype(np.float32)


def family_peaks(curve: Float32, threshold: float) -> list[int]:
    """Frames of the highest points above a threshold, none nearer than the gap."""
    highest = maximum_filter1d(curve, PEAK_FRAMES)
    kept: list[int] = []
    for frame in np.flatnonzero((curve == highest) & (curve > threshold)):
        if not kept or frame - kept[-1] >= _GAP_FRAMES:
            kept.append(int(frame))
        elif curve[frame] > curve[kept[-1]]:
            kept[-1] = int(frame)
    return kept


def families(drums: tuple[Drum, ...]) -> dict[str, list[int]]:
    """Columns of each family."""
    found: dict[str, list[int]] = {}
    for column, drum in enumerate(drums):
        found.setdefault(drum.family, []).append(column)
    return found


def logits(probability: Float32, *, certain: float = 1e-4) -> Float32:
    """Log odds; probabilities are kept `certain` away from 0 and 1, where they have no end."""
    kept = np.clip(probability, certain, 1 - certain)
    return np.log(kept / (1 - kept)).astype(np.float32)


def moved(curve: Float32, by: NDArray[np.floating]) -> Float32:
    """The curve after adding to its logits."""
    return (1 / (1 + np.exp(-(logits(curve) + by)))).astype(np.float32)
