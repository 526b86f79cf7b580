"""Notes and drum hits of a demo song."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.demo.demo_songs import DemoSong
from indexer.demo.demo_styles import STYLES

_MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
_MINOR: Final = (0, 2, 3, 5, 7, 8, 10)
_TICKS_PER_BEAT: Final = 4


@dataclass(frozen=True, slots=True)
class DemoNote:
    """A pitched note: start and length in seconds, velocity 0..1, pan −1..1."""

    instrument: str
    midi_pitch: int
    time_s: float
    length_s: float
    velocity: float
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class DemoHit:
    """A drum hit."""

    drum: str
    time_s: float
    velocity: float


class DemoScore:
    """The notes and hits of one song."""

    def __init__(self, song: DemoSong) -> None:
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

    def notes(self) -> Iterator[DemoNote]:
        """Bass, chords and melody."""
        motif = self._motif()
        for bar in range(self.bars):
            degree = self.song.chords[bar % len(self.song.chords)] - 1
            yield from self._bass(bar, degree)
            yield from self._chords(bar, degree)
            if bar >= 4:
                yield from self._melody(bar, degree, motif[bar % 2])

    def hits(self) -> Iterator[DemoHit]:
        """The drums: a count of four bars without the snare, then the pattern with fills."""
        for bar in range(self.bars):
            last_of_four = bar % 4 == 3
            for drum, pattern in self.style.drums.items():
                for tick, mark in enumerate(pattern[: self.song.beats_per_bar * _TICKS_PER_BEAT]):
                    in_fill = last_of_four and tick >= len(pattern) - 4
                    if mark == "." or (in_fill and drum in {"snare", "hat_closed", "hat_open"}):
                        continue
                    yield DemoHit(
                        drum, self.time_s(bar, tick), self._velocity(0.9 if mark == "x" else 0.5)
                    )
            if "snare" in self.style.drums:
                yield from self._fill(bar) if last_of_four else ()
                if bar % 8 == 0:
                    yield DemoHit("crash", self.time_s(bar, 0), 0.9)

    def _fill(self, bar: int) -> Iterator[DemoHit]:
        start = (self.song.beats_per_bar - 1) * _TICKS_PER_BEAT
        for step, drum in enumerate(("snare", "snare", "tom_high", "tom_floor")):
            yield DemoHit(drum, self.time_s(bar, start + step), self._velocity(0.8))

    def _bass(self, bar: int, degree: int) -> Iterator[DemoNote]:
        instrument, rhythm = self.style.bass
        shift = {"x": 0, "5": 4, "8": 7}
        ticks = [i for i, mark in enumerate(rhythm) if mark != "."]
        for tick, after in zip(ticks, [*ticks[1:], len(rhythm)], strict=True):
            pitch = self.degree_pitch(degree + shift[rhythm[tick]], 1)
            length_s = (after - tick) * self.beat_s / _TICKS_PER_BEAT * 0.92
            yield DemoNote(instrument, pitch, self.time_s(bar, tick), length_s, self._velocity(0.9))

    def _chords(self, bar: int, degree: int) -> Iterator[DemoNote]:
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
                yield DemoNote(
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

    def _melody(self, bar: int, degree: int, motif: list[tuple[int, int]]) -> Iterator[DemoNote]:
        ends = [tick for tick, _ in motif[1:]] + [self.song.beats_per_bar * _TICKS_PER_BEAT]
        octave = 3 if self.style.melody == "distorted" else 4
        for (tick, step), end in zip(motif, ends, strict=True):
            length_s = min(4, end - tick) * self.beat_s / _TICKS_PER_BEAT * 0.95
            pitch = self.degree_pitch(degree + step, octave)
            yield DemoNote(
                self.style.melody,
                pitch,
                self.time_s(bar, tick),
                length_s,
                self._velocity(0.75),
                0.1,
            )

    def _velocity(self, level: float) -> float:
        return float(np.clip(level + 0.06 * self.rng.standard_normal(), 0.15, 1.0))
