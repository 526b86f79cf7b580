"""Activation curves of the drum families from several sources of evidence, and their voices.

The network was trained on rendered music and on records with pseudo-labels. Its probabilities, the
rise of band power (`activation.py`, the same in any recording) and repetition (`repetition.py`) are
combined per family by adding logits. Peaks are then picked per family, and each is assigned to one
voice of it, so that an onset between open and closed hi-hat is detected exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.activation import (
    BAND_THRESHOLDS,
    Activations,
    band_activations,
    band_power,
)
from indexer.drums.hearing.families import (
    PEAK_FRAMES,
    PEAK_REACH_FRAMES,
    add_logits,
    family_columns,
    family_curve,
    family_peaks,
    logits,
)
from indexer.drums.hearing.model_card import ModelCard
from indexer.drums.hearing.repetition import add_repetition_evidence
from indexer.drums.types import Drum

_BAND_WEIGHTS: Final = {"KD": 0.5, "HH": 1.0}
"""Logits for a rise of twice its threshold, subtracted where nothing rises. Snares are detected
better without (`docs/drums.md`)."""
_MAX_BAND_EVIDENCE: Final = 1.0
_KICK_LEAKAGE_WEIGHT: Final = 0.2
_MAX_KICK_LOGIT: Final = 3.0
"""Logits subtracted from a tom for each logit of a simultaneous bass drum, which leaks into the tom
bands: on recordings without toms it removes four in ten false ones, on held-out kits it costs
none."""
_SECOND_WEIGHT: Final = 0.4
"""Weight of a second detector's logits: below one half, as it was trained on drums alone."""
_MAX_SECOND_LOGIT: Final = 3.0


def combine_evidence(
    samples: Float32, onsets: Float32, drums: tuple[Drum, ...]
) -> dict[str, Float32]:
    """Return each family's curve from network output, band rises, repetition and kick leakage.

    Args:
        samples: float32, (n_samples,), mono, 44.1 kHz.
        onsets: float32, (n_frames, n_drums), 0..1: output of the network.
        drums: The voices of its columns.

    Returns:
        Family → float32, (n_frames,), 0..1; all zeros where no band rises.
    """
    bands = band_activations(band_power(samples))
    columns = family_columns(drums)
    if not bands.values.any():
        return dict.fromkeys(columns, np.zeros(len(onsets), np.float32))
    curves = {family: family_curve(onsets, among) for family, among in columns.items()}
    return reduce_kick_leakage(add_repetition_evidence(add_band_evidence(curves, bands)))


def add_band_evidence(curves: Mapping[str, Float32], bands: Activations) -> dict[str, Float32]:
    """Return the curves, those of bass drum and hi-hat with the evidence of band rises added.

    Args:
        curves: Family → float32, (n_frames,), 0..1.
        bands: From `band_activations` of the same recording.
    """
    combined = dict(curves)
    frames = len(next(iter(combined.values())))
    side_stick = maximum_filter1d(curves.get("OT", np.zeros(frames)), PEAK_FRAMES)
    for column, drum in enumerate(bands.drums):
        weight = _BAND_WEIGHTS.get(drum.family)
        if weight is None:
            continue
        near = maximum_filter1d(bands.values[:, column], PEAK_FRAMES) / BAND_THRESHOLDS[drum]
        evidence = np.minimum(near - 1, _MAX_BAND_EVIDENCE)[:frames]
        evidence = np.pad(evidence, (0, frames - evidence.size))
        if drum is not Drum.KICK:  # a side-stick rises in the hi-hat's bands, too
            evidence = np.where(evidence > 0, evidence * (1 - side_stick), evidence)
        combined[drum.family] = add_logits(combined[drum.family], weight * evidence)
    return combined


def reduce_kick_leakage(curves: Mapping[str, Float32]) -> dict[str, Float32]:
    """Return the curves, that of the toms reduced at bass drum onsets.

    Args:
        curves: Family → float32, (n_frames,), 0..1.
    """
    if not {"KD", "TT"} <= curves.keys():
        return dict(curves)
    kick = maximum_filter1d(curves["KD"], PEAK_FRAMES)
    leakage = logits(np.asarray(kick, np.float32)).clip(0, _MAX_KICK_LOGIT)
    return {**curves, "TT": add_logits(curves["TT"], -_KICK_LEAKAGE_WEIGHT * leakage)}


def add_second_detector(curves: dict[str, Float32], second: Activations) -> dict[str, Float32]:
    """Return the curves with the logits of another detector of the same families added."""
    combined = dict(curves)
    for family, columns in family_columns(second.drums).items():
        if family in combined:
            near = maximum_filter1d(family_curve(second.values, columns), PEAK_FRAMES)
            evidence = logits(np.asarray(near, np.float32))
            evidence = evidence.clip(-_MAX_SECOND_LOGIT, _MAX_SECOND_LOGIT)
            combined[family] = add_logits(combined[family], _SECOND_WEIGHT * evidence)
    return combined


def assign_voices(onsets: Float32, curves: Mapping[str, Float32], card: ModelCard) -> Float32:
    """Return each family's curve around its peaks, in the column of the most likely voice.

    Args:
        onsets: float32, (n_frames, n_drums), 0..1.
        curves: Family → float32, (n_frames,), 0..1.
        card: Voices and thresholds.

    Returns:
        float32, (n_frames, n_drums), 0..1; 0 away from peaks.
    """
    values = np.zeros_like(onsets)
    nearby = uniform_filter1d(onsets, 2 * PEAK_REACH_FRAMES + 1, axis=0)
    for family, columns in family_columns(card.drums).items():
        curve = curves[family]
        for frame in family_peaks(curve, card.thresholds[family]):
            voice = columns[int(np.argmax(nearby[frame, columns]))]
            near = slice(max(0, frame - PEAK_REACH_FRAMES), frame + PEAK_REACH_FRAMES + 1)
            values[near, voice] = np.minimum(curve[near], curve[frame])
    return values
