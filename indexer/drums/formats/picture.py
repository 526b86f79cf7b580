"""A picture of a chart's first busy bars, in the game's lanes and colours, time running upwards."""

from __future__ import annotations

import io
import math
from collections import Counter
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from indexer.drums.types import TICKS_PER_BAR, ChartSet, Drum, GridNote, LevelChart

_LANES: Final = (
    ("LC", (Drum.CRASH_LEFT,), "#ff5fa2"),
    ("HH", (Drum.HAT_CLOSED, Drum.HAT_OPEN), "#39b7ff"),
    ("LP", (Drum.HAT_PEDAL, Drum.KICK_LEFT), "#ff8fd8"),
    ("SD", (Drum.SNARE, Drum.SIDE_STICK), "#ffd23f"),
    ("HT", (Drum.TOM_HIGH,), "#3ddc84"),
    ("BD", (Drum.KICK,), "#a78bfa"),
    ("LT", (Drum.TOM_LOW,), "#ff5c5c"),
    ("FT", (Drum.TOM_FLOOR,), "#ff9f45"),
    ("CY", (Drum.CRASH, Drum.CHINA), "#5f8dff"),
    ("RD", (Drum.RIDE,), "#4fe3d0"),
)
_WIDE: Final = {"BD": 1.5}
_SCALE: Final = 2
"""Everything is drawn twice as large and shrunk, which smooths its edges."""
_LANE_PX, _BAR_PX, _COLUMN_GAP_PX, _MARGIN_PX, _HEAD_PX, _FOOT_PX = 24, 150, 34, 36, 92, 34
_COLUMNS, _BARS_A_COLUMN = 4, 3
_BACK, _PANEL, _LINE, _BAR_LINE, _TEXT, _DIM = (
    "#0e1117", "#171c26", "#2a3242", "#8190a8", "#f2f5fa", "#8b97ab",
)  # fmt: skip


def draw_png(chart_set: ChartSet) -> bytes:
    """Draw the first busy bars of the hardest level as a PNG."""
    level = chart_set.levels[-1]
    first = _first_bar(level)
    column_px = round(sum(_LANE_PX * _WIDE.get(name, 1) for name, _, _ in _LANES))
    width = 2 * _MARGIN_PX + _COLUMNS * column_px + (_COLUMNS - 1) * _COLUMN_GAP_PX
    height = _HEAD_PX + _BARS_A_COLUMN * _BAR_PX + _FOOT_PX + _MARGIN_PX
    image = Image.new("RGB", (width * _SCALE, height * _SCALE), _BACK)
    draw = ImageDraw.Draw(image)
    _heading(draw, chart_set, level, width)
    for column in range(_COLUMNS):
        left = _MARGIN_PX + column * (column_px + _COLUMN_GAP_PX)
        bars = range(first + column * _BARS_A_COLUMN, first + (column + 1) * _BARS_A_COLUMN)
        _column(draw, chart_set, level, bars, left, column_px)
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _first_bar(level: LevelChart) -> int:
    """Return the first bar from which on half as many notes are shown as anywhere."""
    counts = Counter(note.bar for note in level.notes)
    shown = range(_COLUMNS * _BARS_A_COLUMN)
    seen = {bar: sum(counts[bar + after] for after in shown) for bar in sorted(counts)}
    return next((bar for bar, count in seen.items() if 2 * count >= max(seen.values())), 0)


def _font(size: float) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size * _SCALE)


def _heading(draw: ImageDraw.ImageDraw, chart_set: ChartSet, level: LevelChart, width: int) -> None:
    bpm = chart_set.tempo.changes[0].bpm
    steady = "" if len(chart_set.tempo.changes) == 1 else "~"
    facts = (
        f"{level.level} {level.dlevel / 10:.1f}   {steady}{bpm:.1f} BPM   {len(level.notes)} notes"
    )
    room = (width - 2 * _MARGIN_PX) * _SCALE
    at = _MARGIN_PX * _SCALE
    title_font, small = _font(26), _font(14)
    facts_px = draw.textlength(facts, small)
    title = _fitting(draw, _drawable(chart_set.title), title_font, room - facts_px - 40)
    draw.text((at, 20 * _SCALE), title, _TEXT, font=title_font)
    artist = _fitting(draw, _drawable(chart_set.artist), small, room)
    draw.text((at, 54 * _SCALE), artist, _DIM, font=small)
    draw.text((at + room - facts_px, 32 * _SCALE), facts, _DIM, font=small)


def _drawable(text: str) -> str:
    """Replace what the built-in Latin font lacks."""
    return "".join(c if c.isprintable() and ord(c) < 0x250 else "·" for c in text)


def _fitting(draw: ImageDraw.ImageDraw, text: str, font: object, room: float) -> str:
    while text and draw.textlength(text, font) > room:  # type: ignore[arg-type]
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    return text


def _column(
    draw: ImageDraw.ImageDraw,
    chart_set: ChartSet,
    level: LevelChart,
    bars: range,
    left: int,
    column_px: int,
) -> None:
    top, bottom = _HEAD_PX, _HEAD_PX + _BARS_A_COLUMN * _BAR_PX
    _box(draw, (left, top, left + column_px, bottom), _PANEL)
    for index, bar in enumerate(bars):
        base = bottom - index * _BAR_PX
        beats = chart_set.tempo.beats(bar, chart_set.division)
        for beat in range(math.ceil(beats)):
            y = base - beat * _BAR_PX / beats
            _rule(draw, left, left + column_px, y, _BAR_LINE if beat == 0 else _LINE)
        draw.text(
            ((left - 6) * _SCALE, (base - 7) * _SCALE), str(bar), _DIM, font=_font(11), anchor="ra"
        )
    x = float(left)
    for name, drums, colour in _LANES:
        lane_px = _LANE_PX * _WIDE.get(name, 1)
        draw.line((x * _SCALE, top * _SCALE, x * _SCALE, bottom * _SCALE), _LINE, width=_SCALE)
        middle = (x + lane_px / 2) * _SCALE
        draw.text((middle, (bottom + 10) * _SCALE), name, colour, font=_font(11), anchor="ma")
        for note in level.notes:
            if note.drum in drums and note.bar in bars:
                y = bottom - ((note.bar - bars.start) + note.tick / TICKS_PER_BAR) * _BAR_PX
                _note(draw, note, x, y, lane_px, colour)
        x += lane_px


def _note(
    draw: ImageDraw.ImageDraw, note: GridNote, x: float, y: float, lane_px: float, colour: str
) -> None:
    half = 2.2 + 1.6 * note.velocity
    box = tuple(v * _SCALE for v in (x + 2, y - half, x + lane_px - 2, y + half))
    hollow = note.drum in (Drum.HAT_OPEN, Drum.SIDE_STICK, Drum.CHINA)
    draw.rounded_rectangle(
        box,
        radius=3 * _SCALE,
        fill=None if hollow else colour,
        outline=colour,
        width=2 * _SCALE,
    )


def _box(draw: ImageDraw.ImageDraw, box: tuple[float, ...], colour: str) -> None:
    draw.rectangle(tuple(v * _SCALE for v in box), fill=colour)


def _rule(draw: ImageDraw.ImageDraw, left: float, right: float, y: float, colour: str) -> None:
    draw.line((left * _SCALE, y * _SCALE, right * _SCALE, y * _SCALE), colour, width=_SCALE)
