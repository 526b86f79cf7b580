"""Notes limited to what two hands and two feet can play."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Final

from indexer.drums.score.lanes import FOOT_GAP_S, assign_lanes
from indexer.drums.score.sticking import Sticking
from indexer.drums.types import FEET, Drum, GridNote, TempoMap

_SLACK_S: Final = 0.002
"""Rounding to ticks must not make a playable note unplayable."""

IMPORTANCE: Final = (
    Drum.SNARE, Drum.KICK, Drum.CRASH, Drum.CRASH_LEFT, Drum.TOM_HIGH, Drum.TOM_LOW,
    Drum.TOM_FLOOR, Drum.SIDE_STICK, Drum.CHINA, Drum.RIDE, Drum.HAT_OPEN, Drum.HAT_CLOSED,
    Drum.KICK_LEFT, Drum.HAT_PEDAL, Drum.OTHER,
)  # fmt: skip
"""Of notes that cannot all be played, those whose drum comes first stay."""
_RANK: Final = {drum: rank for rank, drum in enumerate(IMPORTANCE)}
_SAME_PLATE: Final = (
    {Drum.HAT_CLOSED, Drum.HAT_OPEN, Drum.HAT_PEDAL},
    {Drum.SNARE, Drum.SIDE_STICK},
)
"""Voices of one instrument, which cannot be played together."""


def playable(notes: Iterable[GridNote], tempo: TempoMap) -> tuple[GridNote, ...]:
    """Return `notes` on their lanes, without those that a player has no hand or foot for.

    At one position at most two hands and one foot play, none of them faster than a player's
    (`sticking.py`, `FOOT_GAP_S`).
    """
    played: list[GridNote] = []
    hands = Sticking()
    feet_s = {False: -math.inf, True: -math.inf}
    ordered = assign_lanes((n for n in notes if n.drum is not Drum.OTHER), tempo)
    for (bar, tick), chord in itertools.groupby(ordered, key=lambda n: (n.bar, n.tick)):
        now_s = tempo.time_s(bar, tick)
        chosen = _one_voice_each(sorted(chord, key=lambda n: (_RANK[n.drum], -n.velocity)))
        for note in [n for n in chosen if n.drum in FEET][:1]:
            is_left = note.drum is not Drum.KICK
            if now_s - feet_s[is_left] >= FOOT_GAP_S - _SLACK_S:
                feet_s[is_left] = now_s
                played.append(note)
        played += hands.play([n for n in chosen if n.drum not in FEET], now_s)
    return tuple(sorted(played))


def _one_voice_each(chord: list[GridNote]) -> list[GridNote]:
    """Return the first note of each instrument that has several voices, and all others."""
    kept: list[GridNote] = []
    for note in chord:
        clashes = any({note.drum, other.drum} <= plate for other in kept for plate in _SAME_PLATE)
        if not clashes:
            kept.append(note)
    return kept
