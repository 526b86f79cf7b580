"""Lanes of Clone Hero and YARG: a kick, and four pads of which three have a tom and a cymbal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from indexer.drums.types import ChartSet, Drum, GridNote

RED, YELLOW, BLUE, GREEN, FIFTH = range(1, 6)
"""Pads by number; `FIFTH` is the fifth pad of other games."""
KICK, KICK_2X = 0, 95
"""The bass drum, and the one of a second pedal."""
DIFFICULTIES: Final = {"MASTER": "Expert", "EXTREME": "Hard", "ADVANCED": "Medium", "BASIC": "Easy"}
"""Level of a chart → difficulty of these games."""


@dataclass(frozen=True, order=True, slots=True)
class Pad:
    """A lane: a pad of `RED`..`FIFTH`, `KICK` or `KICK_2X`, and whether it is a cymbal."""

    number: int
    is_cymbal: bool = False


PAD_OF: Final[dict[Drum, Pad]] = {
    Drum.KICK: Pad(KICK), Drum.KICK_LEFT: Pad(KICK_2X), Drum.SNARE: Pad(RED),
    Drum.SIDE_STICK: Pad(RED), Drum.HAT_CLOSED: Pad(YELLOW, is_cymbal=True),
    Drum.HAT_OPEN: Pad(YELLOW, is_cymbal=True), Drum.RIDE: Pad(BLUE, is_cymbal=True),
    Drum.CRASH: Pad(GREEN, is_cymbal=True), Drum.CRASH_LEFT: Pad(GREEN, is_cymbal=True),
    Drum.CHINA: Pad(GREEN, is_cymbal=True), Drum.TOM_HIGH: Pad(YELLOW), Drum.TOM_LOW: Pad(BLUE),
    Drum.TOM_FLOOR: Pad(GREEN),
}  # fmt: skip
"""Drum → pad; the foot on the hi-hat has none."""
_DRUM_OF: Final[dict[Pad, Drum]] = {
    Pad(KICK): Drum.KICK, Pad(KICK_2X): Drum.KICK_LEFT, Pad(RED): Drum.SNARE,
    Pad(YELLOW, is_cymbal=True): Drum.HAT_CLOSED, Pad(BLUE, is_cymbal=True): Drum.RIDE,
    Pad(GREEN, is_cymbal=True): Drum.CRASH, Pad(YELLOW): Drum.TOM_HIGH, Pad(BLUE): Drum.TOM_LOW,
    Pad(GREEN): Drum.TOM_FLOOR,
}  # fmt: skip
_FIVE_LANES: Final[dict[int, Drum]] = {
    YELLOW: Drum.HAT_CLOSED, BLUE: Drum.TOM_HIGH, GREEN: Drum.CRASH, FIFTH: Drum.TOM_FLOOR,
}  # fmt: skip
"""Pads of a kit with five: the third and the fifth are toms, the second and the fourth cymbals."""
NO_CYMBALS_SAID: Final = (
    "Toms and cymbals are not told apart: yellow, blue, green count as hi-hat, ride and crash."
)
_OTHER_CYMBALS: Final = (BLUE, GREEN, YELLOW)


def drum_of(pad: Pad, *, five_lanes: bool = False) -> Drum:
    """Return the drum of a pad."""
    if five_lanes and pad.number in _FIVE_LANES:
        return _FIVE_LANES[pad.number]
    return _DRUM_OF[pad]


def pads_of(notes: Iterable[GridNote]) -> Iterator[tuple[GridNote, Pad]]:
    """Yield each note that has a pad, with it.

    A cymbal whose pad is taken at the same time by a drum or another cymbal goes to the next one.
    """
    chords: dict[tuple[int, int], list[GridNote]] = defaultdict(list)
    for note in sorted(notes):
        chords[note.bar, note.tick].append(note)
    for chord in chords.values():
        taken: set[int] = set()
        for note in sorted(chord, key=lambda one: PAD_OF.get(one.drum, Pad(RED)).is_cymbal):
            pad = PAD_OF.get(note.drum)
            if pad is None:
                continue
            if pad.number in taken and pad.is_cymbal:
                free = [number for number in _OTHER_CYMBALS if number not in taken]
                pad = Pad(free[0], is_cymbal=True) if free else pad
            if pad.number not in taken:
                taken.add(pad.number)
                yield note, pad


def left_out(chart_set: ChartSet) -> str:
    """Return a sentence on the notes that these games have no pad for; "" where there are none."""
    counts = Counter(
        note.drum for level in chart_set.levels[-1:] for note in level.notes
        if note.drum not in PAD_OF
    )  # fmt: skip
    listed = ", ".join(f"{count} × {drum}" for drum, count in sorted(counts.items()))
    return f"Clone Hero and YARG have no pad for {listed}." if listed else ""
