"""What plays beside the drums: a generated progression, arranged for random instruments.

Programs are those of General MIDI. The bass often plays with the bass drum, guitars strum with the
hi-hat: what coincides with drums is what a transcription mistakes for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from indexer.arrays import Float32 as Float
from indexer.drums.formats.midi_files import MidiNote as Note
from indexer.drums.hearing.mel import SAMPLE_RATE, normalised, rms
from training.drums.players.hits import Performance
from training.drums.sounds.effects import (
    add_reverb,
    gain_of_db,
    log_uniform,
    random_eq,
    saturate,
)
from training.drums.sounds.fluidsynth import render_notes
from training.drums.sounds.voices import synthesise_strings, synthesise_vocals

Random = np.random.Generator

BASSES: Final = (32, 33, 33, 34, 34, 35, 36, 37, 38, 39)
CLEAN_GUITARS: Final = (24, 25, 25, 26, 27, 27, 28)
DISTORTED_GUITARS: Final = (29, 30, 30)
KEYS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 16, 17, 18, 19, 21)
PADS: Final = (44, 48, 49, 50, 51, 52, 53, 54, 61, 62, 63, 88, 89, 90, 91, 94, 95)
LEADS: Final = (22, 27, 29, 30, 40, 52, 53, 54, 56, 57, 65, 66, 71, 73, 80, 81, 85)
_MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
_MINOR: Final = (0, 2, 3, 5, 7, 8, 10)
_SILENCE_RMS: Final = 1e-5


@dataclass
class _Score:
    """The notes of a passage while they are being written."""

    rng: Random
    played: Performance
    start_s: float
    duration_s: float
    notes: list[Note] = field(default_factory=list)
    programs: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.beat_s = 60 / self.played.bpm
        self.bars = int(self.duration_s / self.played.bar_s) + 1
        self.key = int(self.rng.integers(0, 12))
        self.scale = _MAJOR if self.rng.random() < 0.55 else _MINOR
        self.degrees = [int(d) for d in self.rng.choice([0, 0, 3, 4, 5, 1, 2], 4)]

    def channel(self, programs: Sequence[int]) -> int:
        """A new instrument."""
        free = [c for c in range(16) if c != 9 and c not in self.programs]
        self.programs[free[0]] = int(self.rng.choice(programs))
        return free[0]

    def chord(self, bar: int) -> list[int]:
        """Semitones above C of a bar's triad."""
        degree = self.degrees[bar % 4]
        return [
            self.key + self.scale[(degree + k) % 7] + 12 * ((degree + k) // 7) for k in (0, 2, 4)
        ]

    def add(self, channel: int, beat: float, pitch: int, beats: float, loud: float) -> None:
        """A note; times in beats from the first bar line."""
        time_s = self.start_s + beat * self.beat_s + float(self.rng.normal(0, 0.008))
        velocity = int(np.clip(loud * self.rng.uniform(0.75, 1.15), 1, 127))
        pitch = int(np.clip(pitch, 12, 108))
        if time_s < self.duration_s:
            length_s = max(0.03, beats * self.beat_s)
            self.notes.append(Note(max(0.0, time_s), pitch, velocity, length_s, channel))


def _bass(score: _Score) -> None:
    rng, beats = score.rng, score.played.beats_per_bar
    channel, loud, mode = score.channel(BASSES), rng.uniform(70, 120), rng.integers(0, 5)
    kicks = [
        (s.time_s - score.start_s) / score.beat_s for s in score.played.hits if s.voice == "kick"
    ]
    held = rng.uniform(0.3, 0.95)
    for bar in range(score.bars):
        root = 28 + (score.chord(bar)[0] - 28) % 12
        first = bar * beats
        if mode == 0:
            grid = [first + i / 2 for i in range(2 * beats)]
        elif mode == 1:
            grid = [k for k in kicks if first - 0.05 <= k < first + beats - 0.05]
        elif mode == 2:
            grid = [first + i for i in range(beats)]
        elif mode == 3:
            grid = [first + i / 4 for i in range(4 * beats) if rng.random() < 0.5]
        else:
            grid = [float(first)]
        for beat, following in zip(grid, [*grid[1:], first + beats], strict=False):
            step = int(rng.choice([0, 0, 0, 0, 7, 12, 5, 3]))
            score.add(channel, beat, root + step, (following - beat) * held, loud)


def _guitar(score: _Score) -> None:
    rng, beats = score.rng, score.played.beats_per_bar
    distorted = rng.random() < 0.5
    channel = score.channel(DISTORTED_GUITARS if distorted else CLEAN_GUITARS)
    loud, mode, spread = rng.uniform(60, 115), rng.integers(0, 4), rng.uniform(0.004, 0.04)
    for bar in range(score.bars):
        chord = score.chord(bar)
        root = 40 + (chord[0] - 40) % 12
        pitches = [root, root + 7, root + 12]
        if not distorted:
            pitches += [52 + (semitone - 52) % 12 for semitone in chord[1:]]
        steps = {
            0: [(0.0, beats * 0.95)],
            1: [(i / 2, 0.4) for i in range(2 * beats) if rng.random() < 0.85],
            2: [(i / 4, 0.2) for i in range(4 * beats) if rng.random() < 0.55],
            3: [(i + 0.5, 0.25) for i in range(beats)],
        }[int(mode)]
        for beat, length in steps:
            for i, pitch in enumerate(sorted(pitches)):
                score.add(channel, bar * beats + beat + i * spread, pitch, length, loud)


def _keys(score: _Score) -> None:
    rng, beats = score.rng, score.played.beats_per_bar
    channel, loud, mode = score.channel(KEYS), rng.uniform(55, 110), rng.integers(0, 3)
    for bar in range(score.bars):
        pitches = [60 + semitone % 12 for semitone in score.chord(bar)]
        for i in range(2 * beats):
            beat = bar * beats + i / 2
            if mode == 0 and i == 0:
                for pitch in pitches:
                    score.add(channel, beat, pitch, beats * 0.95, loud)
            elif mode == 1:
                score.add(channel, beat, pitches[i % 3] + 12 * (i % 2), 0.5, loud)
            elif mode == 2 and i % 2 == 0 and rng.random() < 0.85:
                for pitch in pitches:
                    score.add(channel, beat, pitch, 0.5, loud)


def _pad(score: _Score) -> None:
    beats = score.played.beats_per_bar
    channel, loud = score.channel(PADS), score.rng.uniform(50, 100)
    for bar in range(score.bars):
        for semitone in score.chord(bar):
            score.add(channel, bar * beats, 60 + semitone % 12, beats, loud)


def _lead(score: _Score) -> None:
    rng = score.rng
    channel, loud = score.channel(LEADS), rng.uniform(70, 120)
    beat, step = 0.0, int(rng.integers(0, 7))
    while beat < score.bars * score.played.beats_per_bar:
        length = float(rng.choice([0.25, 0.5, 0.5, 1, 1.5, 2]))
        if rng.random() < 0.8:
            step = int(np.clip(step + rng.integers(-3, 4), -4, 14))
            pitch = 60 + score.key + score.scale[step % 7] + 12 * (step // 7)
            score.add(channel, beat, pitch, length * 0.95, loud)
        beat += length


def _arrange(score: _Score) -> None:
    """Choose who plays."""
    rng = score.rng
    if rng.random() < 0.9:
        _bass(score)
    for _ in range(int(rng.choice([0, 1, 1, 2]))):
        _guitar(score)
    for part, chance in ((_keys, 0.45), (_pad, 0.35), (_lead, 0.5)):
        if rng.random() < chance:
            part(score)


def _choose_font(rng: Random, fonts: Sequence[Path]) -> Path:
    """Fonts of compressed sounds take seconds to load: they play one passage in six."""
    weights = np.array([0.2 if font.suffix == ".sf3" else 1.0 for font in fonts])
    return fonts[int(rng.choice(len(fonts), p=weights / weights.sum()))]


def render_accompaniment(
    rng: Random, played: Performance, fonts: Sequence[Path], *, start_s: float, duration_s: float
) -> Float | None:
    """Render an accompaniment at the reference level; none where nobody plays.

    Args:
        rng: Decides everything.
        played: The drums.
        fonts: SoundFonts of General MIDI; one is chosen. Without any, only strings and singing
            that need none are heard.
        start_s: Where the first bar starts.
        duration_s: Length of the result.
    """
    count = int(duration_s * SAMPLE_RATE)
    total = np.zeros(count, np.float32)
    if rng.random() < 0.85 and fonts:
        score = _Score(rng, played, start_s, duration_s)
        _arrange(score)
        if score.notes:
            font = _choose_font(rng, fonts)
            sound = render_notes(score.notes, score.programs, font, effects=rng.random() < 0.3)
            total += np.pad(normalised(sound[:count]), (0, max(0, count - sound.size)))
    if rng.random() < 0.5:
        strings = synthesise_strings(rng, played, start_s=start_s, count=count)
        total += gain_of_db(rng.uniform(-9, 5)) * normalised(strings)
    if rng.random() < 0.5:
        total += gain_of_db(rng.uniform(-8, 3)) * normalised(synthesise_vocals(rng, count))
    if rms(total) < _SILENCE_RMS:
        return None
    if rng.random() < 0.35:
        total = saturate(rng, total, max_drive=log_uniform(rng, 1, 20))
    total = random_eq(rng, total, strength_db=4.0)
    if rng.random() < 0.4:
        total = add_reverb(rng, total, low_db=-24, high_db=-6)
    return normalised(total)
