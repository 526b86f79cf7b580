"""The network's curves, adapted to the drums of this one recording.

A recording has one snare, two or three cymbals, one room. Strokes that the network is sure of show
how each family sounds here; a linear discriminant (R. A. Fisher, 1936) between them and the strokes
that are surely something else then adds to what the network says of the doubtful ones, in logits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.families import PEAK_FRAMES, moved
from indexer.drums.hearing.mel import BANDS, FLOOR

PATCH_BANDS: Final = 22
_MERGED: Final = BANDS // PATCH_BANDS
_BEFORE_FRAMES: Final = 3
_ATTACK_FRAMES: Final = 3
_RING_FRAMES: Final = 8
"""A stroke is how far each band rises within 30 ms, and what is left of it until 80 ms."""
_FAINTEST: Final = 0.05
"""Where no family is likelier than this nothing was struck."""
_FEWEST: Final = 8
"""Examples needed on both sides; fewer describe themselves."""
_SHRINKAGE: Final = 0.1
"""Of the mean variance, added to the covariance of 44 values from often few examples."""
_LARGEST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Adaptation:
    """How far a recording's own sounds count.

    Attributes:
        weight: Logits for a stroke twice as typical as the border is.
        sure: Strokes this far from the threshold (0) to certainty (1) are examples.
        unsure: Strokes below this share of the threshold are examples of others.
    """

    weight: float = 0.6
    sure: float = 0.5
    unsure: float = 0.3


def adapted(
    curves: Mapping[str, Float32],
    power: Float32,
    thresholds: Mapping[str, float],
    how: Adaptation = Adaptation(),
) -> dict[str, Float32]:
    """Each family's curve with what the recording's own sure strokes say.

    Args:
        curves: Family → float32, (n_frames,), 0..1.
        power: float32, (n_frames, BANDS), of `mel.mel_power` at the reference level.
        thresholds: Family → what its peaks must reach.
        how: How much.

    Returns:
        As `curves`; a family with too few sure strokes stays as it is.
    """
    highest = np.max(list(curves.values()), axis=0)
    struck = np.flatnonzero(
        (highest == maximum_filter1d(highest, PEAK_FRAMES)) & (highest > _FAINTEST)
    )
    if struck.size < 2 * _FEWEST:
        return dict(curves)
    patches = stroke_patches(power)
    return {
        family: moved(curve, _evidence(curve, struck, patches, thresholds[family], how))
        for family, curve in curves.items()
    }


def stroke_patches(power: Float32) -> Float32:
    """How a stroke at each frame would sound: float32, (n_frames, 2 × PATCH_BANDS), log10."""
    log = np.log10(power + FLOOR)
    bands = log.reshape(len(log), PATCH_BANDS, _MERGED).mean(axis=2)
    padded = np.pad(bands, ((_BEFORE_FRAMES, _RING_FRAMES), (0, 0)), mode="edge")

    def at(frame: int) -> Float32:
        return padded[_BEFORE_FRAMES + frame :][: len(bands)]

    before = np.minimum(at(-3), at(-2))
    attack = np.maximum.reduce([at(frame) for frame in range(_ATTACK_FRAMES)])
    ring = np.mean([at(frame) for frame in range(_ATTACK_FRAMES, _RING_FRAMES)], axis=0)
    return np.concatenate([attack - before, ring - before], axis=1).astype(np.float32)


def _evidence(
    curve: Float32, struck: np.ndarray, patches: Float32, threshold: float, how: Adaptation
) -> Float32:
    """How much each frame sounds like the family's sure strokes; 0 without enough examples."""
    likely = maximum_filter1d(curve, PEAK_FRAMES)[struck]
    mine = patches[struck[likely > threshold + how.sure * (1 - threshold)]]
    others = patches[struck[likely < how.unsure * threshold]]
    if min(len(mine), len(others)) < _FEWEST:
        return np.zeros_like(curve)
    spread = (np.cov(mine.T) + np.cov(others.T)) / 2
    spread += _SHRINKAGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    direction = np.linalg.solve(spread, mine.mean(axis=0) - others.mean(axis=0))
    border = (mine.mean(axis=0) + others.mean(axis=0)) @ direction / 2
    half = abs(np.median(mine @ direction) - np.median(others @ direction)) / 2
    if half == 0:
        return np.zeros_like(curve)
    score = np.clip((patches @ direction - border) / half * 2, -_LARGEST, _LARGEST)
    return (how.weight * maximum_filter1d(score, 3)).astype(np.float32)
