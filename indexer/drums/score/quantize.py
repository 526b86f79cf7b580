"""Onsets → notes on the grid.

The grid of a beat is selected for all its onsets together, with costs for leaving the grid of its
bar and for grids that are rare in the song: straight sixteenths, triplets (and with them swing), or
thirty-seconds where a roll fills them. So a single late onset does not become a triplet.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Final

from indexer.drums.types import TICKS_PER_BAR, Drum, GridNote, Onset, TempoMap

_SIGMA_S: Final = 0.016
"""Standard deviation of onsets around the grid (players and detector together)."""
_CAP: Final = 9.0
"""Largest cost of one onset: that of three sigma."""
_GRID_COST: Final = {
    2: {4: 0.0, 3: 2.0, 6: 7.0, 8: 9.0},
    3: {3: 0.0, 6: 1.0, 4: 6.0, 12: 9.0},
}
"""Division of the beat (2 simple, 3 compound) → parts → cost of a beat that uses them."""
_ROLLS: Final = {2: 8, 3: 12}
"""Thirty-seconds."""
_SWITCH_COST: Final = 4.0
"""Cost of a beat that leaves the grid of its bar."""
_RARE_GRID_COST: Final = 2.0
"""Cost of a bar, per nat, for a grid that is rare in this song."""
_ROLL_ONSETS: Final = 4
"""Fewest onsets of a beat that is written in thirty-seconds."""
_TOGETHER_S: Final = 0.022
"""Onsets this close are simultaneous."""
_FLAM_S: Final = 0.055
"""A soft onset this shortly before a louder one of the same drum is its grace note."""
_GRACE_SHARE: Final = 0.85
_AUDIBLE_S: Final = 0.030
_LOUD: Final = 0.4
"""An onset this loud is audibly off the grid from `_AUDIBLE_S` on, a softer one from twice that: it
then stays where it was played, on the nearest position of the finest grid."""
_FINEST: Final = 24
_LONGEST_COUNT_IN: Final = 8
"""Clicks of two bars."""
_FEWEST_BARS, _BARS_SHARE = 3, 0.2
"""Bars, and their least share, in which a drum stands on a position that it usually has."""

_Group = list[Onset]
_Beats = dict[tuple[int, int], list[tuple[float, _Group]]]


def quantize(
    onsets: tuple[Onset, ...], tempo: TempoMap, *, division: int = 2
) -> tuple[GridNote, ...]:
    """Place `onsets` on the grid of `tempo`.

    Returns:
        Sorted notes, one per drum and tick (the strongest of several).
    """
    beats: _Beats = defaultdict(list)
    for group in _groups(without_graces(without_count_in(onsets))):
        time_s = sum(o.time_s for o in group) / len(group)
        bar, tick = tempo.position(time_s)
        bar_position = tick * tempo.beats(bar, division) / TICKS_PER_BAR
        beat = int(bar_position)
        beats[bar, beat].append((bar_position - beat, group))
    notes: dict[tuple[int, int, str], GridNote] = {}
    bars = sorted({bar for bar, _ in beats})
    counts = {bar: tempo.beats(bar, division) for bar in bars}
    lengths_s = {bar: (tempo.time_s(bar + 1) - tempo.time_s(bar)) / counts[bar] for bar in bars}
    costs = {bar: _bar_costs(bar, beats, counts[bar], lengths_s[bar], division) for bar in bars}
    grids = _joint_grids(costs, division)
    usual = _UsualPlaces(beats, grids, counts, lengths_s)
    for bar, parts_of in grids.items():
        for beat, parts in parts_of.items():
            for beat_position, group in beats[bar, beat]:
                cell = round(beat_position * parts) / parts
                off_s = abs(beat_position - cell) * lengths_s[bar]
                loud = max(o.velocity for o in group) >= _LOUD
                is_late = off_s > (_AUDIBLE_S if loud else 2 * _AUDIBLE_S)
                if is_late and not usual.has(group, bar, beat, cell, off_s):
                    cell = round(beat_position * _FINEST) / _FINEST
                position = round((bar + (beat + cell) / counts[bar]) * TICKS_PER_BAR)
                _add(notes, position, group)
    return tuple(sorted(notes.values()))


class _UsualPlaces:
    """Positions on which drums stand in most bars, and those that a bar has strokes on.

    What is beside a position that its drum usually has, or beside a stroke of another drum, was
    played late or early: bars that repeat and strokes in unison tell the grid.
    """

    def __init__(
        self,
        beats: _Beats,
        grids: dict[int, dict[int, int]],
        counts: dict[int, float],
        lengths_s: dict[int, float],
    ) -> None:
        self._bars: dict[tuple[str, float], set[int]] = defaultdict(set)
        self._struck: set[tuple[int, float]] = set()
        self._counts = counts
        for (bar, beat), placed in beats.items():
            parts = grids[bar][beat]
            for position, group in placed:
                cell = round(position * parts) / parts
                if abs(position - cell) * lengths_s[bar] <= _TOGETHER_S:
                    in_bar, place = self._place(bar, beat + cell)
                    self._struck.add((in_bar, place))
                    for onset in group:
                        self._bars[onset.drum, place].add(in_bar)

    def has(self, group: _Group, bar: int, beat: int, cell: float, off_s: float) -> bool:
        """Return whether strokes this far from a position belong on it."""
        if off_s > _FLAM_S:
            return False
        in_bar, place = self._place(bar, beat + cell)
        fewest = max(_FEWEST_BARS, _BARS_SHARE * len(self._counts))
        often = all(len(self._bars[onset.drum, place]) >= fewest for onset in group)
        return often or (in_bar, place) in self._struck

    def _place(self, bar: int, place: float) -> tuple[int, float]:
        """Return a position in beats, that of the next bar where it is the end of one."""
        return (bar + 1, 0.0) if place >= self._counts[bar] else (bar, round(place, 4))


def without_count_in(onsets: tuple[Onset, ...]) -> tuple[Onset, ...]:
    """Return the onsets without the clicks or beeps that count a song in.

    They are heard as side-sticks, alone before everything else.
    """
    groove = next((i for i, one in enumerate(onsets) if one.drum is not Drum.SIDE_STICK), 0)
    return onsets[groove:] if groove <= _LONGEST_COUNT_IN else onsets


def without_graces(onsets: tuple[Onset, ...]) -> tuple[Onset, ...]:
    """Return the onsets without grace notes of flams; onsets of a roll are kept."""
    plain: list[Onset] = []
    voices: dict[str, list[Onset]] = defaultdict(list)
    for onset in sorted(onsets):
        voices[onset.drum].append(onset)
    for voice in voices.values():
        for index, onset in enumerate(voice):
            gap_s = voice[index + 1].time_s - onset.time_s if index + 1 < len(voice) else 1.0
            graces = (
                gap_s < _FLAM_S
                and onset.velocity < _GRACE_SHARE * voice[index + 1].velocity
                and (index == 0 or onset.time_s - voice[index - 1].time_s > 1.8 * gap_s)
                and (
                    index + 2 >= len(voice)
                    or voice[index + 2].time_s - voice[index + 1].time_s > 1.8 * gap_s
                )
            )
            if not graces:
                plain.append(onset)
    return tuple(sorted(plain))


def _groups(onsets: tuple[Onset, ...]) -> list[_Group]:
    groups: list[_Group] = []
    for onset in onsets:
        if groups and onset.time_s - groups[-1][0].time_s < _TOGETHER_S:
            groups[-1].append(onset)
        else:
            groups.append([onset])
    return groups


def _bar_costs(
    bar: int, beats: _Beats, count: float, beat_s: float, division: int
) -> dict[int, dict[int, float]]:
    """Return beat → parts → cost of writing the beat in these."""
    return {
        beat: {
            parts: _cost([p for p, _ in beats[bar, beat]], parts, beat_s, division)
            for parts in _GRID_COST[division]
        }
        for beat in range(math.ceil(count))
        if (bar, beat) in beats
    }


def _joint_grids(
    costs: dict[int, dict[int, dict[int, float]]], division: int
) -> dict[int, dict[int, int]]:
    """Return bar → beat → parts: each bar alone, then again with the costs of rare grids."""
    parts = tuple(_GRID_COST[division])
    grid_costs = dict.fromkeys(parts, 0.0)
    grids: dict[int, dict[int, int]] = {}
    for _ in range(2):
        bases: Counter[int] = Counter()
        for bar, beats in costs.items():
            base, grids[bar] = _bar_grids(beats, grid_costs)
            bases[base] += 1
        total = sum(bases.values()) + len(parts)
        grid_costs = {p: -_RARE_GRID_COST * math.log((bases[p] + 1) / total) for p in parts}
    return grids


def _bar_grids(
    beats: dict[int, dict[int, float]], grid_costs: dict[int, float]
) -> tuple[int, dict[int, int]]:
    """Return the grid of the bar, and the parts of each of its beats."""
    best_total, best = float("inf"), (0, {})
    for base, usual in grid_costs.items():
        chosen, total = {}, usual
        for beat, options in beats.items():
            costs = {p: c + (_SWITCH_COST if p != base else 0) for p, c in options.items()}
            chosen[beat] = min(costs, key=costs.__getitem__)
            total += costs[chosen[beat]]
        if total < best_total:
            best_total, best = total, (base, chosen)
    return best


def _cost(positions: list[float], parts: int, beat_s: float, division: int) -> float:
    if parts == _ROLLS[division] and len(positions) < _ROLL_ONSETS:
        return float("inf")
    misses = (
        (position - round(position * parts) / parts) * beat_s / _SIGMA_S for position in positions
    )
    cost = sum(min(_CAP, miss * miss) for miss in misses)
    cells = [round(p * parts) for p in positions]
    collisions = len(cells) - len(set(cells))
    return cost + _GRID_COST[division][parts] + 3.0 * collisions


def _add(notes: dict[tuple[int, int, str], GridNote], position: int, group: _Group) -> None:
    bar, tick = divmod(position, TICKS_PER_BAR)
    for onset in group:
        key = (bar, tick, onset.drum.value)
        old = notes.get(key)
        if old is None or old.velocity < onset.velocity:
            notes[key] = GridNote(bar, tick, onset.drum, onset.velocity)
