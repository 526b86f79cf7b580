"""A tempo map as a person corrects it: counted faster or slower, its bars moved.

No bar line that stays moves against the recording when the tempo is counted otherwise.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Final

from indexer.drums.types import TICKS_PER_BAR, BarLength, TempoChange, TempoMap

_FEW_CHANGES: Final = 8
"""Players that drop parts of milliseconds are off by less than as many milliseconds then."""
_BPM_STEPS: Final = 10_000
"""Steps a BPM that tempos are rounded down to: passages last hardly more than whole ms."""


def corrected(tempo: TempoMap, *, factor: float = 1.0, shift_s: float = 0.0) -> TempoMap:
    """Return a tempo map that counts `factor` times as fast and begins `shift_s` later.

    Bars of one length keep it: at twice the tempo each becomes two. Where lengths differ, bars keep
    their places and become longer or shorter in notes. Bars are added in front where bar 0 would
    begin within the recording.
    """
    counted = tempo if factor == 1 else _counted(tempo, factor)
    moved = replace(counted, start_s=counted.start_s + shift_s)
    while moved.start_s > 0:
        moved = _with_bar_in_front(moved)
    return moved


def _counted(tempo: TempoMap, factor: float) -> TempoMap:
    lengths = {change.length for change in tempo.bar_lengths} or {1.0}
    from_start = not tempo.bar_lengths or tempo.bar_lengths[0].bar == 0
    if len(lengths) > 1 or not from_start or not (factor.is_integer() or factor in (0.5, 0.25)):
        bar_lengths = tempo.bar_lengths
        if not from_start:
            bar_lengths = (BarLength(0, 1.0), *bar_lengths)
        return replace(
            tempo,
            changes=tuple(replace(one, bpm=one.bpm * factor) for one in tempo.changes),
            bar_lengths=tuple(
                replace(one, length=one.length * factor)
                for one in bar_lengths or (BarLength(0, 1.0),)
            ),
        )
    changes: list[TempoChange] = []
    for one in tempo.changes:
        bar, tick = divmod(round((one.bar * TICKS_PER_BAR + one.tick) * factor), TICKS_PER_BAR)
        changes.append(TempoChange(bar, tick, one.bpm * factor))
    return replace(tempo, changes=tuple(changes))


def _with_bar_in_front(tempo: TempoMap) -> TempoMap:
    first = tempo.changes[0].bpm
    length_s = 240 * tempo.bar_length(0) / first
    later = [replace(one, bar=one.bar + 1) for one in tempo.changes[1:]]
    lengths = [replace(one, bar=one.bar + 1 if one.bar else 0) for one in tempo.bar_lengths]
    return TempoMap((tempo.changes[0], *later), tuple(lengths), start_s=tempo.start_s - length_s)


def whole_milliseconds(tempo: TempoMap) -> TempoMap:
    """Return a map of many tempos whose passages last whole milliseconds, or little more.

    Older players drop parts of milliseconds at every change of tempo and of the length of bars;
    over many changes that adds up. A map of few changes is returned as it is.
    """
    places = {(change.bar, change.tick): change.bpm for change in tempo.changes}
    bpm = tempo.changes[0].bpm
    for place in sorted({*places, *((change.bar, 0) for change in tempo.bar_lengths)}):
        bpm = places.setdefault(place, bpm)
    if len(places) <= _FEW_CHANGES:
        return tempo
    changes: list[TempoChange] = []
    now_ms = 0
    for place, after in itertools.pairwise(sorted(places)):
        lasts_s = tempo.time_s(*after) - tempo.time_s(*place)
        end_ms = round(1000 * (tempo.time_s(*after) - tempo.start_s))
        bpm = places[place] * 1000 * lasts_s / max(end_ms - now_ms, 1)
        changes.append(TempoChange(*place, math.floor(bpm * _BPM_STEPS) / _BPM_STEPS))
        now_ms = max(end_ms, now_ms + 1)
    last = max(places)
    return replace(tempo, changes=(*changes, TempoChange(*last, places[last])))
