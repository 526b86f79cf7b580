"""Beats of drum notation: heads, rests, stems, flags and beams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.drums.formats import engraving as sign
from indexer.drums.formats.engraving import HALF, HEAD, SPACE
from indexer.drums.formats.tab import GHOST
from indexer.drums.score.note_values import Beat, WrittenNote, write_beat
from indexer.drums.types import Drum, GridNote

_STEM: Final = 3.1 * SPACE

STAFF_POSITION: Final[dict[Drum, int]] = {
    Drum.CHINA: -4, Drum.CRASH_LEFT: -3, Drum.CRASH: -2, Drum.HAT_CLOSED: -1, Drum.HAT_OPEN: -1,
    Drum.RIDE: 0, Drum.TOM_HIGH: 1, Drum.TOM_LOW: 2, Drum.SNARE: 3, Drum.SIDE_STICK: 3,
    Drum.TOM_FLOOR: 5, Drum.KICK: 7, Drum.KICK_LEFT: 8, Drum.HAT_PEDAL: 9,
}  # fmt: skip
"""Half spaces below the top line of the staff."""
CROSSED: Final = frozenset(
    {Drum.CRASH, Drum.CRASH_LEFT, Drum.HAT_CLOSED, Drum.HAT_OPEN, Drum.RIDE, Drum.SIDE_STICK,
     Drum.HAT_PEDAL, Drum.CHINA}
)  # fmt: skip


@dataclass(frozen=True)
class BeatBox:
    """Left edge and width of a beat, and the top of its staff, pixels."""

    x: float
    width: float
    top: float


@dataclass(frozen=True)
class BeatOfBar:
    """Length of a beat in ticks, its share inside the bar (0..1), and the parts it divides into."""

    ticks: float
    share: float
    division: int


def draw_beat(
    notes: dict[float, list[GridNote]],
    box: BeatBox,
    of: BeatOfBar,
    *,
    up: bool,
    rests: bool,
) -> str:
    """Draw one voice of a beat.

    Args:
        notes: By tick inside the beat.
        box: Its position on the page.
        of: Its length.
        up: Whether stems point up.
        rests: Whether its rests are drawn.
    """
    x, width, top = box.x, box.width, box.top
    beat = write_beat(sorted(notes), of.ticks, division=of.division, share=of.share)
    written = [item for item in beat.notes if not item.is_rest]
    every = ((item, _chord(item, written, notes, of.ticks)) for item in written)
    chords = [(item, chord) for item, chord in every if chord]
    out = []
    for item in beat.notes:
        if item.is_rest and rests:
            at = x + item.position * width
            out.append(sign.rest(at, top + (2 if up else 3) * SPACE, item.value, item.flags))
    for item, chord in chords:
        out.append(_heads(chord, item, x + item.position * width, top, up=up))
    out.append(_stems(chords, beat, box, up=up))
    return "".join(out)


def _chord(
    item: WrittenNote,
    written: list[WrittenNote],
    notes: dict[float, list[GridNote]],
    beat_ticks: float,
) -> list[GridNote]:
    """Return the notes of a beat whose nearest written note is `item`."""

    def nearest(tick: float) -> WrittenNote:
        return min(written, key=lambda one: abs(tick - one.position * beat_ticks))

    return [note for tick, group in notes.items() if nearest(tick) is item for note in group]


def _heads(chord: list[GridNote], item: WrittenNote, x: float, top: float, *, up: bool) -> str:
    out = []
    middle, positions = x, {STAFF_POSITION[note.drum] for note in chord}
    for note in chord:
        y = top + STAFF_POSITION[note.drum] * HALF
        # neighbours would cover each other: the upper one is drawn beyond the stem
        x = middle + (2 * HEAD - 0.6 if STAFF_POSITION[note.drum] + 1 in positions else 0.0)
        out.append(sign.cross_head(x, y) if note.drum in CROSSED else sign.full_head(x, y))
        for ledger in range(-2, STAFF_POSITION[note.drum] - 1, -2):
            above = top + ledger * HALF
            out.append(sign.line(x - 2 * HEAD, above, x + 2 * HEAD, above, 0.6))
        if note.drum is Drum.CHINA:
            out.append(sign.ring(x, y))
        if note.drum is Drum.HAT_OPEN:
            out.append(sign.circle(x, y - 1.5 * SPACE if not up else y - 0.4 * SPACE - 3.4))
        if note.drum is Drum.SNARE and note.velocity < GHOST:
            out.append(sign.parentheses(x, y))
        if item.dotted:
            out.append(sign.dot(x + 2 * HEAD, y - (0 if STAFF_POSITION[note.drum] % 2 else HALF)))
    return "".join(out)


def _stems(
    chords: list[tuple[WrittenNote, list[GridNote]]], beat: Beat, box: BeatBox, *, up: bool
) -> str:
    if not chords:
        return ""
    x, width, top = box.x, box.width, box.top
    d = 1 if up else -1
    positions = [STAFF_POSITION[note.drum] for _, chord in chords for note in chord]
    outer = min(positions) if up else max(positions)
    end = top + outer * HALF - d * _STEM
    side = d * (HEAD - 0.4)
    out, stems = [], []
    for item, chord in chords:
        at = x + item.position * width + side
        inner = [STAFF_POSITION[note.drum] for note in chord]
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
    """Draw one beam over all stems; further ones between neighbours that share them, else short."""
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
