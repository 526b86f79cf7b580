"""Values passed between the stages of drum transcription and charting.

Times are in seconds from the first sample of the recording, velocities 0..1. A bar has
`TICKS_PER_BAR` ticks whatever its length, the grid of DTX readers, so the duration of a tick
depends on the bar length.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

TICKS_PER_BAR: Final = 384
"""Resolution of a bar in DTX."""

LEVELS: Final = ("BASIC", "ADVANCED", "EXTREME", "MASTER")
"""From the easiest to the full transcription."""


class DrumsError(Exception):
    """Error in a recording or a chart, with a message for the user.

    Attributes:
        code: Machine-readable kind of error; "" for the rare ones.
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
        """One of the five classes KD SD HH CY TT, or OT for other voices."""
        return _FAMILY[self]

    @property
    def is_foot(self) -> bool:
        """Whether a foot plays it."""
        return self in FEET


FAMILIES: Final = ("KD", "SD", "HH", "CY", "TT")
"""Bass drum, snare, hi-hat, cymbals, toms: the classes in which transcription is evaluated."""

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
"""Voices played with a foot; all others are played with a hand."""


@dataclass(frozen=True, order=True, slots=True)
class Onset:
    """A detected hit; velocity and confidence 0..1."""

    time_s: float
    drum: Drum
    velocity: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TempoChange:
    """The tempo from `tick` of `bar` on, in quarter notes a minute."""

    bar: int
    tick: int
    bpm: float


@dataclass(frozen=True, slots=True)
class BarLength:
    """The length of bars from `bar` on, in whole notes (1 = 4/4, 0.75 = 3/4)."""

    bar: int
    length: float


@dataclass(frozen=True)
class TempoMap:
    """Piecewise-constant tempo over bars.

    Attributes:
        changes: At least one, sorted; the first is at bar 0, tick 0.
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
        """Return the length of `bar` in whole notes."""
        length = 1.0
        for change in self.bar_lengths:
            if change.bar > bar:
                break
            length = change.length
        return length

    def beats(self, bar: int, division: int) -> float:
        """Return the beats of `bar`; 3.5 in 7/8.

        Args:
            bar: Its number.
            division: 3 where beats are dotted quarters, else 2.
        """
        return round(8 * self.bar_length(bar) / division, 6)

    def _segments(self) -> tuple[tuple[int, float, float], ...]:
        """Return (position, start_s, seconds a tick) of each segment of constant tempo."""
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
        """Return the recording time of a position."""
        position = bar * TICKS_PER_BAR + tick
        index = bisect.bisect_right(self._ticks, position, key=lambda s: s[0]) - 1
        start, start_s, rate = self._ticks[max(index, 0)]
        return start_s + (position - start) * rate

    def position(self, time_s: float) -> tuple[int, float]:
        """Return (bar, fractional tick) at a recording time; times before bar 0 give its start."""
        index = bisect.bisect_right(self._ticks, time_s, key=lambda s: s[1]) - 1
        start, start_s, rate = self._ticks[max(index, 0)]
        position = max(0.0, start + (time_s - start_s) / rate)
        bar = int(position // TICKS_PER_BAR)
        return bar, position - bar * TICKS_PER_BAR


@dataclass(frozen=True, order=True, slots=True)
class GridNote:
    """A note: a hit on the grid."""

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
    """Charts of a song at several levels over one tempo map.

    Attributes:
        beats_per_bar: Beats of most bars as felt (see `beat.bars.BeatGrid`); `tempo` has the
            lengths of all bars.
        bgm_bar: Bar in which the recording starts to play.
        division: Parts of a beat: 3 in 6/8 and 12/8.
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
        """The time signature of most bars, such as (3, 4) or (12, 8)."""
        return signature_of(self.beats_per_bar, self.division)

    def signature(self, bar: int) -> tuple[int, int]:
        """Return the time signature of one bar."""
        return signature_of(self.tempo.beats(bar, self.division), self.division)


def signature_of(beats: float, division: int) -> tuple[int, int]:
    """Return a time signature such as (4, 4), (6, 8) or (7, 8).

    Args:
        beats: Beats a bar; 3.5 in 7/8.
        division: Parts of a beat.
    """
    eighths = round(beats * division)
    return (eighths, 8) if division == 3 or eighths % 2 else (eighths // 2, 4)
