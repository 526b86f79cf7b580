"""Chinas among the crashes that the network heard.

A china is mostly noise between 1 and 4 kHz where a crash shines above and hums below. How much each
band rises with a stroke, beside its other bands, is weighed by a logistic regression
(`china_cymbals.json`, fitted by `benchmarks/chinas.py`). A recording has one china or two and as many
crashes: a stroke is decided together with those of the recording that sound most like it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy.spatial.distance import cdist

from indexer.arrays import Float32
from indexer.drums.hearing.activation import Activations
from indexer.drums.hearing.families import family_peaks
from indexer.drums.hearing.mel import BANDS, FLOOR
from indexer.drums.types import Drum

FILE: Final = Path(__file__).with_name("china_cymbals.json")
SPECTRUM_BANDS: Final = 22
_BEFORE_FRAMES: Final = (-3, -2)
_ATTACK_FRAMES: Final = (0, 1, 2)
_RING_FRAMES: Final = (3, 4, 5, 6, 7)
_AUDIBLE: Final = 0.3
"""A band's rise counts from this share of what sounded before: other instruments hide less."""
_ALIKE: Final = 8
"""Strokes that are decided together."""
FEWEST: Final = 4
"""Crashes in a recording; one or two may sound like anything."""
_NEAR_FRAMES: Final = 2
"""What is left of an activation around its peak (`network.py`)."""


@dataclass(frozen=True, eq=False)
class Weights:
    """What tells a china.

    Attributes:
        bands: float64, (2 × SPECTRUM_BANDS,): for the attack, then for the ring.
        bias: Added to the weighed sum.
        threshold: What the mean of strokes that sound alike must reach.
    """

    bands: np.ndarray
    bias: float
    threshold: float


@cache
def read_weights() -> Weights:
    """The fitted weights."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return Weights(np.array(read["bands"]), float(read["bias"]), float(read["threshold"]))


def with_chinas(said: Activations, power: Float32) -> Activations:
    """What the network says, with a voice more: chinas, taken from the crashes.

    Args:
        said: Its columns hold peaks alone (`Activations.thresholds`).
        power: float32, (n_frames, BANDS), of `mel.reference_power`, of the same recording.
    """
    column = said.drums.index(Drum.CRASH)
    crashes = said.values[:, column]
    thresholds = said.thresholds or (0.0,) * len(said.drums)
    values = np.pad(said.values, ((0, 0), (0, 1)))
    for frame in chinas_among(family_peaks(crashes, thresholds[column]), power):
        near = slice(max(0, frame - _NEAR_FRAMES), frame + _NEAR_FRAMES + 1)
        values[near, -1] = crashes[near]
        values[near, column] = 0
    return replace(
        said,
        values=values,
        drums=(*said.drums, Drum.CHINA),
        level_db=np.concatenate([said.level_db, said.level_db[:, column : column + 1]], axis=1),
        thresholds=(*thresholds, thresholds[column]),
    )


def chinas_among(
    frames: Sequence[int], power: Float32, weights: Weights | None = None
) -> list[int]:
    """Those of the strokes at `frames` that are chinas."""
    weights = weights or read_weights()
    return [
        frame
        for frame, score in zip(frames, china_scores(frames, power, weights), strict=True)
        if score > weights.threshold
    ]


def china_scores(frames: Sequence[int], power: Float32, weights: Weights) -> np.ndarray:
    """How much each stroke and those most like it sound like a china, in log odds.

    Returns:
        float64, (n_frames,); −inf where there are too few to compare.
    """
    if len(frames) < FEWEST:
        return np.full(len(frames), -np.inf)
    spectra = stroke_spectra(power, frames)
    scores = spectra @ weights.bands + weights.bias
    alike = np.argsort(cdist(spectra, spectra), axis=1, kind="stable")[:, :_ALIKE]
    return scores[alike].mean(axis=1)


def stroke_spectra(power: Float32, frames: Sequence[int]) -> Float32:
    """What each stroke adds to what sounds: float32, (n, 2 × SPECTRUM_BANDS), log10.

    The attack, then the ring; both beside the attack's mean, so that loudness does not matter.
    """
    merged = power.reshape(len(power), SPECTRUM_BANDS, BANDS // SPECTRUM_BANDS).mean(axis=2)
    middle = np.asarray(frames, np.intp)[:, None]

    def at(offsets: Sequence[int]) -> Float32:
        return merged[np.clip(middle + np.array(offsets), 0, len(merged) - 1)]

    before = at(_BEFORE_FRAMES).max(axis=1)
    sounds = (at(_ATTACK_FRAMES).max(axis=1), at(_RING_FRAMES).mean(axis=1))
    least = _AUDIBLE * before + FLOOR
    attack, ring = (np.log10(np.maximum(sound - before, least)) for sound in sounds)
    level = attack.mean(axis=1, keepdims=True)
    return np.concatenate([attack - level, ring - level], axis=1)
