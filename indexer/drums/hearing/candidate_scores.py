"""Judges the onsets of a recording once more, by what the whole recording tells of each.

For each family `models/candidates.npz` holds boosted trees of depth three over the features of
`candidate_features.py` (J. Friedman, "Greedy function approximation: a gradient boosting machine",
2001), fitted to what the network hears of kits that it was not trained on
(`training/drums/fitting/candidate_weights.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.candidate_features import candidate_features
from indexer.drums.hearing.families import add_logits, family_peaks, logits
from indexer.drums.types import DrumsError

CANDIDATES: Final = Path(__file__).parent / "models" / "candidates.npz"
DEPTH: Final = 3
MIN_PROBABILITY: Final = 0.08
"""Candidates are peaks above this."""
SHARE: Final = 0.5
"""How much the trees count beside the curve, in logits."""
_REACH_FRAMES: Final = 3
_SIMULTANEOUS_FRAMES: Final = 9
_MIN_HATS: Final = 8
_MAX_SNARE_SHARE: Final = 0.8
"""Of the hi-hats; a drummer who keeps time on one strikes more beside the snares than with them."""


@dataclass(frozen=True, eq=False)
class CandidateTrees:
    """Perfect trees of depth `DEPTH`, nodes in the order of a heap.

    Attributes:
        features: int, (n_trees, 2^DEPTH − 1): the feature of each node.
        limits: float32, alike: a candidate with more goes right.
        values: float32, (n_trees, 2^DEPTH): logits of the leaves.
        bias: Logits that are added.
    """

    features: np.ndarray
    limits: np.ndarray
    values: np.ndarray
    bias: float

    def scores(self, features: Float32) -> Float32:
        """Return the logits of candidates: float32, (n_candidates,)."""
        trees = np.arange(len(self.values))
        node = np.zeros((len(features), len(trees)), np.intp)
        for _ in range(DEPTH):
            value = np.take_along_axis(features, self.features[trees, node], axis=1)
            node = 2 * node + 1 + (value > self.limits[trees, node])
        leaves = self.values[trees, node - (2**DEPTH - 1)]
        return (leaves.sum(axis=1) + self.bias).astype(np.float32)


def read_trees(path: Path) -> dict[str, CandidateTrees]:
    """Return the trees of each family in a file.

    Raises:
        DrumsError: The file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = sorted({key.split("/")[0] for key in arrays.files})
            return {
                family: CandidateTrees(
                    arrays[f"{family}/features"].astype(np.intp),
                    arrays[f"{family}/limits"],
                    arrays[f"{family}/values"],
                    float(arrays[f"{family}/bias"]),
                )
                for family in names
            }
    except (OSError, ValueError, KeyError) as error:
        raise DrumsError(
            "The drum network is missing or damaged; install Backbeat anew."
        ) from error


@cache
def installed_trees() -> dict[str, CandidateTrees]:
    """Return the trees that are shipped; they are read once a process."""
    return read_trees(CANDIDATES)


def judge_candidates(
    curves: Mapping[str, Float32],
    power: Float32,
    onsets: Float32,
    thresholds: Mapping[str, float],
    trees: Mapping[str, CandidateTrees],
) -> dict[str, Float32]:
    """Return the curves, every peak of the families that have trees judged once more.

    Args:
        curves: Family → float32, (n_frames,), 0..1, with all other evidence.
        power: float32, (n_frames, BANDS), from `mel.reference_power`.
        onsets: float32, (n_frames, n_drums), 0..1: output of the network.
        thresholds: Family → least height of its peaks.
        trees: Family → its trees.
    """
    peaks = {f: np.array(family_peaks(curves[f], MIN_PROBABILITY), np.intp) for f in trees}
    frames = np.unique(np.concatenate([*peaks.values(), np.zeros(0, np.intp)]))
    if not frames.size:
        return dict(curves)
    features = candidate_features(power, onsets, curves, thresholds, frames)
    judged = dict(curves)
    for family, found in peaks.items():
        rows = np.searchsorted(frames, found)
        by = SHARE * (trees[family].scores(features[rows]) - logits(curves[family][found]))
        evidence = np.zeros(len(curves[family]), np.float32)
        for reach in range(_REACH_FRAMES, -1, -1):
            for near in {-reach, reach}:
                inside = (found + near >= 0) & (found + near < evidence.size)
                evidence[found[inside] + near] = by[inside]
        judged[family] = add_logits(curves[family], evidence)
    return _without_snare_hats(judged, thresholds)


def _without_snare_hats(
    curves: dict[str, Float32], thresholds: Mapping[str, float]
) -> dict[str, Float32]:
    """Return the curves without hi-hats where nearly all are struck with a snare: they are it."""
    if not {"HH", "SD"} <= curves.keys():
        return curves
    snares = np.zeros(len(curves["SD"]), bool)
    snares[family_peaks(curves["SD"], thresholds["SD"])] = True
    beside = np.asarray(maximum_filter1d(snares, _SIMULTANEOUS_FRAMES), bool)
    hats = family_peaks(curves["HH"], thresholds["HH"])
    if len(hats) < _MIN_HATS or float(beside[hats].mean()) <= _MAX_SNARE_SHARE:
        return curves
    return {**curves, "HH": np.where(beside, 0, curves["HH"]).astype(np.float32)}
