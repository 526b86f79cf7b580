"""Lanes of drums that have two, and notes that players add.

Crashes on the left or the right cymbal (beside a china always on the left), fast bass drums on two
pedals, hi-hats that the foot closes, and a bass drum under a crash.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import median
from typing import Final

from indexer.drums.types import FEET, TICKS_PER_BAR, Drum, GridNote, TempoMap

FOOT_GAP_S: Final = 1 / 9
"""Shortest time between two notes of one foot on one pedal."""
ONE_FOOT_S: Final = 1 / 7.5
"""Bass drums in a row with shorter gaps are played with both feet."""
_ROW: Final = 3
_FLURRY_S: Final = 0.6
"""Crashes nearer than this alternate between the cymbals."""
_RIDDEN, _RIDDEN_S = 4, 0.9
"""More crashes in a row, with gaps no longer than this, are a right hand that keeps time."""
_ARRIVAL_S: Final = 0.7
"""The hands are where they played within this time before a crash."""
_RIGHT: Final = frozenset({Drum.TOM_LOW, Drum.TOM_FLOOR, Drum.RIDE, Drum.CRASH, Drum.CHINA})
_LEFT: Final = frozenset({Drum.HAT_CLOSED, Drum.HAT_OPEN, Drum.SNARE, Drum.SIDE_STICK})
_CHICK_SHARE: Final = 0.75
"""Of the usual velocity: a softer closing note is the foot's."""
_HELD_S: Final = 1.0
"""An open hi-hat is closed within this time, or not at all."""
_CRASH_KICK: Final = 0.8
"""Velocity of a bass drum that is added under a crash."""


def assign_lanes(notes: Iterable[GridNote], tempo: TempoMap) -> tuple[GridNote, ...]:
    """Assign notes to the lanes that they are played on; sorted."""
    chosen = _with_crash_kicks(sorted(notes))
    chosen = _crash_sides(chosen, tempo)
    chosen = _closed_by_foot(sorted(chosen), tempo)
    return tuple(sorted(_both_feet(chosen, tempo)))


def _with_crash_kicks(notes: list[GridNote]) -> list[GridNote]:
    """Add a bass drum to downbeat crashes without bass drum or snare: four of five have one."""
    drums: dict[int, set[Drum]] = defaultdict(set)
    for note in notes:
        drums[note.position].add(note.drum)
    accompanied = {Drum.KICK, Drum.SNARE}
    return notes + [
        GridNote(bar, 0, Drum.KICK, _CRASH_KICK)
        for bar, tick in (divmod(position, TICKS_PER_BAR) for position in drums)
        if tick == 0
        and Drum.CRASH in drums[bar * TICKS_PER_BAR]
        and not drums[bar * TICKS_PER_BAR] & (accompanied | FEET)
    ]


def _crash_sides(notes: list[GridNote], tempo: TempoMap) -> list[GridNote]:
    """Assign crashes to the side that the hands come from.

    A few fast ones alternate, those that keep time go to the right; a china has its own side.
    """
    if any(note.drum is Drum.CHINA for note in notes):
        return [replace(n, drum=Drum.CRASH_LEFT) if n.drum is Drum.CRASH else n for n in notes]
    times_s = [tempo.time_s(note.bar, note.tick) for note in notes]
    order = sorted(range(len(notes)), key=lambda i: times_s[i])
    sorted_s = [times_s[i] for i in order]
    out = list(notes)
    crashes = [i for i in order if notes[i].drum is Drum.CRASH]
    ridden = _ridden([times_s[i] for i in crashes])
    last_s, last = float("-inf"), Drum.CRASH_LEFT
    for i, keeps_time in zip(crashes, ridden, strict=True):
        now_s = times_s[i]
        if keeps_time:
            side = Drum.CRASH
        elif now_s - last_s < _FLURRY_S:
            side = Drum.CRASH if last is Drum.CRASH_LEFT else Drum.CRASH_LEFT
        else:
            first = bisect.bisect_left(sorted_s, now_s - _ARRIVAL_S)
            before = [notes[j].drum for j in order[first : bisect.bisect_left(sorted_s, now_s)]]
            rightward = sum(d in _RIGHT for d in before) - 0.5 * sum(d in _LEFT for d in before)
            side = Drum.CRASH if rightward >= 0 else Drum.CRASH_LEFT
        out[i] = replace(notes[i], drum=side)
        last_s, last = now_s, side
    return out


def _ridden(crashes_s: list[float]) -> list[bool]:
    """Return which crashes belong to a long row."""
    ridden: list[bool] = []
    start = 0
    for index in range(1, len(crashes_s) + 1):
        if index == len(crashes_s) or crashes_s[index] - crashes_s[index - 1] > _RIDDEN_S:
            ridden += [index - start > _RIDDEN] * (index - start)
            start = index
    return ridden


def _closed_by_foot(notes: list[GridNote], tempo: TempoMap) -> list[GridNote]:
    """Give closing hi-hats to the foot where they are soft, or no hand is free."""
    hats = [note for note in notes if note.drum in (Drum.HAT_CLOSED, Drum.HAT_OPEN)]
    if not hats:
        return notes
    usual = median(note.velocity for note in hats)
    busy: dict[int, int] = defaultdict(int)
    feet: set[int] = set()
    for note in notes:
        if note.drum in FEET:
            feet.add(note.position)
        elif note.drum not in (Drum.HAT_CLOSED, Drum.OTHER):
            busy[note.position] += 1
    by_foot: set[GridNote] = set()
    for opened, closing in itertools.pairwise(hats):
        held_s = tempo.time_s(closing.bar, closing.tick) - tempo.time_s(opened.bar, opened.tick)
        changes = opened.drum is Drum.HAT_OPEN and closing.drum is Drum.HAT_CLOSED
        if not changes or not 0 < held_s < _HELD_S or closing.position in feet:
            continue
        if closing.velocity < _CHICK_SHARE * usual or busy[closing.position] >= 2:
            by_foot.add(closing)
    return [replace(n, drum=Drum.HAT_PEDAL) if n in by_foot else n for n in notes]


def _both_feet(notes: list[GridNote], tempo: TempoMap) -> list[GridNote]:
    """Give every second bass drum of a fast row to the left foot; the right one leads."""
    kicks = sorted(note for note in notes if note.drum is Drum.KICK)
    times_s = [tempo.time_s(note.bar, note.tick) for note in kicks]
    left: set[GridNote] = set()
    start = 0
    for index in range(1, len(kicks) + 1):
        if index < len(kicks) and times_s[index] - times_s[index - 1] < ONE_FOOT_S:
            continue
        is_row = index - start >= _ROW
        is_quick = index - start == 2 and times_s[start + 1] - times_s[start] < FOOT_GAP_S
        if is_row or is_quick:
            left.update(kicks[start + 1 : index : 2])
        start = index
    return [replace(n, drum=Drum.KICK_LEFT) if n in left else n for n in notes]
