"""Bars over ticks of a quarter note, as MIDI and `.chart` files count, and those of charts."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping
from typing import Final

from indexer.drums.types import (
    TICKS_PER_BAR,
    BarLength,
    DrumsError,
    TempoChange,
    TempoMap,
)

_DEFAULT_BPM: Final = 120.0
_MOST_BARS: Final = 3600


class ReadBars:
    """Bars and tempo of a file that counts in ticks of a quarter note."""

    def __init__(
        self,
        per_quarter: int,
        *,
        bpms: Mapping[int, float],
        signatures: Mapping[int, tuple[int, int]],
        last: int,
    ) -> None:
        """Lay bars from tick 0 to past `last`.

        Args:
            per_quarter: Ticks of a quarter note.
            bpms: Tempo by tick; before the first one it is 120.
            signatures: Time signature by tick; before the first one it is 4/4. One that stands
                inside a bar ends it.
            last: Tick of the last event.

        Raises:
            DrumsError: There are more bars than a chart holds.
        """
        lengths = {t: max(1, 4 * per_quarter * top // bottom)
                   for t, (top, bottom) in signatures.items() if top and bottom}  # fmt: skip
        length, starts = lengths.get(0, 4 * per_quarter), [0]
        cuts = sorted(lengths)
        while starts[-1] <= last:
            if len(starts) > _MOST_BARS:
                raise DrumsError(f"This file has more than {_MOST_BARS} bars; it is no song.")
            length = lengths.get(starts[-1], length)
            after = bisect.bisect_right(cuts, starts[-1])
            next_cut = cuts[after] if after < len(cuts) else starts[-1] + length
            starts.append(min(next_cut, starts[-1] + length))
        self._starts = [*starts, starts[-1] + length]
        self._per_quarter = per_quarter
        self._bpms = bpms

    def position(self, tick: int) -> tuple[int, int]:
        """Return (bar, tick of the chart) of a tick of the file."""
        bar = min(bisect.bisect_right(self._starts, tick) - 1, len(self._starts) - 2)
        inside = (tick - self._starts[bar]) / (self._starts[bar + 1] - self._starts[bar])
        return divmod(bar * TICKS_PER_BAR + round(inside * TICKS_PER_BAR), TICKS_PER_BAR)

    def tempo_map(self) -> TempoMap:
        """Return bars and tempo; bar 0 starts at 0 s."""
        bpms = {(0, 0): _DEFAULT_BPM}
        for tick, bpm in sorted(self._bpms.items()):
            bpms[self.position(tick)] = bpm
        changes = tuple(TempoChange(bar, tick, bpm) for (bar, tick), bpm in sorted(bpms.items()))
        lengths = [(b - a) / self._per_quarter / 4 for a, b in itertools.pairwise(self._starts)]
        return TempoMap(changes, _changed_lengths(lengths))


def _changed_lengths(lengths: list[float]) -> tuple[BarLength, ...]:
    """Return the bars whose length differs from the bar before; the first one's from 4/4."""
    return tuple(
        BarLength(bar, length)
        for bar, length in enumerate(lengths)
        if length != (lengths[bar - 1] if bar else 1.0)
    )


class WrittenBars:
    """Starts of the bars of a chart in ticks of a file, from one of its bars on."""

    def __init__(self, tempo: TempoMap, *, per_quarter: int, first: int, last: int) -> None:
        """Lay the bars `first` to `last`."""
        self.first = first
        self.last = last
        self._lengths = [4 * per_quarter * tempo.bar_length(b) for b in range(first, last + 2)]
        self._starts = [0.0, *itertools.accumulate(self._lengths)]

    def at(self, bar: int, tick: int) -> int:
        """Return the tick of the file at a position of the chart; 0 before the first bar."""
        if bar < self.first:
            return 0
        index = min(bar - self.first, len(self._lengths) - 1)
        return round(self._starts[index] + self._lengths[index] * tick / TICKS_PER_BAR)
