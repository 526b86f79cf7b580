"""Onsets → notes on the grid.

Which subdivision a beat uses is decided for all its strokes together, and for the bar as a
whole: straight sixteenths, triplets, or (where a roll fills them) thirty-seconds. A lone late
stroke then does not become a triplet.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from indexer.drums.types import TICKS_PER_BAR, GridNote, Onset, TempoMap

_SIGMA_S: Final = 0.016
"""Spread of strokes around where they are meant (players and detector together)."""
_CAP: Final = 9.0
"""A stroke further off than three sigma says nothing more about the grid."""
_GRID_COST: Final = {4: 0.0, 3: 2.0, 6: 7.0, 8: 9.0}
"""Parts a beat divides into → what a beat pays for using them."""
_SWITCH_COST: Final = 4.0
"""What a beat pays for leaving the grid of its bar."""
_ROLL_STROKES: Final = 4
"""A beat needs this many strokes of its own to be written in thirty-seconds."""
_TOGETHER_S: Final = 0.022
"""Strokes this close are meant to sound at once."""

_Group = list[Onset]


def quantize(
    onsets: tuple[Onset, ...], tempo: TempoMap, *, beats_per_bar: int
) -> tuple[GridNote, ...]:
    """Place `onsets` on the grid of `tempo`.

    Returns:
        Sorted notes, one per drum and tick (the strongest of several).
    """
    beats: dict[tuple[int, int], list[tuple[float, _Group]]] = defaultdict(list)
    for group in _groups(onsets):
        time_s = sum(o.time_s for o in group) / len(group)
        bar, tick = tempo.position(time_s)
        place = tick * beats_per_bar / TICKS_PER_BAR
        beat = int(place)
        beats[bar, beat].append((place - beat, group))
    notes: dict[tuple[int, int, str], GridNote] = {}
    for bar in sorted({bar for bar, _ in beats}):
        start_s, end_s = tempo.time_s(bar), tempo.time_s(bar + 1)
        beat_s = (end_s - start_s) / beats_per_bar
        for beat, parts in _bar_grids(bar, beats, beats_per_bar, beat_s).items():
            for place, group in beats[bar, beat]:
                cell = round(place * parts) / parts
                position = round((bar + (beat + cell) / beats_per_bar) * TICKS_PER_BAR)
                _add(notes, position, group)
    return tuple(sorted(notes.values()))


def _groups(onsets: tuple[Onset, ...]) -> list[_Group]:
    groups: list[_Group] = []
    for onset in sorted(onsets):
        if groups and onset.time_s - groups[-1][0].time_s < _TOGETHER_S:
            groups[-1].append(onset)
        else:
            groups.append([onset])
    return groups


def _bar_grids(
    bar: int,
    beats: dict[tuple[int, int], list[tuple[float, _Group]]],
    beats_per_bar: int,
    beat_s: float,
) -> dict[int, int]:
    """Parts that each beat of the bar divides into, decided jointly."""
    costs = {
        beat: {
            parts: _cost([p for p, _ in beats[bar, beat]], parts, beat_s) for parts in _GRID_COST
        }
        for beat in range(beats_per_bar)
        if (bar, beat) in beats
    }
    best_total, best = float("inf"), {}
    for base in _GRID_COST:
        chosen, total = {}, 0.0
        for beat, options in costs.items():
            paid = {p: c + (_SWITCH_COST if p != base else 0) for p, c in options.items()}
            chosen[beat] = min(paid, key=paid.__getitem__)
            total += paid[chosen[beat]]
        if total < best_total:
            best_total, best = total, chosen
    return best


def _cost(places: list[float], parts: int, beat_s: float) -> float:
    if parts == 8 and len(places) < _ROLL_STROKES:
        return float("inf")
    misses = ((place - round(place * parts) / parts) * beat_s / _SIGMA_S for place in places)
    cost = sum(min(_CAP, miss * miss) for miss in misses)
    cells = [round(place * parts) for place in places]
    collisions = len(cells) - len(set(cells))
    return cost + _GRID_COST[parts] + 3.0 * collisions


def _add(notes: dict[tuple[int, int, str], GridNote], position: int, group: _Group) -> None:
    bar, tick = divmod(position, TICKS_PER_BAR)
    for onset in group:
        key = (bar, tick, onset.drum.value)
        old = notes.get(key)
        if old is None or old.velocity < onset.velocity:
            notes[key] = GridNote(bar, tick, onset.drum, onset.velocity)
