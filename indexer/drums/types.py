"""The values that the drum stages hand to one another.

Conventions: times in seconds from the first sample of the recording; velocity 0..1;
ticks on a grid of `TICKS_PER_BAR` positions a bar whatever the bar's length (the grid that
DTX readers quantise to), so a tick's musical length follows the bar length.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

TICKS_PER_BAR: Final = 384
"""Positions in a bar, as every DTX reader counts them."""

LEVELS: Final = ("BASIC", "ADVANCED", "EXTREME", "MASTER")
"""From the easiest to the whole transcription."""


class DrumsError(Exception):
    """Something about a recording or a chart that a person has to know; the message says what.

    Attributes:
        code: The kind of trouble, for programs and other languages; "" for the rare ones.
    """

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Drum(StrEnum):
    """A voice of the drum kit."""

    KICK = "kick"
    SNARE = "snare"
    SIDE_STICK = "side_stick"
    HAT_CLOSED = "hat_closed"
    HAT_OPEN = "hat_open"
    HAT_PEDAL = "hat_pedal"
    TOM_HIGH = "tom_high"
    TOM_LOW = "tom_low"
    TOM_FLOOR = "tom_floor"
    CRASH = "crash"
    CRASH_LEFT = "crash_left"
    RIDE = "ride"
    CHINA = "china"
    KICK_LEFT = "kick_left"
    OTHER = "other"

    @property
    def family(self) -> str:
        """One of the five classes KD SD HH CY TT, or OT for what belongs to none of them."""
        return _FAMILY[self]

    @property
    def is_foot(self) -> bool:
        """Whether a foot plays it."""
        return self in FEET


FAMILIES: Final = ("KD", "SD", "HH", "CY", "TT")
"""Bass drum, snare, hi-hat, cymbals, toms: the classes that transcription is measured in."""

_FAMILY: Final[dict[Drum, str]] = {
    Drum.KICK: "KD",
    Drum.KICK_LEFT: "KD",
    Drum.SNARE: "SD",
    Drum.SIDE_STICK: "OT",
    Drum.HAT_CLOSED: "HH",
    Drum.HAT_OPEN: "HH",
    Drum.HAT_PEDAL: "HH",
    Drum.TOM_HIGH: "TT",
    Drum.TOM_LOW: "TT",
    Drum.TOM_FLOOR: "TT",
    Drum.CRASH: "CY",
    Drum.CRASH_LEFT: "CY",
    Drum.RIDE: "CY",
    Drum.CHINA: "CY",
    Drum.OTHER: "OT",
}
FEET: Final = frozenset({Drum.KICK, Drum.KICK_LEFT, Drum.HAT_PEDAL})
"""Voices played with a foot; every other one takes a hand."""


@dataclass(frozen=True, order=True, slots=True)
class Onset:
    """One hit as it was heard."""

    time_s: float
    drum: Drum
    velocity: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TempoChange:
    """From `tick` of `bar` on, the tempo is `bpm` quarter notes a minute."""

    bar: int
    tick: int
    bpm: float


@dataclass(frozen=True, slots=True)
class BarLength:
    """From `bar` on, bars last `length` whole notes (1 = 4/4, 0.75 = 3/4)."""

    bar: int
    length: float


@dataclass(frozen=True)
class TempoMap:
    """Piecewise-constant tempo over bars.

    Attributes:
        changes: At least one, sorted; the first stands at bar 0, tick 0.
        bar_lengths: Sorted by bar; bars before the first entry are 1 whole note long.
        start_s: Recording time of bar 0, tick 0 (0 or negative when silence leads in).
    """

    changes: tuple[TempoChange, ...]
    bar_lengths: tuple[BarLength, ...] = ()
    start_s: float = 0.0
    _ticks: tuple[tuple[int, float, float], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.changes or (self.changes[0].bar, self.changes[0].tick) != (0, 0):
            raise ValueError("Expected a tempo at bar 0, tick 0")
        object.__setattr__(self, "_ticks", self._segments())

    def bar_length(self, bar: int) -> float:
        """Length of `bar` in whole notes."""
        length = 1.0
        for change in self.bar_lengths:
            if change.bar > bar:
                break
            length = change.length
        return length

    def beats(self, bar: int, division: int) -> float:
        """Beats of `bar`; three and a half in 7/8.

        Args:
            bar: Its number.
            division: 3 where beats are dotted quarters, else 2.
        """
        return round(8 * self.bar_length(bar) / division, 6)

    def _segments(self) -> tuple[tuple[int, float, float], ...]:
        """(position, start_s, seconds a tick) of every stretch of constant tempo and length."""
        events = {c.bar * TICKS_PER_BAR + c.tick for c in self.changes}
        events |= {b.bar * TICKS_PER_BAR for b in self.bar_lengths}
        tempos = {c.bar * TICKS_PER_BAR + c.tick: c.bpm for c in self.changes}
        segments: list[tuple[int, float, float]] = []
        bpm, now_s, last, rate = self.changes[0].bpm, self.start_s, 0, 0.0
        for position in sorted(events):
            now_s += (position - last) * rate
            bpm = tempos.get(position, bpm)
            rate = 0.625 * self.bar_length(position // TICKS_PER_BAR) / bpm
            segments.append((position, now_s, rate))
            last = position
        return tuple(segments)

    def time_s(self, bar: int, tick: float = 0.0) -> float:
        """Recording time of a position."""
        position = bar * TICKS_PER_BAR + tick
        index = bisect.bisect_right(self._ticks, position, key=lambda s: s[0]) - 1
        start, start_s, rate = self._ticks[max(index, 0)]
        return start_s + (position - start) * rate

    def position(self, time_s: float) -> tuple[int, float]:
        """(bar, fractional tick) of a recording time; times before bar 0 count as its start."""
        index = bisect.bisect_right(self._ticks, time_s, key=lambda s: s[1]) - 1
        start, start_s, rate = self._ticks[max(index, 0)]
        position = max(0.0, start + (time_s - start_s) / rate)
        bar = int(position // TICKS_PER_BAR)
        return bar, position - bar * TICKS_PER_BAR


@dataclass(frozen=True)
class BeatGrid:
    """Beats as they were heard.

    Attributes:
        beats_s: Beat times, ascending.
        downbeat: Place in `beats_s` where the first bar starts.
        beats_per_bar: Beats of most bars as they are felt: 2 in 6/8, 4 in 4/4 and 12/8, 3.5 in 7/8.
        division: Parts a beat divides into, 2 for simple and 3 for compound meters.
        lines: Where bars start, as places in `beats_s`, if they are not all alike.
    """

    beats_s: tuple[float, ...]
    downbeat: float
    beats_per_bar: float
    division: int = 2
    lines: tuple[float, ...] = ()

    @property
    def bars(self) -> Bars:
        """The bars that these beats make."""
        count = int((len(self.beats_s) - 1 - self.downbeat) / self.beats_per_bar + 1e-6)
        even = (self.downbeat + self.beats_per_bar * bar for bar in range(count + 1))
        places = self.lines or tuple(even)
        return Bars(
            tuple(self._time_s(place) for place in places),
            tuple((place - places[0]) * self.division / 2 for place in places),
            self.beats_per_bar,
            self.division,
        )

    def _time_s(self, place: float) -> float:
        before = min(int(place), len(self.beats_s) - 2)
        share = place - before
        return self.beats_s[before] * (1 - share) + self.beats_s[before + 1] * share


@dataclass(frozen=True)
class Bars:
    """Bars as they were heard.

    Attributes:
        lines_s: Where they start, ascending; the last one is the end of the last bar.
        quarters: Quarter notes before each line.
        beats_per_bar: Of most bars (see `BeatGrid`).
        division: Parts a beat divides into.
    """

    lines_s: tuple[float, ...]
    quarters: tuple[float, ...]
    beats_per_bar: float
    division: int = 2


@dataclass(frozen=True, order=True, slots=True)
class GridNote:
    """A hit on the grid."""

    bar: int
    tick: int
    drum: Drum
    velocity: float = 1.0

    @property
    def position(self) -> int:
        """Ticks since bar 0."""
        return self.bar * TICKS_PER_BAR + self.tick


@dataclass(frozen=True)
class LevelChart:
    """The notes of one level."""

    level: str
    dlevel: int
    notes: tuple[GridNote, ...]


@dataclass(frozen=True)
class ChartSet:
    """A song charted at several levels, all over one tempo map.

    Attributes:
        beats_per_bar: Beats of most bars as they are felt (see `BeatGrid`); `tempo` knows the
            others.
        division: Parts a beat divides into: 3 in 6/8 and 12/8.
    """

    title: str
    artist: str
    tempo: TempoMap
    beats_per_bar: float
    bgm_bar: int
    levels: tuple[LevelChart, ...]
    onsets: tuple[Onset, ...]
    duration_s: float
    division: int = 2

    @property
    def time_signature(self) -> tuple[int, int]:
        """Of most bars, such as (3, 4) or (12, 8)."""
        return signature_of(self.beats_per_bar, self.division)

    def signature(self, bar: int) -> tuple[int, int]:
        """Of one bar."""
        return signature_of(self.tempo.beats(bar, self.division), self.division)


def signature_of(beats: float, division: int) -> tuple[int, int]:
    """A time signature as it is written: (4, 4), (6, 8), (7, 8).

    Args:
        beats: In a bar; three and a half in 7/8.
        division: Parts a beat divides into.
    """
    eighths = round(beats * division)
    return (eighths, 8) if division == 3 or eighths % 2 else (eighths // 2, 4)
