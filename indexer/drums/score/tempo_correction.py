"""A tempo map as a person corrects it: counted faster or slower, its bars moved.

No bar line that stays moves against the recording when the tempo is counted otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from indexer.drums.types import TICKS_PER_BAR, BarLength, TempoChange, TempoMap


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
