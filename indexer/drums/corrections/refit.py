"""Detection thresholds of families, fitted to corrected songs.

The shipped thresholds were set on public recordings. Other music, or a user who wants more ghost
notes, may need others. A threshold is fitted as a factor of the shipped one, with a penalty on its
distance from 1 that shrinks with the number of onsets, and kept where the F-measure of songs that
were left out of the fit improves.

A chart omits what two hands and two feet cannot play. So a detected onset at a time when the
corrected chart leaves no limb free counts neither as right nor as wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Float32
from indexer.drums.corrections.correction import WINDOW_S, f_measure, matches, times_by_family
from indexer.drums.hearing.families import family_peaks
from indexer.drums.types import Onset

FEWEST_SONGS: Final = 3
FEWEST_ONSETS: Final = 150
"""With fewer onsets, leaving a song out leaves too few to fit to."""
_DRAW: Final = 3.0
"""Gain in F that half or twice the shipped threshold needs, divided by the number of onsets."""
_LEAST_GAIN: Final = 0.005
"""Smallest gain in F of songs left out; less is chance."""
_FACTORS: Final = np.exp2(np.arange(-8, 9) / 4)
_SHIPPED: Final = int(np.flatnonzero(_FACTORS == 1)[0])
_HIGHEST: Final = 0.95
"""Adapted curves seldom rise above this."""
_HANDS, _HAND_S = 2, 0.083
"""Limbs, and the time within which each can play one note, seconds."""
_FEET, _FOOT_S = 1, 0.111
"""The same of the right foot; the left one has its own lane where there are two."""


@dataclass(frozen=True, eq=False)
class SongCurves:
    """Each family's activation in a song (float32, (n_frames,), 0..1), and its true onsets."""

    curves: Mapping[str, Float32]
    onsets: Sequence[Onset]


@dataclass(frozen=True)
class FittedThreshold:
    """Result of the fit of a family's threshold.

    Attributes:
        factor: Of the shipped threshold.
        onsets: Number of true onsets.
        before: F of every song with the shipped threshold.
        after: F of every song with a factor fitted to the others.
    """

    factor: float
    onsets: int
    before: float
    after: float

    @property
    def helps(self) -> bool:
        """Whether the factor is worth keeping."""
        return self.onsets >= FEWEST_ONSETS and self.after >= self.before + _LEAST_GAIN


def refit(
    songs: Sequence[SongCurves], thresholds: Mapping[str, float]
) -> dict[str, FittedThreshold]:
    """Fit the threshold of every family that has onsets.

    Args:
        songs: At least `FEWEST_SONGS`.
        thresholds: Family → shipped threshold of its peaks.
    """
    fitted: dict[str, FittedThreshold] = {}
    for family, threshold in thresholds.items():
        counts = np.array([_counts(song, family, threshold) for song in songs])
        onsets = int(counts[:, _SHIPPED, 2].sum())
        if not onsets:
            continue
        every = counts.sum(axis=0)
        before, after = every[_SHIPPED], np.zeros(3, int)
        for song in counts:
            after = after + song[_best(every - song)]
        factor = float(_FACTORS[_best(every)])
        fitted[family] = FittedThreshold(
            factor, onsets, float(f_measure(*before)), float(f_measure(*after))
        )
    return fitted


def _counts(song: SongCurves, family: str, threshold: float) -> NDArray[np.int_]:
    """Return (matched, detected, true) for each factor: int, (n_factors, 3)."""
    curve = song.curves[family]
    truth = times_by_family(song.onsets).get(family, [])
    ignored = _ignored(song.onsets, truth, family, len(curve))
    rows = []
    for factor in _FACTORS:
        frames = family_peaks(curve, min(threshold * factor, _HIGHEST))
        detected = [frame / 100 for frame in frames if not ignored[frame]]
        rows.append((matches(truth, detected), len(detected), len(truth)))
    return np.array(rows)


def _ignored(
    onsets: Sequence[Onset], truth: Sequence[float], family: str, frames: int
) -> NDArray[np.bool_]:
    """Return the frames in which a chart cannot hold a further note of a family."""
    if family == "KD":
        limbs, reach_s = _FEET, _FOOT_S
        times_s = [one.time_s for one in onsets if one.drum.family == family]
    else:
        limbs, reach_s = _HANDS, _HAND_S
        times_s = [one.time_s for one in onsets if not one.drum.is_foot]
    busy = _count_near(times_s, reach_s, frames)
    return (busy >= limbs) & (_count_near(truth, WINDOW_S, frames) == 0)


def _count_near(times_s: Sequence[float], reach_s: float, frames: int) -> NDArray[np.int_]:
    """Count the times within `reach_s` of each frame."""
    edges = np.zeros(frames + 1, int)
    for sign, offset_s in ((1, -reach_s), (-1, reach_s)):
        at = np.ceil(100 * (np.array(times_s, float) + offset_s)).astype(int).clip(0, frames)
        np.add.at(edges, at, sign)
    return np.cumsum(edges[:-1])


def _best(counts: NDArray[np.int_]) -> int:
    """Return the index of the factor with the best penalised F."""
    scores = np.array([float(f_measure(*row)) for row in counts])
    onsets = max(1, int(counts[0, 2]))
    return int(np.argmax(scores - _DRAW * np.log2(_FACTORS) ** 2 / onsets))
