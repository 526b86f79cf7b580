"""A chart as printable drum notation: an SVG of A4 pages.

Hands have stems up, feet stems down; crosses are cymbals, a circle above is open, brackets are
ghost notes, a ringed cross is a china. Bars stand on a five-line staff, as many on a line as have
room.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from indexer.drums.formats import engraving as sign
from indexer.drums.formats.engraving import SPACE
from indexer.drums.formats.notation_beats import STAFF_POSITION, BeatBox, BeatOfBar, draw_beat
from indexer.drums.formats.tab import printed
from indexer.drums.score.note_values import beat_of
from indexer.drums.types import TICKS_PER_BAR, ChartSet, GridNote, LevelChart

PAGE_PX: Final = (794.0, 1123.0)
"""A4 at 96 pixels an inch."""
_MARGIN_PX, _HEAD_PX, _SYSTEM_PX, _CLEF_PX = 44.0, 96.0, 86.0, 40.0
_STAFF_TOP_PX: Final = 38.0
"""From the top of a line of music to its staff: room for crashes, stems and numbers."""
_BAR_PX: Final = (120.0, 330.0)
_COLUMN_PX: Final = 11.0
"""The least distance between two notes."""
_BEFORE_PX, _AFTER_PX = 13.0, 3.0
_TEMPO_SHOWN: Final = 0.03
"""Least tempo change that is printed, as a share; smaller ones are the player's."""

_STYLE: Final = (
    "@page{size:A4;margin:0}svg{background:#fff}path,circle{fill:none;stroke:#000}"
    ".f{fill:#000;stroke:none}text{font-family:serif;fill:#000}"
)

