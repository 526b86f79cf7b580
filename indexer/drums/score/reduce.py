"""One full chart → four levels, by deleting notes and never by moving them.

Each passage is thinned by itself (`passages.py`), so that its timekeeper stays on every level.
Notes are ranked by their position in the beat and by their drum, and only then by velocity, so that
a pattern is thinned alike in every bar.
"""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.drums.score.passages import Passage, passages
from indexer.drums.score.playability import IMPORTANCE
from indexer.drums.types import FEET, LEVELS, TICKS_PER_BAR, Drum, GridNote, TempoMap

SHARES: Final = {"MASTER": 1.0, "EXTREME": 0.74, "ADVANCED": 0.53, "BASIC": 0.35}
"""Shares of the notes of MASTER, as in hand-made sets."""
BASIC_KICK_GAP_S: Final = 0.362
_FINEST: Final = {"EXTREME": 1, "ADVANCED": 2, "BASIC": 2}
"""Lowest metric weight that a level keeps (see `_grid_weights`): sixteenths from EXTREME on."""
_ENOUGH: Final = 0.6
"""Of the notes that a level should have. Where fewer stand on its grid, the bars are not those of
the music (the user may have given others), and the grid is ignored; of 45 songs with estimated bars
the lowest share is 0.73, but for one without a beat."""
_OFF_BEAT_SHARE: Final = 0.09
"""Largest share of a BASIC chart off the quarters."""
_TIME_SHARE, _GIVING_WAY = 0.3, 0.5
"""Share of time-keeping cymbals in a level, and the largest share of its bass drums that is removed
for them: without them an easy level would be bass drum and snare alone."""
_TIME_A_BAR: Final = 1.5
"""Strokes of the timekeeper in a bar that a groove has at least."""
_GROOVE_SHARE: Final = 0.55
"""Largest share of a passage that a level keeps for its groove: what is sparse is easy already."""
_CRASHES: Final = frozenset({Drum.CRASH, Drum.CRASH_LEFT, Drum.CHINA})
_FOR_TWO_FEET: Final = frozenset({Drum.KICK_LEFT, Drum.HAT_PEDAL})
"""Lanes of the left foot, for EXTREME and MASTER."""
_NEAR: Final = 0.03
"""Ticks are whole numbers: a grid position is met within this share of a part of a beat."""


def reduce_levels(
    master: tuple[GridNote, ...], tempo: TempoMap, *, division: int = 2
) -> dict[str, tuple[GridNote, ...]]:
    """Return the notes of each level, each a subset of the next harder one."""
    found = passages(master)
    keep_order = _KeepOrder(master, tempo, division, found)
    levels = {"MASTER": master}
    above: Sequence[GridNote] = master
    for level in ("EXTREME", "ADVANCED", "BASIC"):
        allowed = above
        if level != "EXTREME":
            allowed = [n for n in allowed if n.drum not in _FOR_TWO_FEET]
        if level == "BASIC":
            allowed = _spaced_kicks(allowed, tempo, keep_order)
        placed = [n for n in allowed if keep_order.metric_weight(n) >= _FINEST[level]]
        on_grid = len(placed) >= _ENOUGH * SHARES[level] * len(master)
        kept: list[GridNote] = []
        for passage in found:
            wanted = _wanted(level, _within(master, passage), passage, keep_order)
            notes = _within(placed if on_grid else allowed, passage)
            if level == "BASIC" and on_grid:
                notes = _mostly_on_beats(notes, wanted, keep_order)
            kept += _best(notes, wanted, keep_order)
        above = levels[level] = tuple(sorted(kept))
    return {level: levels[level] for level in LEVELS}


def _wanted(level: str, notes: Sequence[GridNote], passage: Passage, keep_order: _KeepOrder) -> int:
    """Return how many notes a level keeps of a passage: its share, but a groove at least."""
    backbeat = sum(n.drum is Drum.SNARE and keep_order.metric_weight(n) == 3 for n in notes)
    downbeat = sum(n.drum is Drum.KICK and n.tick == 0 for n in notes)
    bars = passage.last - passage.first + 1
    time = min(sum(map(keep_order.leads, notes)), round(_TIME_A_BAR * bars))
    groove = min(backbeat + downbeat + time, int(_GROOVE_SHARE * len(notes)))
    return max(round(SHARES[level] * len(notes)), groove)


def _within(notes: Sequence[GridNote], passage: Passage) -> list[GridNote]:
    return [note for note in notes if passage.first <= note.bar <= passage.last]


