"""Rhythms generated from groove patterns: jitter, tempo drift, fills, rolls and crashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from indexer.drums.types import Drum, Onset
from training.bars.groove_patterns import (
    GROOVES,
    HELD_OUT_IRREGULAR_GROOVES,
    IRREGULAR_GROOVES,
    GroovePattern,
)
from training.bars.rhythms import Rhythm

Random = np.random.Generator
_DURATION_S: Final = 45.0
"""As long as the passages of the drum patterns."""
_MIN_ROLL_STEP_S: Final = 0.12
"""Steps shorter than this are not halved for a roll."""
_PROBABILITY: Final = {"X": 1.0, "x": 0.97, "o": 0.4, "g": 0.7, ".": 0.0}
_VELOCITY: Final = {"X": 0.9, "x": 0.7, "o": 0.65, "g": 0.25}
_TIMEKEEPING_VOICES: Final = ("hat_closed", "hat_closed", "ride", "hat_open")
_FILL_VOICES: Final = ("snare", "snare", "tom_high", "tom_low", "tom_floor")


def generated_rhythms(count: int, *, seed: int) -> Iterator[Rhythm]:
    """Yield rhythms in common meters."""
    return _play_grooves(GROOVES, count, seed)


def irregular_meter_rhythms(count: int, *, seed: int, held_out: bool = False) -> Iterator[Rhythm]:
    """Yield rhythms in 5/4 and 7/8, with `held_out` from grooves that nothing is fitted on."""
    return _play_grooves(HELD_OUT_IRREGULAR_GROOVES if held_out else IRREGULAR_GROOVES, count, seed)


def irregular_bar_rhythms(count: int, *, seed: int) -> Iterator[Rhythm]:
    """Yield rhythms in 4/4 and 3/4 with one to three bars of another length."""
    grooves = {n: g for n, g in GROOVES.items() if g.signature in ((4, 4), (3, 4))}
    return _play_grooves(grooves, count, seed, irregular_bars=True)


def _play_grooves(
    grooves: Mapping[str, GroovePattern], count: int, seed: int, *, irregular_bars: bool = False
) -> Iterator[Rhythm]:
    for number in range(count):
        name = list(grooves)[number % len(grooves)]
        rng = np.random.default_rng((seed, number))
        bpm = float(rng.uniform(*grooves[name].bpm))
        yield play_groove(name, grooves[name], rng, bpm=bpm, irregular_bars=irregular_bars)


@dataclass
class _Passage:
    """A passage while its onsets are generated.

    Attributes:
        lines_s: float64, (n_bars + 3,), s: bar lines, two more than the bars that are played.
        lengths: float64, (n_bars + 2,): length of each bar as a share of the regular one.
        onsets: Onsets with their intended times, in s.
    """

    rng: Random
    pattern: GroovePattern
    lines_s: np.ndarray
    lengths: np.ndarray
    jitter_s: float
    timekeeping_voice: str
    onsets: list[tuple[Onset, float]] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Steps of a regular bar."""
        return len(next(iter(self.pattern.lanes.values())))

    def add(self, bar: int, step: float, voice: str, velocity: float) -> None:
        """Add an onset at a step of a bar, with jitter and a varied velocity."""
        position = bar + step / self.steps / self.lengths[bar]
        intended_s = float(np.interp(position, np.arange(self.lines_s.size), self.lines_s))
        time_s = max(0.0, intended_s + float(self.rng.normal(0, self.jitter_s)))
        velocity = float(np.clip(velocity * self.rng.uniform(0.8, 1.15), 0.05, 1))
        self.onsets.append((Onset(time_s, Drum(voice), velocity), intended_s))

    def add_bar(self, bar: int, *, phrase_bars: int, step_s: float) -> None:
        """Add the groove of a bar, a fill at the end of a phrase, a crash at its start."""
        size = fill_from = round(self.steps * self.lengths[bar])
        if size == self.steps and (bar + 1) % phrase_bars == 0 and self.rng.random() < 0.7:
            parts = [2, 4] if self.steps % 4 == 0 else [2, 3]
            fill_from = self.steps - self.steps // int(self.rng.choice(parts))
        self._add_groove(bar, fill_from)
        self._add_fill(bar, fill_from, size, step_s)
        is_start = bar % phrase_bars == 0 or self.lengths[bar - 1] != 1
        if is_start and self.rng.random() < 0.8:
            self.add(bar, 0, "crash", 0.9)

    def _add_groove(self, bar: int, steps: int) -> None:
        """Add the first `steps` of the pattern; it is repeated in a longer bar."""
        for lane, row in self.pattern.lanes.items():
            voice = self.timekeeping_voice if lane == "time" else lane
            for step, mark in enumerate((row + row)[:steps]):
                if self.rng.random() < _PROBABILITY[mark]:
                    swing = self.pattern.swing if step % 2 else 0
                    self.add(bar, step + swing, voice, _VELOCITY[mark])

    def _add_fill(self, bar: int, first: int, end: int, step_s: float) -> None:
        """Add a fill of snare and toms, or a snare roll at twice the pace, in rising velocity."""
        pace = 2 if self.rng.random() < 0.25 and step_s > _MIN_ROLL_STEP_S else 1
        for step in range(first * pace, end * pace):
            if self.rng.random() < 0.9:
                progress = (step / pace - first) / max(1, end - first)
                voice = _FILL_VOICES[int(progress * len(_FILL_VOICES))] if pace == 1 else "snare"
                self.add(bar, step / pace, voice, 0.5 + 0.4 * progress)


