"""Which hand strikes what: a drummer with two hands, who needs time to strike again and to move.

A beam search keeps the best ways to share out the strokes so far; where none can go on, the least
important stroke of the moment is left out.
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
"""Rounding to ticks must not make a playable stroke unplayable."""
_POSITION: Final = {
    Drum.CRASH_LEFT: -2.0, Drum.HAT_CLOSED: -2.0, Drum.HAT_OPEN: -2.0, Drum.SNARE: -1.0,
    Drum.SIDE_STICK: -1.0, Drum.TOM_HIGH: -0.3, Drum.TOM_LOW: 0.6, Drum.CRASH: 1.3,
    Drum.RIDE: 1.8, Drum.TOM_FLOOR: 1.6, Drum.CHINA: 1.3,
}  # fmt: skip
"""From left to right, about one drum apart."""
_CROSSED: Final = 0.25
_REPEATED: Final = 0.4
"""What it costs to cross the hands, and to strike twice running with one hand."""
_UNHURRIED_S: Final = 0.25
"""Two strokes of one hand are no effort from here on."""
_BEAM: Final = 8


@dataclass(frozen=True, slots=True)
class _Hands:
    """Where both hands are, since when, and what it cost so far: left, then right."""

    times_s: tuple[float, float]
    positions: tuple[float, float]
    cost: float

    def struck(self, hand: int, position: float, now_s: float) -> _Hands | None:
        """After a stroke; None where the hand cannot be there in time."""
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
    """Takes the strokes of one moment after the other."""

    def __init__(self) -> None:
        self._ways = [_Hands((-1e9, -1e9), (-1.5, 0.0), 0.0)]

    def play(self, notes: Sequence[GridNote], now_s: float) -> list[GridNote]:
        """Those of `notes`, sorted from the most important one, that two hands can strike."""
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
