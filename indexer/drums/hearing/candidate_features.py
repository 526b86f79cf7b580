"""What is known of each frame of a recording when its onsets are judged once more.

Beside what the network says and how each band rises: how long the high bands ring, how loud they
are beside the recording's own hi-hats, snares and cymbals, and which of its onsets keep time by
themselves. A hi-hat that is only ever heard together with the snare is the snare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.adaptation import PATCH_BANDS, onset_patches
from indexer.drums.hearing.families import PEAK_FRAMES, family_peaks, logits
from indexer.drums.hearing.mel import FLOOR

FEATURE_FAMILIES: Final[tuple[str, ...]] = ("KD", "SD", "OT", "HH", "TT", "CY")
_NEAR_FRAMES: Final = 7
"""Onsets within 30 ms are simultaneous."""
_HIGH_BANDS: Final = ((52, 62), (62, 72), (72, 80), (80, 88))
"""Groups of mel bands: 3.6–5.5, 5.5–8.5, 8.5–12 and 12–16 kHz."""
_RING_FRAMES: Final = ((8, 20), (20, 40))
_RING_REACH: Final = 45
_LOCAL_FRAMES: Final = 401
"""Onsets are counted within 2 s to both sides."""
_COUNTED: Final = ("HH", "CY", "TT")
_MOST_COUNTED: Final = 16
_MIN_EXAMPLES: Final = 4
_MAX_DIFFERENCE: Final = 2.0
FEATURES: Final = len(FEATURE_FAMILIES) + 10 + 2 * PATCH_BANDS + 5 * len(_COUNTED) + 2 + 4 * 5


def candidate_features(
    power: Float32,
    onsets: Float32,
    curves: Mapping[str, Float32],
    thresholds: Mapping[str, float],
    frames: NDArray[np.intp],
) -> Float32:
    """Return the features of some frames: float32, (n_candidates, FEATURES).

    Args:
        power: float32, (n_frames, BANDS), from `mel.reference_power`.
        onsets: float32, (n_frames, n_drums), 0..1: output of the network.
        curves: Family → float32, (n_frames,), 0..1, with all other evidence.
        thresholds: Family → least height of its peaks.
        frames: The candidates.
    """
    families = np.stack([curves[family] for family in FEATURE_FAMILIES], axis=1)
    said = np.concatenate([families, onsets], axis=1)
    peaks = {family: _marks(curves[family], thresholds[family]) for family in FEATURE_FAMILIES}
    columns = [
        logits(np.asarray(maximum_filter1d(said, PEAK_FRAMES, axis=0), np.float32)[frames]),
        onset_patches(power)[frames],
        _timekeeping(peaks)[frames],
        _high_bands(power, peaks)[frames],
    ]
    return np.concatenate(columns, axis=1).astype(np.float32)


def _marks(curve: Float32, threshold: float) -> Float32:
    """Return 1 at peaks of a curve: float32, (n_frames,)."""
    marks = np.zeros(len(curve), np.float32)
    marks[family_peaks(curve, threshold)] = 1
    return marks


def _timekeeping(peaks: Mapping[str, Float32]) -> Float32:
    """Return how often each counted family is struck around each frame, alone and with a snare."""
    snare, kick = (maximum_filter1d(peaks[family], _NEAR_FRAMES) for family in ("SD", "KD"))

    def local(marks: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.minimum(uniform_filter1d(marks, _LOCAL_FRAMES) * _LOCAL_FRAMES, _MOST_COUNTED)

    columns = [snare, kick]
    for family in _COUNTED:
        marks = peaks[family]
        alone = marks * (1 - np.maximum(snare, kick))
        whole = (marks.mean() * 100, alone.sum() / max(1.0, float(marks.sum())))
        columns += [local(marks), local(alone), local(marks * snare)]
        columns += [np.full(len(marks), value, np.float32) for value in whole]
    return np.stack(columns, axis=1).astype(np.float32)


def _high_bands(power: Float32, peaks: Mapping[str, Float32]) -> Float32:
    """Return how long each group of bands rings, and its level beside the recording's own."""
    log = np.log10(power + FLOOR)
    level = np.stack([log[:, low:high].mean(axis=1) for low, high in _HIGH_BANDS], axis=1)
    padded = np.pad(level, ((3, _RING_REACH), (0, 0)), mode="edge")
    total = np.concatenate([np.zeros((1, level.shape[1])), np.cumsum(padded, axis=0)])
    before = np.minimum(padded[: len(level)], padded[1 : len(level) + 1])
    columns = [
        (total[3 + stop :][: len(level)] - total[3 + start :][: len(level)]) / (stop - start)
        - before
        for start, stop in _RING_FRAMES
    ]
    attack = maximum_filter1d(level, 3, axis=0)
    snare = maximum_filter1d(peaks["SD"], _NEAR_FRAMES)
    for marks in (peaks["HH"] * (1 - snare), peaks["SD"], peaks["CY"]):
        own = attack[marks > 0]
        usual = np.median(own, axis=0) if len(own) >= _MIN_EXAMPLES else attack
        columns.append(np.clip(attack - usual, -_MAX_DIFFERENCE, _MAX_DIFFERENCE))
    return np.concatenate(columns, axis=1).astype(np.float32)
