"""Classification of detected crashes into crashes and chinas.

A china is mostly noise between 1 and 4 kHz; a crash has more energy above and below. A logistic
regression (`china_cymbals.json`, fitted by `training/cymbals/china_weights.py`) scores the spectrum
that each onset adds. A recording has one or two chinas and as many crashes, so an onset gets the
mean score of its nearest neighbours.
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

from indexer.arrays import Float32, Float64
from indexer.drums.hearing.activation import Activations
from indexer.drums.hearing.families import PEAK_REACH_FRAMES, family_peaks
from indexer.drums.hearing.mel import BANDS, FLOOR
from indexer.drums.types import Drum

FILE: Final = Path(__file__).with_name("china_cymbals.json")
SPECTRUM_BANDS: Final = 22
_BEFORE_FRAMES: Final = (-3, -2)
_ATTACK_FRAMES: Final = (0, 1, 2)
_DECAY_FRAMES: Final = (3, 4, 5, 6, 7)
"""Frames of 10 ms relative to the onset."""
_MASKED_SHARE: Final = 0.3
"""Least rise of a band, as a share of its power before: less is masked by other instruments."""
_NEIGHBOURS: Final = 8
"""Onsets whose scores are averaged, the onset itself included."""
MIN_CRASHES: Final = 4
"""Onsets needed for a comparison; the sound of one or two is not typical."""


@dataclass(frozen=True, eq=False)
class ChinaWeights:
    """Logistic regression of chinas against crashes.

    Attributes:
        bands: float64, (2 × SPECTRUM_BANDS,): for the attack, then for the decay.
        bias: Intercept.
        threshold: Log odds that the mean of the neighbours must exceed.
    """

    bands: Float64
    bias: float
    threshold: float


@cache
def read_china_weights() -> ChinaWeights:
    """Read the fitted weights."""
    fitted = json.loads(FILE.read_text(encoding="utf-8"))
    return ChinaWeights(
        np.array(fitted["bands"]), float(fitted["bias"]), float(fitted["threshold"])
    )


def split_chinas(detected: Activations, power: Float32) -> Activations:
    """Return the activations with one more voice: the chinas among the crashes.

    Args:
        detected: Activations that hold only peaks (with `Activations.thresholds`).
        power: float32, (n_frames, BANDS), from `mel.reference_power`.
    """
    column = detected.drums.index(Drum.CRASH)
    crashes = detected.values[:, column]
    thresholds = detected.thresholds or (0.0,) * len(detected.drums)
    values = np.pad(detected.values, ((0, 0), (0, 1)))
    for frame in select_chinas(family_peaks(crashes, thresholds[column]), power):
        near = slice(max(0, frame - PEAK_REACH_FRAMES), frame + PEAK_REACH_FRAMES + 1)
        values[near, -1] = crashes[near]
        values[near, column] = 0
    return replace(
        detected,
        values=values,
        drums=(*detected.drums, Drum.CHINA),
        level_db=np.concatenate(
            [detected.level_db, detected.level_db[:, column : column + 1]], axis=1
        ),
        thresholds=(*thresholds, thresholds[column]),
    )


def select_chinas(
    frames: Sequence[int], power: Float32, weights: ChinaWeights | None = None
) -> list[int]:
    """Return those of the onset `frames` that are chinas."""
    weights = weights or read_china_weights()
    return [
        frame
        for frame, score in zip(frames, china_scores(frames, power, weights), strict=True)
        if score > weights.threshold
    ]


def china_scores(frames: Sequence[int], power: Float32, weights: ChinaWeights) -> Float64:
    """Return the mean log odds of a china over each onset's nearest neighbours.

    Returns:
        float64, (n_onsets,); −inf with fewer than `MIN_CRASHES` onsets.
    """
    if len(frames) < MIN_CRASHES:
        return np.full(len(frames), -np.inf)
    spectra = onset_spectra(power, frames)
    scores = spectra @ weights.bands + weights.bias
    nearest = np.argsort(cdist(spectra, spectra), axis=1, kind="stable")[:, :_NEIGHBOURS]
    return scores[nearest].mean(axis=1)


def onset_spectra(power: Float32, frames: Sequence[int]) -> Float32:
    """Return the spectrum that each onset adds, in log10 power relative to the attack's mean.

    Returns:
        float32, (n_onsets, 2 × SPECTRUM_BANDS): the attack, then the decay.
    """
    merged = power.reshape(len(power), SPECTRUM_BANDS, BANDS // SPECTRUM_BANDS).mean(axis=2)
    onsets = np.asarray(frames, np.intp)[:, None]

    def at(offsets: Sequence[int]) -> Float32:
        return merged[np.clip(onsets + np.array(offsets), 0, len(merged) - 1)]

    before = at(_BEFORE_FRAMES).max(axis=1)
    powers = (at(_ATTACK_FRAMES).max(axis=1), at(_DECAY_FRAMES).mean(axis=1))
    least = _MASKED_SHARE * before + FLOOR
    attack, decay = (np.log10(np.maximum(part - before, least)) for part in powers)
    level = attack.mean(axis=1, keepdims=True)
    return np.concatenate([attack - level, decay - level], axis=1)
