"""Adaptation of activation curves to the drum sounds of one recording.

A recording has one snare, two or three cymbals, one room. Onsets with a high probability are the
examples of each family's sound; the score of a linear discriminant (R. A. Fisher, "The use of
multiple measurements in taxonomic problems", 1936) between them and the onsets of other families is
added to the logits of all frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.families import PEAK_FRAMES, add_logits
from indexer.drums.hearing.mel import BANDS, FLOOR

PATCH_BANDS: Final = 22
_MERGED: Final = BANDS // PATCH_BANDS
"""Mel bands averaged into one."""
_BEFORE_FRAMES: Final = 3
_ATTACK_FRAMES: Final = 3
_DECAY_END_FRAMES: Final = 8
"""A patch holds the rise of each band within 30 ms (attack), and its level until 80 ms (decay)."""
_MIN_PROBABILITY: Final = 0.05
"""Peaks below this are no onsets."""
_MIN_EXAMPLES: Final = 8
"""Needed on both sides; a discriminant of fewer overfits."""
_SHRINKAGE: Final = 0.1
"""Share of the mean variance added to the covariance of 44 values from often few examples."""
_MAX_SCORE: Final = 3.0
"""Limit of a score, in which the medians of the two sides lie near ±2."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Strength of the adaptation.

    Attributes:
        weight: Logits a unit of the discriminant's score.
        sure: Position between threshold (0) and certainty (1) above which an onset is an example.
        unsure: Share of the threshold below which an onset is an example of other families.
    """

    weight: float = 0.6
    sure: float = 0.5
    unsure: float = 0.3


def adapt_curves(
    curves: Mapping[str, Float32],
    power: Float32,
    thresholds: Mapping[str, float],
    adaptation: Adaptation = Adaptation(),
) -> dict[str, Float32]:
    """Return each family's curve with the evidence of the recording's own sounds added.

    Args:
        curves: Family → float32, (n_frames,), 0..1.
        power: float32, (n_frames, BANDS), from `mel.reference_power`.
        thresholds: Family → least height of its peaks.
        adaptation: How strong the evidence is.

    Returns:
        As `curves`; a family with too few examples is unchanged.
    """
    highest = np.max(list(curves.values()), axis=0)
    onset_frames = np.flatnonzero(
        (highest == maximum_filter1d(highest, PEAK_FRAMES)) & (highest > _MIN_PROBABILITY)
    )
    if onset_frames.size < 2 * _MIN_EXAMPLES:
        return dict(curves)
    patches = onset_patches(power)
    return {
        family: add_logits(
            curve, _evidence(curve, onset_frames, patches, thresholds[family], adaptation)
        )
        for family, curve in curves.items()
    }


def onset_patches(power: Float32) -> Float32:
    """Return attack and decay around each frame: float32, (n_frames, 2 × PATCH_BANDS), log10 power
    relative to 20–30 ms before."""
    log = np.log10(power + FLOOR)
    bands = log.reshape(len(log), PATCH_BANDS, _MERGED).mean(axis=2)
    padded = np.pad(bands, ((_BEFORE_FRAMES, _DECAY_END_FRAMES), (0, 0)), mode="edge")

    def at(frame: int) -> Float32:
        return padded[_BEFORE_FRAMES + frame :][: len(bands)]

    before = np.minimum(at(-3), at(-2))
    attack = np.maximum.reduce([at(frame) for frame in range(_ATTACK_FRAMES)])
    decay = np.mean([at(frame) for frame in range(_ATTACK_FRAMES, _DECAY_END_FRAMES)], axis=0)
    return np.concatenate([attack - before, decay - before], axis=1).astype(np.float32)


def _evidence(
    curve: Float32,
    onset_frames: NDArray[np.intp],
    patches: Float32,
    threshold: float,
    adaptation: Adaptation,
) -> Float32:
    """Return the logits that each frame's sound adds; 0 without enough examples: (n_frames,)."""
    probability = maximum_filter1d(curve, PEAK_FRAMES)[onset_frames]
    is_example = probability > threshold + adaptation.sure * (1 - threshold)
    examples = patches[onset_frames[is_example]]
    others = patches[onset_frames[probability < adaptation.unsure * threshold]]
    if min(len(examples), len(others)) < _MIN_EXAMPLES:
        return np.zeros_like(curve)
    covariance = (np.cov(examples.T) + np.cov(others.T)) / 2
    covariance += _SHRINKAGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    direction = np.linalg.solve(covariance, examples.mean(axis=0) - others.mean(axis=0))
    border = (examples.mean(axis=0) + others.mean(axis=0)) @ direction / 2
    half = abs(np.median(examples @ direction) - np.median(others @ direction)) / 2
    if half == 0:
        return np.zeros_like(curve)
    score = np.clip((patches @ direction - border) / half * 2, -_MAX_SCORE, _MAX_SCORE)
    return (adaptation.weight * maximum_filter1d(score, 3)).astype(np.float32)