_PAGE_SYSTEMS: Final = int((PAGE_PX[1] - 2 * _MARGIN_PX) // _SYSTEM_PX)
_FIRST_PAGE_SYSTEMS: Final = int((PAGE_PX[1] - 2 * _MARGIN_PX - _HEAD_PX) // _SYSTEM_PX)

_Bars = dict[int, list[GridNote]]
_Notes = dict[tuple[int, float], list[GridNote]]


@dataclass(frozen=True)
class _PlacedBar:
    """A bar on a line of music."""

    number: int
    x: float
    width: float


def write_notation(chart_set: ChartSet, level: LevelChart, *, credit: str = "") -> str:
    """Draw a whole level as an SVG document."""
    bars: _Bars = defaultdict(list)
    for note in level.notes:
        if note.drum in STAFF_POSITION:
            bars[note.bar].append(note)
    first, last = min(bars, default=0), max(bars, default=0)
    widths = {bar: _width(bars.get(bar, []), chart_set, bar) for bar in range(first, last + 1)}
    systems = _systems(widths)
    pages = 1 + max(0, -(-(len(systems) - _FIRST_PAGE_SYSTEMS) // _PAGE_SYSTEMS))
    out = [_heading(chart_set, level, credit), *_music(systems, bars, chart_set)]
    for page in range(pages):
        y = (page + 1) * PAGE_PX[1] - 20
        out.append(sign.text(PAGE_PX[0] / 2, y, f"{page + 1} / {pages}", size=9, anchor="middle"))
    width, height = PAGE_PX[0], PAGE_PX[1] * pages
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="{297 * pages}mm" '
        f'viewBox="0 0 {width:g} {height:g}">\n<title>{_words(chart_set.title)}</title>'
        f"<style>{_STYLE}</style>\n" + "\n".join(out) + "\n</svg>\n"
    )


def _music(systems: list[list[_PlacedBar]], bars: _Bars, chart_set: ChartSet) -> Iterator[str]:
    """Draw the systems with their bars; signature and tempo where they change."""
    last_bpm, last_signature = 0.0, (0, 0)
    for number, system in enumerate(systems):
        top = _top_px(number)
        yield _staff(system, top, is_last=number == len(systems) - 1)
        for bar in system:
            signature = chart_set.signature(bar.number)
            if signature != last_signature:
                first_x = _MARGIN_PX + 27 if number == 0 else bar.x - 9
                yield _signature(first_x if bar is system[0] else bar.x + 6, top, signature)
                last_signature = signature
            yield _bar(bars.get(bar.number, []), bar, top, chart_set)
            bpm = _bpm(chart_set, bar.number)
            if abs(bpm - last_bpm) > _TEMPO_SHOWN * max(last_bpm, 1):
                x = _MARGIN_PX if bar is system[0] else bar.x + 2
                yield _tempo(x, top - 31, bpm, chart_set)
                last_bpm = bpm


def _top_px(number: int) -> float:
    """Return the top of the staff of a system in the document."""
    page, row = 0, number
    if number >= _FIRST_PAGE_SYSTEMS:
        page, row = divmod(number - _FIRST_PAGE_SYSTEMS, _PAGE_SYSTEMS)
        page += 1
    top = page * PAGE_PX[1] + _MARGIN_PX + row * _SYSTEM_PX
    return top + ((0 if page else _HEAD_PX) + _STAFF_TOP_PX)


def _words(text: str) -> str:
    """Return any text as one line, escaped for XML."""
    return escape(printed(text), {'"': "&quot;"})


def _heading(chart_set: ChartSet, level: LevelChart, credit: str) -> str:
    middle, right = PAGE_PX[0] / 2, PAGE_PX[0] - _MARGIN_PX
    facts = f"Drums, {level.level} {level.dlevel / 10:.1f}"
    return "".join(
        (
            sign.text(middle, _MARGIN_PX + 22, _words(chart_set.title), size=24, anchor="middle",
                      weight="bold"),
            sign.text(middle, _MARGIN_PX + 44, _words(chart_set.artist), size=14, anchor="middle"),
            sign.text(_MARGIN_PX, _MARGIN_PX + 66, facts, size=11),
            sign.text(right, _MARGIN_PX + 66, _words(credit), size=11, anchor="end"),
        )
    )  # fmt: skip


def _bpm(chart_set: ChartSet, bar: int) -> float:
    """Return the beats a minute of a bar."""
    tempo = chart_set.tempo
    return 60 * tempo.beats(bar, chart_set.division) / (tempo.time_s(bar + 1) - tempo.time_s(bar))


def _tempo(x: float, y: float, bpm: float, chart_set: ChartSet) -> str:
    mark = sign.quarter_sign(x + 4, y, dotted=chart_set.division == 3)
    return mark + sign.text(x + 14, y + 2, f"= {bpm:.0f}", size=11)


def _width(notes: list[GridNote], chart_set: ChartSet, bar: int) -> float:
    ticks = sorted({note.tick for note in notes} | {TICKS_PER_BAR})
    gaps = [b - a for a, b in itertools.pairwise(ticks) if b - a > 2]
    wanted = _COLUMN_PX * TICKS_PER_BAR / min(gaps, default=TICKS_PER_BAR)
    longer = max(1.0, chart_set.tempo.beats(bar, chart_set.division) / 4)
    return min(max(wanted + _BEFORE_PX, _BAR_PX[0] * longer), _BAR_PX[1] * longer)


def _systems(widths: dict[int, float]) -> list[list[_PlacedBar]]:
    """Break bars into systems; each but a short last one fills its line."""
    lines: list[list[int]] = [[]]
    room = PAGE_PX[0] - 2 * _MARGIN_PX - _CLEF_PX
    used = 0.0
    for bar, width in widths.items():
        if lines[-1] and used + width > room:
            lines.append([])
            used = 0.0
        lines[-1].append(bar)
        used += width
    systems = []
    for number, line in enumerate(lines):
        natural = sum(widths[bar] for bar in line)
        stretch = room / natural
        if number == len(lines) - 1 and stretch > 1.4:
            stretch = 1.0
        x, system = _MARGIN_PX + _CLEF_PX, []
        for bar in line:
            system.append(_PlacedBar(bar, x, widths[bar] * stretch))
            x += widths[bar] * stretch
        systems.append(system)
    return systems


def _signature(x: float, top: float, signature: tuple[int, int]) -> str:
    return "".join(
        sign.text(x, top + y * SPACE, str(n), size=16, weight="bold", anchor="middle")
        for n, y in zip(signature, (1.9, 3.9), strict=True)
    )


def _staff(system: list[_PlacedBar], top: float, *, is_last: bool) -> str:
    left, right = _MARGIN_PX, system[-1].x + system[-1].width
    lines = "".join(f"M{left:.1f} {top + n * SPACE:.1f}H{right:.1f}" for n in range(5))
    out = [f'<path d="{lines}" stroke-width="0.6"/>', sign.clef(left + 6, top)]
    out.append(sign.line(left, top, left, top + 4 * SPACE))
    for bar in system:
        end = bar.x + bar.width
        out.append(sign.line(end, top, end, top + 4 * SPACE))
    out.append(sign.text(system[0].x - 4, top - 6, str(system[0].number), size=8, anchor="end"))
    if is_last:
        out.append(sign.line(right - 4, top, right - 4, top + 4 * SPACE))
        out.append(sign.line(right - 1, top, right - 1, top + 4 * SPACE, 2.4))
    return "".join(out)


def _bar(notes: list[GridNote], bar: _PlacedBar, top: float, chart_set: ChartSet) -> str:
    if not notes:
        return sign.whole_rest(bar.x + bar.width / 2, top + SPACE)
    beats = chart_set.tempo.beats(bar.number, chart_set.division)
    voices: tuple[_Notes, _Notes] = (defaultdict(list), defaultdict(list))
    for note in notes:
        voices[note.drum.is_foot][beat_of(note.tick, beats)].append(note)
    out = []
    inner = bar.width - _BEFORE_PX - _AFTER_PX
    for beat in range(math.ceil(beats)):
        beat_of_bar = BeatOfBar(TICKS_PER_BAR / beats, min(1.0, beats - beat), chart_set.division)
        start = bar.x + _BEFORE_PX + inner * beat / beats
        hands, feet = ({t: n for (b, t), n in voice.items() if b == beat} for voice in voices)
        box = BeatBox(start, inner / beats, top)
        if hands or not feet:
            out.append(draw_beat(hands, box, beat_of_bar, up=True, rests=True))
        if feet:
            out.append(draw_beat(feet, box, beat_of_bar, up=False, rests=not hands))
    return "".join(out)