class _KeepOrder:
    """Sort key of notes, larger for those that easier levels keep."""

    def __init__(
        self,
        notes: tuple[GridNote, ...],
        tempo: TempoMap,
        division: int,
        found: Sequence[Passage],
    ) -> None:
        self._leaders = {
            bar: passage.leader
            for passage in found
            for bar in range(passage.first, passage.last + 1)
        }
        bars = {note.bar for note in notes}
        self._ticks_per_beat = {bar: TICKS_PER_BAR / tempo.beats(bar, division) for bar in bars}
        self._grid_weights = _grid_weights([self._share(note) for note in notes], division)
        drums: dict[int, set[Drum]] = defaultdict(set)
        for note in notes:
            drums[note.position].add(note.drum)
        self._crashes = {position for position, struck in drums.items() if struck & _CRASHES}

    def _share(self, note: GridNote) -> float:
        """Position of a note in its beat, 0..1."""
        beat = self._ticks_per_beat[note.bar]
        return note.tick % beat / beat

    def metric_weight(self, note: GridNote) -> int:
        """Return 3 on a beat, 2 on its eighths, 1 on its sixteenths and triplets, 0 elsewhere."""
        share = self._share(note)
        for weight, parts in self._grid_weights:
            if abs(share * parts - round(share * parts)) < _NEAR:
                return weight
        return 0

    def keeps_time(self, note: GridNote) -> bool:
        """Return whether a note is one of the cymbals that keep time in its passage."""
        leader = self._leaders.get(note.bar)
        if leader in _CRASHES:
            return note.drum is leader and note.tick > 0
        return note.drum.family in ("HH", "CY") and note.drum not in _CRASHES

    def leads(self, note: GridNote) -> bool:
        """Return whether a note is of the cymbal that leads in its passage."""
        leader = self._leaders.get(note.bar)
        return leader is not None and note.drum.family == leader.family and self.keeps_time(note)

    def __call__(self, note: GridNote) -> tuple[float, ...]:
        is_time = self.keeps_time(note)
        ranked = Drum.HAT_CLOSED if is_time and note.drum in _CRASHES else note.drum
        rank = 1 - IMPORTANCE.index(ranked) / len(IMPORTANCE)
        is_ground = note.tick == 0 and note.drum is Drum.KICK
        accent = float(is_ground or (note.position in self._crashes and not is_time))
        beat = int(note.tick / self._ticks_per_beat[note.bar] + _NEAR)
        return (
            self.metric_weight(note) + 2.0 * rank + accent,
            float(note.tick == 0),
            -float(beat % 2),
            -float(note.tick),
            note.velocity,
        )


def _grid_weights(shares: Sequence[float], division: int) -> tuple[tuple[int, int], ...]:
    """Return (weight, parts of a beat); in 6/8 and in swing thirds count as eighths."""
    if division == 3:
        return ((3, 1), (2, 3), (1, 6), (1, 2))

    def count(parts: int) -> int:
        return sum(abs(s * parts - round(s * parts)) < _NEAR for s in shares)

    on = count(1)
    swings = count(3) - on > count(2) - on
    return ((3, 1), (2, 3), (2, 2), (1, 4)) if swings else ((3, 1), (2, 2), (1, 4), (1, 3))


def _best(notes: Sequence[GridNote], wanted: int, keep_order: _KeepOrder) -> list[GridNote]:
    """Return the `wanted` best notes, with enough cymbals among them to keep time."""
    ranked = sorted(notes, key=keep_order, reverse=True)
    kept, rest = ranked[:wanted], ranked[wanted:]
    feet = sum(n.drum in FEET for n in kept)
    kicks = [n for n in reversed(kept) if n.drum in FEET and n.tick > 0]
    missing = math.ceil(_TIME_SHARE * wanted) - sum(map(keep_order.leads, kept))
    missing = max(0, min(missing, int(_GIVING_WAY * feet), len(kicks)))
    more = sorted(filter(keep_order.keeps_time, rest), key=keep_order.leads, reverse=True)
    more = more[:missing]
    less = set(kicks[: len(more)])
    return [n for n in kept if n not in less] + more


def _mostly_on_beats(notes: list[GridNote], wanted: int, keep_order: _KeepOrder) -> list[GridNote]:
    """Return the best notes on beats, and a small share of the best between them."""
    between = sorted(
        (n for n in notes if keep_order.metric_weight(n) < 3), key=keep_order, reverse=True
    )
    voices = [n for n in between if not keep_order.keeps_time(n)][: int(_OFF_BEAT_SHARE * wanted)]
    on_beat = [n for n in notes if keep_order.metric_weight(n) == 3]
    on_beat = _best(on_beat, wanted - len(voices), keep_order)
    most = int(len(on_beat) * _OFF_BEAT_SHARE / (1 - _OFF_BEAT_SHARE))
    return on_beat + voices[:most]


def _spaced_kicks(
    notes: Sequence[GridNote], tempo: TempoMap, keep_order: _KeepOrder
) -> list[GridNote]:
    """Return `notes` with bass drums at least `BASIC_KICK_GAP_S` apart, strong positions first."""
    kicks = [n for n in notes if n.drum in FEET]
    kept_s: list[float] = []
    kept: set[GridNote] = set()
    for kick in sorted(kicks, key=lambda n: (-keep_order.metric_weight(n), n.position)):
        now_s = tempo.time_s(kick.bar, kick.tick)
        at = bisect.bisect(kept_s, now_s)
        if all(
            abs(now_s - near_s) >= BASIC_KICK_GAP_S for near_s in kept_s[max(0, at - 1) : at + 1]
        ):
            kept_s.insert(at, now_s)
            kept.add(kick)
    return [n for n in notes if n.drum not in FEET or n in kept]
