"""Passages of a chart by the cymbal that keeps time in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.drums.types import Drum, GridNote

_TIMEKEEPERS: Final = (
    Drum.HAT_CLOSED, Drum.RIDE, Drum.HAT_OPEN, Drum.CRASH, Drum.CRASH_LEFT, Drum.CHINA,
    Drum.HAT_PEDAL,
)  # fmt: skip
"""Of two that are struck as often, the first one leads."""
_LEAST_A_BAR: Final = 2.5
"""Strokes of a timekeeper in a bar of the window; crashes on bar lines keep no time."""
_WINDOW_BARS: Final = 1
"""Bars to both sides that are counted with a bar."""
_SHORTEST_BARS: Final = 2


@dataclass(frozen=True)
class Passage:
    """Bars `first` to `last` in which one cymbal keeps time; None where there is none."""

    first: int
    last: int
    leader: Drum | None


def passages(notes: Iterable[GridNote]) -> tuple[Passage, ...]:
    """Return the passages of a chart in order; they cover all bars that have notes."""
    counts: dict[int, Counter[Drum]] = {}
    for note in notes:
        counts.setdefault(note.bar, Counter())[note.drum] += 1
    if not counts:
        return ()
    bars = range(min(counts), max(counts) + 1)
    leaders = [_leader(counts, bar) for bar in bars]
    found: list[Passage] = []
    for bar, leader in zip(bars, leaders, strict=True):
        if found and (leader is None or leader is found[-1].leader):
            found[-1] = Passage(found[-1].first, bar, found[-1].leader)
        elif found and found[-1].leader is None:
            found[-1] = Passage(found[-1].first, bar, leader)
        elif len(found) > 1 and found[-1].last - found[-1].first + 1 < _SHORTEST_BARS:
            found[-2:] = [Passage(found[-2].first, found[-1].last, found[-2].leader)]
            found.append(Passage(bar, bar, leader))
        else:
            found.append(Passage(bar, bar, leader))
    return tuple(found)


def _leader(counts: dict[int, Counter[Drum]], bar: int) -> Drum | None:
    """Return the cymbal that keeps time in a bar; its neighbours decide where it has a fill."""
    own = counts.get(bar, Counter[Drum]())
    around = [counts.get(near, Counter[Drum]())
              for near in range(bar - _WINDOW_BARS, bar + _WINDOW_BARS + 1)]  # fmt: skip
    for few, counted in ((_LEAST_A_BAR, own), (2 * _LEAST_A_BAR, sum(around, Counter[Drum]()))):
        best = max(_TIMEKEEPERS, key=lambda drum: counted[drum])
        if counted[best] >= few:
            return best
    return None
