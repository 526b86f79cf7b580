"""Thresholds of families, fitted to songs whose strokes a person has corrected.

How sure the network must be was set on recordings that belong to nobody. A person's own music may
lie otherwise, and the person may want more ghost notes or fewer: then another threshold meets the
corrected charts better. It is sought as a factor of the shipped one, drawn towards 1 while strokes
are few, and kept where songs that it was not fitted to are heard better with it.

A chart leaves out what no two hands and two feet can play. So a stroke that is heard where the
person's chart leaves no limb free is neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.drums.corrections.correction import WINDOW_S, f_measure, matches, times_by_family
from indexer.drums.hearing.families import Float, family_peaks
from indexer.drums.types import Onset

FEWEST_SONGS: Final = 3
FEWEST_STROKES: Final = 150
"""With fewer, leaving a song out leaves nothing to fit to."""
_DRAW: Final = 3.0
"""Half or twice the shipped threshold must gain this much F, divided by the number of strokes."""
_LEAST_GAIN: Final = 0.005
"""Of F in songs left out; less is chance."""
_FACTORS: Final = np.exp2(np.arange(-8, 9) / 4)
_SHIPPED: Final = int(np.flatnonzero(_FACTORS == 1)[0])
_HIGHEST: Final = 0.95
"""Adapted curves seldom rise above this."""
_HANDS, _HAND_S = 2, 0.083
"""Two hands that strike within this time cannot strike again."""
_FEET, _FOOT_S = 1, 0.111
"""The same of the right foot; the left one has its own lane where there are two."""


@dataclass(frozen=True, eq=False)
class SongCurves:
    """Each family's curve in a song (float32, (n_frames,), 0..1), and the person's strokes."""

    curves: Mapping[str, Float]
    strokes: Sequence[Onset]


@dataclass(frozen=True)
class FittedThreshold:
    """What the songs say of a family's threshold.

    Attributes:
        factor: Of the shipped threshold.
        strokes: How many true ones there were.
        before: F of every song with the shipped threshold.
        after: F of every song with a factor fitted to the others.
    """

    factor: float
    strokes: int
    before: float
    after: float

    @property
    def helps(self) -> bool:
        """Whether the factor is worth keeping."""
        return self.strokes >= FEWEST_STROKES and self.after >= self.before + _LEAST_GAIN


def refit(
    songs: Sequence[SongCurves], thresholds: Mapping[str, float]
) -> dict[str, FittedThreshold]:
    """Fit every family that is struck.

    Args:
        songs: At least `FEWEST_SONGS`.
        thresholds: Family → what its peaks must reach.
    """
    fitted: dict[str, FittedThreshold] = {}
    for family, threshold in thresholds.items():
        counts = np.array([_counts(song, family, threshold) for song in songs])
        strokes = int(counts[:, _SHIPPED, 2].sum())
        if not strokes:
            continue
        every = counts.sum(axis=0)
        before, after = every[_SHIPPED], np.zeros(3, int)
        for song in counts:
            after = after + song[_best(every - song)]
        factor = float(_FACTORS[_best(every)])
        fitted[family] = FittedThreshold(
            factor, strokes, float(f_measure(*before)), float(f_measure(*after))
        )
    return fitted


def _counts(song: SongCurves, family: str, threshold: float) -> NDArray[np.int_]:
    """(hits, heard, true) with each factor: int, (n_factors, 3)."""
    curve = song.curves[family]
    truth = times_by_family(song.strokes).get(family, [])
    untold = _untold(song.strokes, truth, family, len(curve))
    rows = []
    for factor in _FACTORS:
        frames = family_peaks(curve, min(threshold * factor, _HIGHEST))
        heard = [frame / 100 for frame in frames if not untold[frame]]
        rows.append((matches(truth, heard), len(heard), len(truth)))
    return np.array(rows)


def _untold(
    strokes: Sequence[Onset], truth: Sequence[float], family: str, frames: int
) -> NDArray[np.bool_]:
    """Frames of which a chart cannot say that nothing of a family was struck."""
    if family == "KD":
        limbs, reach_s = _FEET, _FOOT_S
        times_s = [one.time_s for one in strokes if one.drum.family == family]
    else:
        limbs, reach_s = _HANDS, _HAND_S
        times_s = [one.time_s for one in strokes if not one.drum.is_foot]
    busy = _count_near(times_s, reach_s, frames)
    return (busy >= limbs) & (_count_near(truth, WINDOW_S, frames) == 0)


def _count_near(times_s: Sequence[float], reach_s: float, frames: int) -> NDArray[np.int_]:
    """How many of the times each frame is near to."""
    edges = np.zeros(frames + 1, int)
    for sign, offset_s in ((1, -reach_s), (-1, reach_s)):
        at = np.ceil(100 * (np.array(times_s, float) + offset_s)).astype(int).clip(0, frames)
        np.add.at(edges, at, sign)
    return np.cumsum(edges[:-1])


def _best(counts: NDArray[np.int_]) -> int:
    """The factor of the best F, drawn towards 1."""
    scores = np.array([float(f_measure(*row)) for row in counts])
    strokes = max(1, int(counts[0, 2]))
    return int(np.argmax(scores - _DRAW * np.log2(_FACTORS) ** 2 / strokes))
