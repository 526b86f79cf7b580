"""A chart as drum tablature: plain text, a line for each drum, a column for each grid position."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from typing import Final

from indexer.drums.formats.dtx.dtx_types import clean_text
from indexer.drums.score.note_values import beat_of, grid_of
from indexer.drums.types import TICKS_PER_BAR, ChartSet, Drum, GridNote, LevelChart

_LINES: Final[tuple[tuple[str, dict[Drum, str]], ...]] = (
    ("CH", {Drum.CHINA: "X"}),
    ("CC", {Drum.CRASH: "X", Drum.CRASH_LEFT: "L"}),
    ("RD", {Drum.RIDE: "x"}),
    ("HH", {Drum.HAT_CLOSED: "x", Drum.HAT_OPEN: "o"}),
    ("T1", {Drum.TOM_HIGH: "o"}),
    ("T2", {Drum.TOM_LOW: "o"}),
    ("SD", {Drum.SNARE: "o", Drum.SIDE_STICK: "s"}),
    ("FT", {Drum.TOM_FLOOR: "o"}),
    ("BD", {Drum.KICK: "o", Drum.KICK_LEFT: "l"}),
    ("HF", {Drum.HAT_PEDAL: "x"}),
)
_LEGEND: Final = (
    "CH china  CC crash (L left)  RD ride  HH hi-hat (o open)  T1 T2 FT toms\n"
    "SD snare (g ghost, s side-stick)  BD bass drum (l left foot)  HF hi-hat foot"
)
_WIDTH: Final = 78
_LONGEST_TEXT: Final = 120
GHOST: Final = 0.35
"""Snares played more softly are ghost notes."""


def write_tab(chart_set: ChartSet, level: LevelChart, *, credit: str = "") -> str:
    """Write a whole level."""
    top, bottom = chart_set.time_signature
    heading = [
        printed(chart_set.title),
        printed(chart_set.artist),
        printed(credit),
        f"{level.level} {level.dlevel / 10:.1f}, {top}/{bottom}, "
        f"{chart_set.tempo.changes[0].bpm:.1f} quarters a minute",
    ]
    bars: dict[int, list[GridNote]] = defaultdict(list)
    for note in level.notes:
        bars[note.bar].append(note)
    drums = {note.drum for note in level.notes}
    rows = [(name, signs) for name, signs in _LINES if drums & set(signs)]
    out = [*(line for line in heading if line), "", _LEGEND, ""]
    first, last = min(bars, default=0), max(bars, default=0)
    line: list[tuple[int, list[str]]] = []
    for bar in range(first, last + 1):
        cells = _bar(bars.get(bar, []), rows, chart_set, bar)
        if line and 3 + sum(len(c[0]) + 1 for _, c in line) + len(cells[0]) + 1 > _WIDTH:
            out += _joined(line, rows)
            line = []
        line.append((bar, cells))
    return "\n".join([*out, *(_joined(line, rows) if rows else []), ""])


def printed(text: str) -> str:
    """Return any text as one line that is valid in text files and XML."""
    kept = (char for char in clean_text(text) if unicodedata.category(char) != "Cn")
    return "".join(kept)[:_LONGEST_TEXT]


def _joined(
    line: list[tuple[int, list[str]]], rows: list[tuple[str, dict[Drum, str]]]
) -> list[str]:
    numbers = "   " + "".join(f"{bar:<{len(cells[0]) + 1}}" for bar, cells in line)
    lines = [
        f"{name}|" + "|".join(cells[row] for _, cells in line) + "|"
        for row, (name, _) in enumerate(rows)
    ]
    return [numbers.rstrip(), *lines, ""]


def _bar(
    notes: list[GridNote],
    rows: list[tuple[str, dict[Drum, str]]],
    chart_set: ChartSet,
    number: int,
) -> list[str]:
    """One string for each row; every beat has as many columns as its notes need."""
    division = chart_set.division
    beats = chart_set.tempo.beats(number, division)
    beat_ticks = TICKS_PER_BAR / beats
    ticks: dict[int, list[float]] = defaultdict(list)
    for note in notes:
        beat, inside = beat_of(note.tick, beats)
        ticks[beat].append(inside)
    least = 6 if division == 3 else 4
    grids = [
        _columns(grid_of(sorted(ticks[beat]), beat_ticks, division=division), least)
        for beat in range(math.ceil(beats))
    ]
    widths = [max(1, round(grid * min(1.0, beats - beat))) for beat, grid in enumerate(grids)]
    cells = [["-"] * sum(widths) for _ in rows]
    for note in notes:
        beat, inside = beat_of(note.tick, beats)
        cell = min(round(inside * grids[beat] / beat_ticks), widths[beat] - 1)
        column = sum(widths[:beat]) + cell
        for row, (_, signs) in enumerate(rows):
            if note.drum in signs:
                ghost = note.drum is Drum.SNARE and note.velocity < GHOST
                cells[row][column] = "g" if ghost else signs[note.drum]
    return ["".join(row) for row in cells]


def _columns(grid: int, least: int) -> int:
    """A beat is no narrower than sixteenths, unless it holds triplets."""
    return grid if least == 4 and grid % 3 == 0 else math.lcm(grid, least)
