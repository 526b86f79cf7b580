"""A chart as printable drum notation: an SVG of A4 pages.

Hands have stems up, feet stems down; crosses are cymbals, a circle above is open, brackets are
ghost notes, a ringed cross is a china. Bars stand on a five-line staff, as many on a line as have
room.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from indexer.drums.formats import engraving as sign
from indexer.drums.formats.engraving import HALF, HEAD, SPACE
from indexer.drums.formats.tab import GHOST, printed
from indexer.drums.score.note_values import Beat, Written, beat_of, write_beat
from indexer.drums.types import TICKS_PER_BAR, ChartSet, Drum, GridNote, LevelChart

PAGE_PX: Final = (794.0, 1123.0)
"""A4 at 96 pixels an inch."""
_MARGIN_PX, _HEAD_PX, _SYSTEM_PX, _CLEF_PX = 44.0, 96.0, 86.0, 40.0
_STAFF_TOP_PX: Final = 38.0
"""From the top of a line of music to its staff: room for crashes, stems and numbers."""
_BAR_PX: Final = (120.0, 330.0)
_COLUMN_PX: Final = 11.0
"""The least distance between two strokes."""
_BEFORE_PX, _AFTER_PX = 13.0, 3.0
_STEM: Final = 3.1 * SPACE
_TEMPO_SHOWN: Final = 0.03
"""Tempo changes by less are a player's, and are not told."""

_PLACE: Final[dict[Drum, int]] = {
    Drum.CHINA: -4, Drum.CRASH_LEFT: -3, Drum.CRASH: -2, Drum.HAT_CLOSED: -1, Drum.HAT_OPEN: -1,
    Drum.RIDE: 0, Drum.TOM_HIGH: 1, Drum.TOM_LOW: 2, Drum.SNARE: 3, Drum.SIDE_STICK: 3,
    Drum.TOM_FLOOR: 5, Drum.KICK: 7, Drum.KICK_LEFT: 8, Drum.HAT_PEDAL: 9,
}  # fmt: skip
"""Half spaces below the upper line of the staff."""
_CROSSED: Final = frozenset(
    {Drum.CRASH, Drum.CRASH_LEFT, Drum.HAT_CLOSED, Drum.HAT_OPEN, Drum.RIDE, Drum.SIDE_STICK,
     Drum.HAT_PEDAL, Drum.CHINA}
)  # fmt: skip
_STYLE: Final = (
    "@page{size:A4;margin:0}svg{background:#fff}path,circle{fill:none;stroke:#000}"
    ".f{fill:#000;stroke:none}text{font-family:serif;fill:#000}"
)

_Notes = dict[tuple[int, float], list[GridNote]]


@dataclass(frozen=True)
class _Placed:
    """A bar on a line of music."""

    number: int
    x: float
    width: float


@dataclass(frozen=True)
class _BeatOfBar:
    """Its length, how much of it belongs to the bar, and the parts it divides into."""

    ticks: float
    share: float
    division: int


