"""Notes of a bar → written note values: beats with their division, rests and tuplets.

Values are counted in thirty-second notes: 8 is a quarter, 12 a dotted one.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.drums.types import TICKS_PER_BAR

SIMPLE: Final = {1: 8.0, 2: 4.0, 4: 2.0, 3: 4.0, 8: 1.0, 6: 2.0, 12: 1.0, 16: 0.5}
"""Parts of a quarter-note beat → written value of one part; 3, 6 and 12 are tuplets."""
COMPOUND: Final = {1: 12.0, 3: 4.0, 2: 6.0, 6: 2.0, 4: 3.0, 12: 1.0}
"""The same of a dotted quarter, which divides into three by itself."""
_VALUES: Final = (12.0, 8.0, 6.0, 4.0, 3.0, 2.0, 1.0, 0.5)
_RARE: Final = (12, 16)
_NEAR: Final = 1 / 22
"""Of a beat: a note beside the grid stands on a 24th (`quantize.py`), a 24th from the grid."""
_FAR: Final = 1 / 11
_TOLERANCE_TICKS: Final = 1.01
"""Ticks are whole numbers, positions in a beat of a seventh of a bar are not."""


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note or a rest: its position in the beat, 0..1, and its value."""

    position: float
    value: float
    is_rest: bool = False

    @property
    def flags(self) -> int:
        """Number of flags or beams."""
        if self.value >= 8:
            return 0
        return {6.0: 1, 4.0: 1, 3.0: 2, 2.0: 2, 1.0: 3}.get(self.value, 4)

    @property
    def dotted(self) -> bool:
        """Whether it has a dot."""
        return self.value in (12.0, 6.0, 3.0)


@dataclass(frozen=True, slots=True)
class Beat:
    """A written beat; `tuplet` is the number above it, 0 for none."""

    notes: tuple[WrittenNote, ...]
    tuplet: int = 0


def grid_of(ticks: Sequence[float], beat_ticks: float, *, division: int) -> int:
    """Return the number of parts that a beat is written in.

    The coarsest grid that has a position for each note; else a common one that has a position near
    each, for notes beside the grid.
    """
    grids = COMPOUND if division == 3 else SIMPLE
    common = [parts for parts in grids if parts not in _RARE]

    def deviation(parts: int) -> float:
        cell = beat_ticks / parts
        return max((abs(t - round(t / cell) * cell) for t in ticks), default=0.0)

    def is_near(parts: int, reach: float) -> bool:
        """Whether notes stay in the beat and near; only notes at nearly one time share a cell."""
        cells = [round(t * parts / beat_ticks) for t in ticks]
        return (
            deviation(parts) <= reach * beat_ticks
            and all(
                before != after or late - early <= _NEAR * beat_ticks
                for (early, late), (before, after) in zip(
                    itertools.pairwise(ticks), itertools.pairwise(cells), strict=True
                )
            )
            and all(cell < parts or t >= beat_ticks for t, cell in zip(ticks, cells, strict=True))
        )

    for fits in (
        [parts for parts in common if deviation(parts) <= _TOLERANCE_TICKS],
        [parts for parts in common if is_near(parts, _NEAR)],
        [parts for parts in common if is_near(parts, _FAR)],
        [parts for parts in grids if deviation(parts) <= _TOLERANCE_TICKS],
    ):
        if fits:
            return fits[0]
    return min(grids, key=deviation)


def write_beat(
    ticks: Sequence[float], beat_ticks: float, *, division: int, share: float = 1.0
) -> Beat:
    """Write the notes of one beat; each lasts until the next one or the end of the beat.

    Args:
        ticks: Ascending, 0..beat_ticks; may be empty.
        beat_ticks: Length of the beat.
        division: 3 where the beat is a dotted quarter, else 2.
        share: How much of the beat belongs to the bar: half of the last one in 7/8.
    """
    parts = grid_of([*ticks, share * beat_ticks], beat_ticks, division=division)
    cell = (COMPOUND if division == 3 else SIMPLE)[parts]
    end = max(1, round(share * parts))
    cells = sorted({min(round(t * parts / beat_ticks), end - 1) for t in ticks})
    bounds = [*cells, end]
    written = _rests(0, bounds[0], parts, cell)
    for at, after in zip(cells, bounds[1:], strict=True):
        value = next(v for v in _VALUES if v <= (after - at) * cell)
        written.append(WrittenNote(at / parts, value))
        written += _rests(at + value / cell, after, parts, cell)
    is_tuplet = division == 2 and parts % 3 == 0
    return Beat(tuple(written), {3: 3, 6: 6, 12: 12}[parts] if is_tuplet else 0)


def _rests(start: float, end: float, parts: int, cell: float) -> list[WrittenNote]:
    rests: list[WrittenNote] = []
    while end - start > 1e-6:
        value = next(v for v in (12.0, 8.0, 4.0, 2.0, 1.0, 0.5) if v <= (end - start) * cell + 1e-6)
        rests.append(WrittenNote(start / parts, value, is_rest=True))
        start += value / cell
    return rests


def beat_of(tick: int, beats: float) -> tuple[int, float]:
    """Return (beat, ticks after its start) of a tick of a bar."""
    length = TICKS_PER_BAR / beats
    beat = min(int((tick + _TOLERANCE_TICKS / 2) / length), math.ceil(beats) - 1)
    return beat, max(0.0, tick - beat * length)
