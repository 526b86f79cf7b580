"""Matching of heard onsets with true ones, fast enough for a sweep over thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.arrays import Float32 as Float
from indexer.drums.hearing.families import family_peaks

WINDOW_S: Final = 0.05
THRESHOLDS: Final = tuple(round(0.08 + 0.04 * i, 2) for i in range(20))
Times = Mapping[str, Sequence[float]]


@dataclass(frozen=True, eq=False)
class Recording:
    """The curves of a recording's families, when what was struck (s), and its mel power."""

    curves: Mapping[str, Float]
    truth: Times
    power: Float


def count_matches(truth: Sequence[float], heard: Sequence[float]) -> int:
    """How many onsets meet within the window, each at most once; both are sorted."""
    i = j = hits = 0
    while i < len(truth) and j < len(heard):
        if abs(truth[i] - heard[j]) <= WINDOW_S:
            hits, i, j = hits + 1, i + 1, j + 1
        elif heard[j] < truth[i]:
            j += 1
        else:
            i += 1
    return hits


def f_measure(counts: np.ndarray) -> float:
    """Of (hits, heard, true)."""
    total = counts[1] + counts[2]
    return float(2 * counts[0] / total) if total else 0.0


def reweight_counts(counts: np.ndarray, times: float) -> np.ndarray:
    """The counts, if the family were played so many times more rarely, and missed as often."""
    false_hits = counts[:, 1] - counts[:, 0]
    hits, truth = counts[:, 0] / times, counts[:, 2] / times
    return np.stack([hits, hits + false_hits, truth], axis=1)


def sweep_thresholds(recordings: Sequence[Recording], family: str) -> np.ndarray:
    """(hits, heard, true) of a family for each of `THRESHOLDS`: int, (n_thresholds, 3)."""
    counts = np.zeros((len(THRESHOLDS), 3), int)
    for recording in recordings:
        truth = sorted(recording.truth.get(family, ()))
        curve = recording.curves[family]
        for row, threshold in enumerate(THRESHOLDS):
            heard = [frame / 100 for frame in family_peaks(curve, threshold)]
            counts[row] += (count_matches(truth, heard), len(heard), len(truth))
    return counts


def best_threshold(counts: np.ndarray, otherwise: np.ndarray) -> float:
    """Of the thresholds whose F lies within half a point of the best, the one that suits best.

    Args:
        counts: As `sweep_thresholds` has them; they decide.
        otherwise: Counts of other recordings, which choose among those that are as good.
    """
    scores = np.array([f_measure(row) for row in counts])
    good = np.flatnonzero(scores >= scores.max() - 0.005)
    return THRESHOLDS[max(good, key=lambda row: f_measure(otherwise[row]))]
