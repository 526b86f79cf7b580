"""From a song to notes: who plays what, when."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.demo.demo_songs import Song, Style

_MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
_MINOR: Final = (0, 2, 3, 5, 7, 8, 10)
_TICKS_PER_BEAT: Final = 4


@dataclass(frozen=True, slots=True)
class Note:
    """A pitched note: start and length in seconds, velocity 0..1, pan −1..1."""

    instrument: str
    midi_pitch: int
    time_s: float
    length_s: float
    velocity: float
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A drum hit."""

    drum: str
    time_s: float
    velocity: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a style is played.

    Attributes:
        drums: Drum → one character a sixteenth: `x` hit, `o` softer, `.` rest; a bar long.
        bass: Instrument and rhythm of the bass, likewise; `5` plays the fifth, `8` the octave.
        chords: Instrument and rhythm of the chords.
        melody: Instrument of the melody.
        notes_per_bar: How many notes the melody has in a bar.
    """

    drums: dict[str, str]
    bass: tuple[str, str]
    chords: tuple[str, str]
    melody: str
    notes_per_bar: int = 5


_FOUR_ON_FLOOR: Final = "x...x...x...x..."
_BACKBEAT: Final = "....x.......x..."
_EIGHTHS: Final = "x.o.x.o.x.o.x.o."
_HOLD: Final = "x..............."

STYLES: Final[dict[Style, Arrangement]] = {
    "rock": Arrangement(
        {"kick": "x.......x.x.....", "snare": _BACKBEAT, "hat_closed": _EIGHTHS},
        ("bass", "x.x.x.x.x.x.x.x."), ("distorted", "x.....x.x......."), "lead", 5),
    "metal": Arrangement(
        {"kick": "xxxxxxxxxxxxxxxx", "snare": _BACKBEAT, "crash": "x.......x......."},
        ("bass", "xxxxxxxxxxxxxxxx"), ("distorted", "xxx.xxx.xxx.xx.."), "distorted", 7),
    "punk": Arrangement(
        {"kick": "x.......x.......", "snare": "....x.......x...", "hat_open": _EIGHTHS},
        ("bass", "x.x.x.x.x.x.x.x."), ("distorted", "x.x.x.x.x.x.x.x."), "voice", 6),
    "house": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "clap": _BACKBEAT, "hat_open": "..x...x...x...x.",
         "hat_closed": "o.o.o.o.o.o.o.o."},
        ("synth_bass", "..x...x...x...x."), ("electric_piano", "x..x..x...x..x.."), "voice", 3),
    "techno": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "hat_closed": "..x...x...x...x.", "ride": "..o...o...o...o.",
         "side_stick": "...x..x....x..x."},
        ("synth_bass", ".xx..xx..xx..x.x"), ("supersaw", "...x......x....."), "lead", 2),
    "drum and bass": Arrangement(
        {"kick": "x.........x.....", "snare": "....x.......x...", "hat_closed": "x.x.x.x.x.x.x.xo"},
        ("synth_bass", "x.....x...x..x.."), ("pad", _HOLD), "lead", 3),
    "hip hop": Arrangement(
        {"kick": "x......x..x.....", "snare": _BACKBEAT, "hat_closed": "x.x.xox.x.x.x.xo"},
        ("bass", "x......x..x....."), ("electric_piano", "x.........x....."), "voice", 6),
    "reggae": Arrangement(
        {"kick": "........x.......", "side_stick": "........x.......",
         "hat_closed": "x.x.x.x.x.x.x.x."},
        ("bass", "x...x..x..8...5."), ("organ", "..x...x...x...x."), "voice", 4),
    "jazz": Arrangement(
        {"ride": "x...x.x.x...x.x.", "hat_pedal": "....x.......x...", "kick": "o.......o.......",
         "snare": "......o........."},
        ("bass", "x...5...8...5..."), ("piano", "..x...x......x.."), "piano", 7),
    "blues": Arrangement(
        {"kick": "x.......x.......", "snare": _BACKBEAT, "ride": "x.o.x.o.x.o.x.o."},
        ("bass", "x...5...8...5..."), ("organ", "x.......x......."), "plucked", 6),
    "ambient": Arrangement({}, ("pad", _HOLD), ("pad", _HOLD), "piano", 2),
    "folk": Arrangement(
        {"side_stick": "....o.......o..."},
        ("bass", "x.......5......."), ("plucked", "x.x.xxx.x.x.xxx."), "voice", 5),
    "classical": Arrangement({}, ("strings", _HOLD), ("strings", "x.......x......."), "piano", 8),
    "disco": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "snare": _BACKBEAT, "hat_open": "..x...x...x...x.",
         "hat_closed": "x...x...x...x..."},
        ("bass", "x.8.x.8.x.8.x.8."), ("strings", "x.......x......."), "voice", 5),
    "funk": Arrangement(
        {"kick": "x..x......x.....", "snare": "....x..o.o..x..o", "hat_closed": "xxxxxxxxxxxxxxxx"},
        ("bass", "x..x..8...x.8.x."), ("electric_piano", "..xx..x...xx..x."), "lead", 4),
    "pop": Arrangement(
        {"kick": "x.....x.x.......", "snare": _BACKBEAT, "hat_closed": "x.x.x.x.x.x.x.x.",
         "clap": _BACKBEAT},
        ("synth_bass", "x.....x.x.....x."), ("supersaw", "x..x..x.x..x..x."), "voice", 6),
    "soul": Arrangement(
        {"kick": "x.....x.x..x....", "snare": _BACKBEAT, "hat_closed": "x.x.x.x.x.x.x.x."},
        ("bass", "x.....x.5.....8."), ("electric_piano", "x.......x......."), "voice", 5),
    "trance": Arrangement(
        {"kick": _FOUR_ON_FLOOR, "clap": _BACKBEAT, "hat_open": "..x...x...x...x.",
         "hat_closed": "xxxxxxxxxxxxxxxx"},
        ("synth_bass", ".xxx.xxx.xxx.xxx"), ("supersaw", "x.xx.xx.x.xx.xx."), "supersaw", 6),
    "waltz": Arrangement(
        {"kick": "x...........", "side_stick": "....x...x..."},
        ("bass", "x..........."), ("plucked", "....x...x..."), "strings", 3),
    "latin": Arrangement(
        {"kick": "x..x..x.x..x..x.", "side_stick": "x..x..x...x.x...",
         "hat_closed": "x.o.x.o.x.o.x.o.",
         "tom_high": "............x.x."},
        ("bass", "x..5..8.x..5..8."), ("plucked", "..x.xx..x.x.xx.."), "voice", 5),
}  # fmt: skip


class Score:
    """The notes and hits of one song."""

    def __init__(self, song: Song) -> None:
        self.song = song
        self.style = STYLES[song.style]
        self.rng = np.random.default_rng(zlib.crc32(song.title.encode()))
        self.beat_s = 60 / song.tempo_bpm
        self.bar_s = self.beat_s * song.beats_per_bar
        self.bars = max(8, round(song.duration_s / self.bar_s / 4) * 4)
        self.intervals = _MAJOR if song.scale == "major" else _MINOR

    def time_s(self, bar: int, tick: float) -> float:
        """Seconds of a sixteenth of a bar, with the song's swing on the off-beats."""
        beat, inside = divmod(tick, _TICKS_PER_BEAT)
        straight = inside / _TICKS_PER_BEAT
        swing = self.song.swing
        bent = (
            straight * 2 * swing if straight <= 0.5 else swing + (straight - 0.5) * 2 * (1 - swing)
        )
        return bar * self.bar_s + (beat + bent) * self.beat_s

    def degree_pitch(self, degree: int, octave: int) -> int:
        """MIDI pitch of a scale degree counted from 0."""
        step, index = divmod(degree, 7)
        return 12 * (octave + 1 + step) + self.song.tonic + self.intervals[index]

    def notes(self) -> Iterator[Note]:
        """Bass, chords and melody."""
        motif = self._motif()
        for bar in range(self.bars):
            degree = self.song.chords[bar % len(self.song.chords)] - 1
            yield from self._bass(bar, degree)
            yield from self._chords(bar, degree)
            if bar >= 4:
                yield from self._melody(bar, degree, motif[bar % 2])

    def hits(self) -> Iterator[Hit]:
        """The drums: a count of four bars without the snare, then the pattern with fills."""
        for bar in range(self.bars):
            last_of_four = bar % 4 == 3
            for drum, pattern in self.style.drums.items():
                for tick, mark in enumerate(pattern[: self.song.beats_per_bar * _TICKS_PER_BEAT]):
                    in_fill = last_of_four and tick >= len(pattern) - 4
                    if mark == "." or (in_fill and drum in {"snare", "hat_closed", "hat_open"}):
                        continue
                    yield Hit(
                        drum, self.time_s(bar, tick), self._velocity(0.9 if mark == "x" else 0.5)
                    )
            if "snare" in self.style.drums:
                yield from self._fill(bar) if last_of_four else ()
                if bar % 8 == 0:
                    yield Hit("crash", self.time_s(bar, 0), 0.9)

    def _fill(self, bar: int) -> Iterator[Hit]:
        start = (self.song.beats_per_bar - 1) * _TICKS_PER_BEAT
        for step, drum in enumerate(("snare", "snare", "tom_high", "tom_floor")):
            yield Hit(drum, self.time_s(bar, start + step), self._velocity(0.8))

    def _bass(self, bar: int, degree: int) -> Iterator[Note]:
        instrument, rhythm = self.style.bass
        shift = {"x": 0, "5": 4, "8": 7}
        ticks = [i for i, mark in enumerate(rhythm) if mark != "."]
        for tick, after in zip(ticks, [*ticks[1:], len(rhythm)], strict=True):
            pitch = self.degree_pitch(degree + shift[rhythm[tick]], 1)
            length_s = (after - tick) * self.beat_s / _TICKS_PER_BEAT * 0.92
            yield Note(instrument, pitch, self.time_s(bar, tick), length_s, self._velocity(0.9))

    def _chords(self, bar: int, degree: int) -> Iterator[Note]:
        instrument, rhythm = self.style.chords
        ticks = [i for i, mark in enumerate(rhythm) if mark != "."]
        sevenths = self.song.style in {"jazz", "soul", "funk", "hip hop", "house"}
        tones = (0,) if instrument == "distorted" else (0, 2, 4, 6) if sevenths else (0, 2, 4)
        octave = 2 if instrument == "distorted" else 3
        for tick, after in zip(ticks, [*ticks[1:], len(rhythm)], strict=True):
            length_s = (after - tick) * self.beat_s / _TICKS_PER_BEAT * 0.9
            for i, tone in enumerate(tones):
                pan = 0.5 * (i - (len(tones) - 1) / 2) / max(1, len(tones) - 1)
                pitch = self.degree_pitch(degree + tone, octave)
                yield Note(
                    instrument, pitch, self.time_s(bar, tick), length_s, self._velocity(0.6), pan
                )

    def _motif(self) -> tuple[list[tuple[int, int]], ...]:
        """Two bars of (tick, step from the chord's root), kept through the song."""
        ticks = self.song.beats_per_bar * _TICKS_PER_BEAT // 2
        count = min(self.style.notes_per_bar, ticks)
        return tuple(
            [
                (int(tick) * 2, int(step))
                for tick, step in zip(
                    np.sort(self.rng.choice(ticks, count, replace=False)),
                    self.rng.choice((0, 2, 4, 1, 5, 7), count),
                    strict=True,
                )
            ]
            for _ in range(2)
        )

    def _melody(self, bar: int, degree: int, motif: list[tuple[int, int]]) -> Iterator[Note]:
        ends = [tick for tick, _ in motif[1:]] + [self.song.beats_per_bar * _TICKS_PER_BEAT]
        octave = 3 if self.style.melody == "distorted" else 4
        for (tick, step), end in zip(motif, ends, strict=True):
            length_s = min(4, end - tick) * self.beat_s / _TICKS_PER_BEAT * 0.95
            pitch = self.degree_pitch(degree + step, octave)
            yield Note(
                self.style.melody,
                pitch,
                self.time_s(bar, tick),
                length_s,
                self._velocity(0.75),
                0.1,
            )

    def _velocity(self, level: float) -> float:
        return float(np.clip(level + 0.06 * self.rng.standard_normal(), 0.15, 1.0))