def write_notation(chart_set: ChartSet, level: LevelChart, *, credit: str = "") -> str:
    """The whole level as an SVG document."""
    bars: dict[int, list[GridNote]] = defaultdict(list)
    for note in level.notes:
        if note.drum in _PLACE:
            bars[note.bar].append(note)
    first, last = min(bars, default=0), max(bars, default=0)
    widths = {bar: _width(bars.get(bar, []), chart_set, bar) for bar in range(first, last + 1)}
    systems = _systems(widths)
    room = PAGE_PX[1] - 2 * _MARGIN_PX
    on_first = int((room - _HEAD_PX) // _SYSTEM_PX)
    on_page = int(room // _SYSTEM_PX)
    pages = 1 + max(0, -(-(len(systems) - on_first) // on_page))
    out = [_heading(chart_set, level, credit)]
    told_bpm, told_signature = 0.0, (0, 0)
    for number, system in enumerate(systems):
        page, row = 0, number
        if number >= on_first:
            page, row = divmod(number - on_first, on_page)
            page += 1
        top = page * PAGE_PX[1] + _MARGIN_PX + row * _SYSTEM_PX
        top += (0 if page else _HEAD_PX) + _STAFF_TOP_PX
        out.append(_staff(system, top, is_last=number == len(systems) - 1))
        for bar in system:
            signature = chart_set.signature(bar.number)
            if signature != told_signature:
                first_x = _MARGIN_PX + 27 if number == 0 else bar.x - 9
                out.append(_signature(first_x if bar is system[0] else bar.x + 6, top, signature))
                told_signature = signature
            out.append(_bar(bars.get(bar.number, []), bar, top, chart_set))
            bpm = _bpm(chart_set, bar.number)
            if abs(bpm - told_bpm) > _TEMPO_SHOWN * max(told_bpm, 1):
                x = _MARGIN_PX if bar is system[0] else bar.x + 2
                out.append(_tempo(x, top - 31, bpm, chart_set))
                told_bpm = bpm
    for page in range(pages):
        y = (page + 1) * PAGE_PX[1] - 20
        out.append(sign.text(PAGE_PX[0] / 2, y, f"{page + 1} / {pages}", size=9, anchor="middle"))
    width, height = PAGE_PX[0], PAGE_PX[1] * pages
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="{297 * pages}mm" '
        f'viewBox="0 0 {width:g} {height:g}">\n<title>{_words(chart_set.title)}</title>'
        f"<style>{_STYLE}</style>\n" + "\n".join(out) + "\n</svg>\n"
    )


def _words(text: str) -> str:
    """Any text as XML takes it."""
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
    """Beats a minute in a bar."""
    tempo = chart_set.tempo
    return 60 * tempo.beats(bar, chart_set.division) / (tempo.time_s(bar + 1) - tempo.time_s(bar))


def _tempo(x: float, y: float, bpm: float, chart_set: ChartSet) -> str:
    mark = sign.quarter_sign(x + 4, y, dotted=chart_set.division == 3)
    return mark + sign.text(x + 14, y + 2, f"= {bpm:.0f}", size=11)


def _width(notes: list[GridNote], chart_set: ChartSet, bar: int) -> float:
    places = sorted({note.tick for note in notes} | {TICKS_PER_BAR})
    gaps = [b - a for a, b in itertools.pairwise(places) if b - a > 2]
    wanted = _COLUMN_PX * TICKS_PER_BAR / min(gaps, default=TICKS_PER_BAR)
    longer = max(1.0, chart_set.tempo.beats(bar, chart_set.division) / 4)
    return min(max(wanted + _BEFORE_PX, _BAR_PX[0] * longer), _BAR_PX[1] * longer)


def _systems(widths: dict[int, float]) -> list[list[_Placed]]:
    """Bars broken into lines; each but a short last one fills its line."""
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
            system.append(_Placed(bar, x, widths[bar] * stretch))
            x += widths[bar] * stretch
        systems.append(system)
    return systems


def _signature(x: float, top: float, signature: tuple[int, int]) -> str:
    return "".join(
        sign.text(x, top + y * SPACE, str(n), size=16, weight="bold", anchor="middle")
        for n, y in zip(signature, (1.9, 3.9), strict=True)
    )


def _staff(system: list[_Placed], top: float, *, is_last: bool) -> str:
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


def _bar(notes: list[GridNote], bar: _Placed, top: float, chart_set: ChartSet) -> str:
    if not notes:
        return sign.whole_rest(bar.x + bar.width / 2, top + SPACE)
    beats = chart_set.tempo.beats(bar.number, chart_set.division)
    voices: tuple[_Notes, _Notes] = (defaultdict(list), defaultdict(list))
    for note in notes:
        voices[note.drum.is_foot][beat_of(note.tick, beats)].append(note)
    out = []
    inner = bar.width - _BEFORE_PX - _AFTER_PX
    for beat in range(math.ceil(beats)):
        beat_of_bar = _BeatOfBar(TICKS_PER_BAR / beats, min(1.0, beats - beat), chart_set.division)
        start = bar.x + _BEFORE_PX + inner * beat / beats
        hands, feet = ({t: n for (b, t), n in voice.items() if b == beat} for voice in voices)
        if hands or not feet:
            out.append(_beat(hands, start, inner / beats, top, beat_of_bar, up=True, rests=True))
        if feet:
            out.append(
                _beat(feet, start, inner / beats, top, beat_of_bar, up=False, rests=not hands)
            )
    return "".join(out)


def _beat(
    notes: dict[float, list[GridNote]],
    x: float,
    width: float,
    top: float,
    of: _BeatOfBar,
    *,
    up: bool,
    rests: bool,
) -> str:
    beat = write_beat(sorted(notes), of.ticks, division=of.division, share=of.share)
    strokes = [item for item in beat.notes if not item.is_rest]
    every = ((item, _chord(item, strokes, notes, of.ticks)) for item in strokes)
    chords = [(item, chord) for item, chord in every if chord]
    out = []
    for item in beat.notes:
        if item.is_rest and rests:
            at = x + item.place * width
            out.append(sign.rest(at, top + (2 if up else 3) * SPACE, item.value, item.flags))
    for item, chord in chords:
        out.append(_heads(chord, item, x + item.place * width, top, up=up))
    out.append(_stems(chords, beat, x, width, top, up=up))
    return "".join(out)


def _chord(
    item: Written, strokes: list[Written], notes: dict[float, list[GridNote]], beat_ticks: float
) -> list[GridNote]:
    """The notes of a beat that stand nearest to `item`."""

    def nearest(tick: float) -> Written:
        return min(strokes, key=lambda one: abs(tick - one.place * beat_ticks))

    return [note for tick, struck in notes.items() if nearest(tick) is item for note in struck]


def _heads(chord: list[GridNote], item: Written, x: float, top: float, *, up: bool) -> str:
    out = []
    middle, places = x, {_PLACE[note.drum] for note in chord}
    for note in chord:
        y = top + _PLACE[note.drum] * HALF
        # neighbours would cover each other: the upper one stands beyond the stem
        x = middle + (2 * HEAD - 0.6 if _PLACE[note.drum] + 1 in places else 0.0)
        out.append(sign.cross_head(x, y) if note.drum in _CROSSED else sign.full_head(x, y))
        for ledger in range(-2, _PLACE[note.drum] - 1, -2):
            above = top + ledger * HALF
            out.append(sign.line(x - 2 * HEAD, above, x + 2 * HEAD, above, 0.6))
        if note.drum is Drum.CHINA:
            out.append(sign.ring(x, y))
        if note.drum is Drum.HAT_OPEN:
            out.append(sign.circle(x, y - 1.5 * SPACE if not up else y - 0.4 * SPACE - 3.4))
        if note.drum is Drum.SNARE and note.velocity < GHOST:
            out.append(sign.brackets(x, y))
        if item.dotted:
            out.append(sign.dot(x + 2 * HEAD, y - (0 if _PLACE[note.drum] % 2 else HALF)))
    return "".join(out)


def _stems(
    chords: list[tuple[Written, list[GridNote]]],
    beat: Beat,
    x: float,
    width: float,
    top: float,
    *,
    up: bool,
) -> str:
    if not chords:
        return ""
    d = 1 if up else -1
    places = [_PLACE[note.drum] for _, chord in chords for note in chord]
    outer = min(places) if up else max(places)
    end = top + outer * HALF - d * _STEM
    side = d * (HEAD - 0.4)
    out, stems = [], []
    for item, chord in chords:
        at = x + item.place * width + side
        inner = [_PLACE[note.drum] for note in chord]
        start = top + (max(inner) if up else min(inner)) * HALF
        out.append(sign.line(at, start, at, end))
        stems.append(at)
    flagged = [n for n, (item, _) in enumerate(chords) if item.flags]
    if len(flagged) == 1:
        only = flagged[0]
        out.append(sign.flags(stems[only], end, chords[only][0].flags, d))
    elif flagged:
        out.append(_beams([(stems[n], chords[n][0].flags) for n in flagged], end, d))
    if beat.tuplet:
        middle = x + width * 0.4
        out.append(sign.text(middle, end - d * 4 + (0 if up else 6), str(beat.tuplet), size=9,
                             anchor="middle"))  # fmt: skip
    return "".join(out)


def _beams(stems: list[tuple[float, int]], end: float, d: int) -> str:
    """The first beam over all, further ones between neighbours that both have them, or short."""
    out = [sign.beam(stems[0][0] - 0.45, stems[-1][0] + 0.45, end + d * 0.25 * SPACE)]
    for level in range(2, 5):
        y = end + d * (0.25 + 0.75 * (level - 1)) * SPACE
        for n, (x, count) in enumerate(stems):
            if count < level:
                continue
            after = n + 1 < len(stems) and stems[n + 1][1] >= level
            before = n > 0 and stems[n - 1][1] >= level
            if after:
                out.append(sign.beam(x, stems[n + 1][0], y))
            elif not before:
                out.append(sign.beam(x, x + (1 if n == 0 else -1) * SPACE, y))
    return "".join(out)
