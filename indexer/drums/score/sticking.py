"""Sticking: which hand plays which note, by a beam search.

A hand needs time to strike again and to move. Where no sticking can play all notes of a moment,
the least important one is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.drums.types import Drum, GridNote

HAND_GAP_S: Final = 1 / 12
"""No hand strikes more than about twelve times a second."""
_TRAVEL_S: Final = 0.012
"""A hand that moves on by one drum needs this much longer."""
_SLACK_S: Final = 0.002
"""Rounding to ticks must not make a playable note unplayable."""
_POSITION: Final = {
    Drum.CRASH_LEFT: -2.0, Drum.HAT_CLOSED: -2.0, Drum.HAT_OPEN: -2.0, Drum.SNARE: -1.0,
    Drum.SIDE_STICK: -1.0, Drum.TOM_HIGH: -0.3, Drum.TOM_LOW: 0.6, Drum.CRASH: 1.3,
    Drum.RIDE: 1.8, Drum.TOM_FLOOR: 1.6, Drum.CHINA: 1.3,
}  # fmt: skip
"""From left to right, about one drum apart."""
_CROSSED: Final = 0.25
_REPEATED: Final = 0.4
"""Costs of crossed hands, and of two notes in a row by one hand."""
_UNHURRIED_S: Final = 0.25
"""From this gap on two notes of one hand cost nothing."""
_BEAM: Final = 8


@dataclass(frozen=True, slots=True)
class _Hands:
    """Positions of both hands (left, right), when they last struck, and the cost so far."""

    times_s: tuple[float, float]
    positions: tuple[float, float]
    cost: float

    def struck(self, hand: int, position: float, now_s: float) -> _Hands | None:
        """Return the state after a stroke; None where the hand cannot be there in time."""
        gap_s = now_s - self.times_s[hand]
        far = abs(position - self.positions[hand])
        needed_s = HAND_GAP_S + (_TRAVEL_S * far) - _SLACK_S
        if gap_s < needed_s:
            return None
        cost = self.cost + _REPEATED * max(0.0, 1 - gap_s / _UNHURRIED_S) * (1 + far)
        other = 1 - hand
        left, right = (position, self.positions[1]) if hand == 0 else (self.positions[0], position)
        if left > right and now_s - self.times_s[other] < _UNHURRIED_S:
            cost += _CROSSED
        times = (now_s, self.times_s[1]) if hand == 0 else (self.times_s[0], now_s)
        return _Hands(times, (left, right), cost)


class Sticking:
    """Assigns notes to hands, one moment after the other."""

    def __init__(self) -> None:
        self._ways = [_Hands((-1e9, -1e9), (-1.5, 0.0), 0.0)]

    def play(self, notes: Sequence[GridNote], now_s: float) -> list[GridNote]:
        """Return those of `notes`, sorted by importance, that two hands can play at `now_s`."""
        wanted = list(notes[:2])
        while wanted:
            ways = self._after([_POSITION[note.drum] for note in wanted], now_s)
            if ways:
                self._ways = ways
                return wanted
            wanted.pop()
        return []

    def _after(self, positions: list[float], now_s: float) -> list[_Hands]:
        ways: list[_Hands] = []
        for way in self._ways:
            for first in (0, 1):
                after = way.struck(first, positions[0], now_s)
                if after is not None and len(positions) == 2:
                    after = after.struck(1 - first, positions[1], now_s)
                if after is not None:
                    ways.append(after)
        ways.sort(key=lambda way: way.cost)
        return ways[:_BEAM]