def play_groove(
    name: str,
    pattern: GroovePattern,
    rng: Random,
    *,
    bpm: float,
    bars: int | None = None,
    irregular_bars: bool = False,
) -> Rhythm:
    """Return `bars` bars of a groove, or 45 s of it, after a pause."""
    bar_s = 240 / bpm * pattern.signature[0] / pattern.signature[1]
    bars = bars or int(_DURATION_S / bar_s)
    has_click = rng.random() < 0.5
    drift = np.zeros(bars + 2) if has_click else _tempo_drift(rng, bars + 2)
    lengths = _bar_lengths(rng, pattern, bars, irregular=irregular_bars)
    lines_s = rng.uniform(0.2, 3.0) + np.concatenate(
        [[0], np.cumsum(lengths * bar_s * np.exp(drift))]
    )
    jitter_s = rng.uniform(0.003, 0.010)
    voice = _TIMEKEEPING_VOICES[rng.integers(len(_TIMEKEEPING_VOICES))]
    passage = _Passage(rng, pattern, lines_s, lengths, jitter_s, voice)
    phrase_bars = int(rng.choice([4, 8]))
    for bar in range(bars):
        passage.add_bar(bar, phrase_bars=phrase_bars, step_s=bar_s / passage.steps)
    return _rhythm_of(passage, f"{name} {bpm:.0f}{'' if has_click else ' drifting'}")


def _rhythm_of(passage: _Passage, name: str) -> Rhythm:
    onsets, lines_s, signature = sorted(passage.onsets), passage.lines_s, passage.pattern.signature
    end = int(np.searchsorted(lines_s, onsets[-1][0].time_s)) + 1
    quarters = float(passage.lengths[: end - 1].sum()) * 4 * signature[0] / signature[1]
    return Rhythm(
        name,
        tuple(onset for onset, _ in onsets),
        60 * quarters / float(lines_s[end - 1] - lines_s[0]),
        signature,
        tuple(map(float, lines_s[:end])),
        tuple(intended_s for _, intended_s in onsets),
    )


def _bar_lengths(rng: Random, pattern: GroovePattern, bars: int, *, irregular: bool) -> np.ndarray:
    """Return the length of each bar as a share of the regular one: float64, (bars + 2,)."""
    lengths = np.ones(bars + 2)
    if irregular:
        beats = pattern.signature[0]
        choices = (2, 2, 2, 6) if beats == 4 else (2, 4)
        for bar in rng.choice(np.arange(5, bars - 3), int(rng.integers(1, 4)), replace=False):
            lengths[bar] = rng.choice(choices) / beats
    return lengths


def _tempo_drift(rng: Random, bars: int) -> np.ndarray:
    """Return slow deviations of log tempo, as without a click: float64, (bars,), ±0.12."""
    walk = np.cumsum(rng.normal(0, 0.004, bars)) + np.linspace(0, rng.uniform(-0.04, 0.04), bars)
    return np.clip(walk, -0.12, 0.12)
