"""One full chart → four levels, by deleting and never by moving.

Which strokes go is decided by where they stand in the beat and by their drum, before how loud
they are, so that a pattern is thinned alike in every bar.
"""

from __future__ import annotations

from typing import Final

from indexer.drums.playability import IMPORTANCE
from indexer.drums.types import LEVELS, TICKS_PER_BAR, Drum, GridNote, TempoMap

SHARES: Final = {"MASTER": 1.0, "EXTREME": 0.74, "ADVANCED": 0.53, "BASIC": 0.35}
"""Shares of the notes of MASTER, as sets made by people have them."""
BASIC_KICK_GAP_S: Final = 0.362
_FINEST: Final = {"MASTER": 0, "EXTREME": 1, "ADVANCED": 2, "BASIC": 3}
"""The weakest position in the beat that a level keeps (see `_position_weight`)."""
_OFF_BEAT_SHARE: Final = 0.09
"""Of a BASIC chart at most this much lies off the quarters."""


def reduce_levels(
    master: tuple[GridNote, ...], tempo: TempoMap, *, beats_per_bar: int
) -> dict[str, tuple[GridNote, ...]]:
    """Notes of each level, each a subset of the next harder one."""
    ticks_per_beat = TICKS_PER_BAR / beats_per_bar
    levels = {"MASTER": master}
    above = master
    for level in ("EXTREME", "ADVANCED", "BASIC"):
        wanted = round(SHARES[level] * len(master))
        allowed = [n for n in above if _position_weight(n, ticks_per_beat) >= _FINEST[level]]
        if level == "BASIC":
            allowed = _calm_kicks(
                [*allowed, *_few_off_beats(above, allowed, ticks_per_beat)], tempo
            )
        ranked = sorted(allowed, key=lambda n: _value(n, ticks_per_beat), reverse=True)
        above = tuple(sorted(ranked[:wanted]))
        levels[level] = above
    return {level: levels[level] for level in LEVELS}


def _position_weight(note: GridNote, ticks_per_beat: float) -> int:
    """3 on a beat, 2 on its half, 1 on its quarters and thirds, 0 elsewhere."""
    place = note.tick % ticks_per_beat / ticks_per_beat
    for weight, parts in ((3, 1), (2, 2), (1, 4), (1, 3)):
        if abs(place * parts - round(place * parts)) < 0.03:
            return weight
    return 0


def _value(note: GridNote, ticks_per_beat: float) -> tuple[float, ...]:
    """What a stroke is worth keeping: first its place and drum, then its loudness."""
    rank = 1 - IMPORTANCE.index(note.drum) / len(IMPORTANCE)
    return (
        _position_weight(note, ticks_per_beat) + 2.0 * rank,
        float(note.tick == 0),
        -float(note.tick),
        note.velocity,
    )


def _few_off_beats(
    above: tuple[GridNote, ...], on_beat: list[GridNote], ticks_per_beat: float
) -> list[GridNote]:
    """The strongest snares and cymbals between quarters, a small share of a BASIC chart."""
    voices = {Drum.SNARE, Drum.CRASH, Drum.CRASH_LEFT, Drum.TOM_HIGH, Drum.TOM_FLOOR}
    between = [n for n in above if _position_weight(n, ticks_per_beat) == 2 and n.drum in voices]
    between.sort(key=lambda n: n.velocity, reverse=True)
    return between[: int(_OFF_BEAT_SHARE * len(on_beat))]


def _calm_kicks(notes: list[GridNote], tempo: TempoMap) -> list[GridNote]:
    """`notes` with bass drums at least `BASIC_KICK_GAP_S` apart."""
    kept, last_s = [], float("-inf")
    for note in sorted(notes):
        if note.drum.is_foot:
            now_s = tempo.time_s(note.bar, note.tick)
            if now_s - last_s < BASIC_KICK_GAP_S:
                continue
            last_s = now_s
        kept.append(note)
    return kept
