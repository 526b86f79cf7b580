"""Only what two hands and two feet can play, and how hard it is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Final

from indexer.drums.types import FEET, Drum, GridNote, TempoMap

MAX_HANDS: Final = 2
MAX_FEET: Final = 1
HAND_GAP_S: Final = 1 / 12
"""No hand strikes more than about twelve times a second."""
FOOT_GAP_S: Final = 1 / 9
"""One foot on one pedal."""
_SLACK_S: Final = 0.002
"""Rounding to ticks must not make a playable stroke unplayable."""

IMPORTANCE: Final = (
    Drum.SNARE, Drum.KICK, Drum.CRASH, Drum.CRASH_LEFT, Drum.TOM_HIGH, Drum.TOM_LOW,
    Drum.TOM_FLOOR, Drum.SIDE_STICK, Drum.RIDE, Drum.HAT_OPEN, Drum.HAT_CLOSED,
    Drum.KICK_LEFT, Drum.HAT_PEDAL, Drum.OTHER,
)  # fmt: skip
"""Of strokes that cannot all be played, the earlier ones here stay."""
_RANK: Final = {drum: rank for rank, drum in enumerate(IMPORTANCE)}
_SAME_PLATE: Final = ({Drum.HAT_CLOSED, Drum.HAT_OPEN}, {Drum.SNARE, Drum.SIDE_STICK})
"""One thing cannot be struck in two ways at once."""

_LEVEL_BASE, _LEVEL_SLOPE = -1.59, 4.26
"""Level ≈ −1.59 + 4.26 · ln(notes a second), fitted to ten charts made by people (r = .87)."""


def playable(notes: Iterable[GridNote], tempo: TempoMap) -> tuple[GridNote, ...]:
    """`notes` without those that a player has no hand or foot for."""
    kept: list[GridNote] = []
    hands = [-math.inf, -math.inf]
    foot_s = -math.inf
    ordered = sorted(notes)
    for (bar, tick), chord in itertools.groupby(ordered, key=lambda n: (n.bar, n.tick)):
        now_s = tempo.time_s(bar, tick) + _SLACK_S
        struck = 0
        for note in _one_way_each(sorted(chord, key=lambda n: _RANK[n.drum])):
            if note.drum is Drum.OTHER:
                continue
            if note.drum in FEET:
                if now_s - foot_s < FOOT_GAP_S:
                    continue
                foot_s = now_s
            else:
                free = min(range(MAX_HANDS), key=lambda hand: hands[hand])
                if struck == MAX_HANDS or now_s - hands[free] < HAND_GAP_S:
                    continue
                hands[free] = now_s
                struck += 1
            kept.append(note)
    return tuple(sorted(kept))


def _one_way_each(chord: list[GridNote]) -> list[GridNote]:
    kept: list[GridNote] = []
    for note in chord:
        clashes = any(
            {note.drum, other.drum} <= plate and note.drum != other.drum
            for other in kept
            for plate in _SAME_PLATE
        )
        if not clashes:
            kept.append(note)
    return kept


def dlevel(notes: tuple[GridNote, ...], tempo: TempoMap) -> int:
    """Difficulty as DTX writes it: 10–99 for 1.0–9.9."""
    if len(notes) < 2:
        return 10
    first, last = min(notes), max(notes)
    seconds = tempo.time_s(last.bar, last.tick) - tempo.time_s(first.bar, first.tick)
    rate = len(notes) / max(seconds, 1.0)
    level = _LEVEL_BASE + _LEVEL_SLOPE * math.log(max(rate, 0.1))
    return round(10 * min(max(level, 1.0), 9.9))
