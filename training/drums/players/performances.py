"""What is played in a training clip: recorded or generated drumming, varied."""

from __future__ import annotations

from typing import Final

import numpy as np

from training.drums.players.drum_patterns import generate
from training.drums.players.groove_dataset import Groove
from training.drums.players.hits import Performance, Stroke, moved, revoiced, tidy

Random = np.random.Generator

_GENERATED_SHARE: Final = 0.35
_MAX_START_S: Final = 0.4
_EXCHANGES: Final[tuple[tuple[float, dict[str, str]], ...]] = (
    (0.09, {"hat_closed": "ride", "hat_open": "crash"}),
    (0.04, {"hat_closed": "ride_bell"}),
    (0.09, {"hat_closed": "hat_open"}),
    (0.04, {"hat_closed": "crash", "hat_open": "crash"}),
    (0.07, {"ride": "hat_closed", "ride_bell": "hat_closed"}),
    (0.05, {"ride": "crash"}),
    (0.04, {"hat_closed": "tom_floor"}),
    (0.02, {"hat_closed": "hat_pedal"}),
)
"""Chances that a passage's cymbals are played on something else: recorded performances keep time on
the closed hi-hat for three quarters of their length."""


def perform(rng: Random, groove: Groove, *, duration_s: float) -> tuple[Performance, float]:
    """A passage of the given length, and where its first bar starts in it (s)."""
    if rng.random() < _GENERATED_SHARE:
        played = generate(rng, duration_s=duration_s)
    else:
        played = _recorded(rng, groove, duration_s)
    strokes = _exchanged(rng, list(played.strokes))
    strokes = _with_crashes(rng, strokes, played.bar_s, duration_s)
    strokes = _with_other_sounds(rng, strokes, played.bar_s, duration_s)
    start_s = float(rng.uniform(0.05, _MAX_START_S))
    kept = tidy(moved(strokes, start_s), duration_s=duration_s - 0.1)
    return Performance(kept, played.bpm, played.beats_per_bar), start_s


def _recorded(rng: Random, groove: Groove, duration_s: float) -> Performance:
    lengths = np.array([min(p.strokes[-1].time_s, 60) for p in groove.beats])
    source = groove.beats[rng.choice(len(groove.beats), p=lengths / lengths.sum())]
    faster = float(np.exp(rng.uniform(-0.2, 0.2)))
    strokes = [Stroke(s.time_s / faster, s.voice, s.velocity) for s in source.strokes]
    played = Performance(tuple(strokes), source.bpm * faster, source.beats_per_bar)
    bars = max(1, round(strokes[-1].time_s / played.bar_s + 0.4))
    spare = int((strokes[-1].time_s - duration_s) / played.bar_s)
    if spare > 0:
        strokes = moved(strokes, -int(rng.integers(0, spare + 1)) * played.bar_s)
    else:
        repeats = range(int(duration_s / (bars * played.bar_s)) + 1)
        strokes = [s for i in repeats for s in moved(strokes, i * bars * played.bar_s)]
    if groove.fills and rng.random() < 0.4:
        strokes = _with_fills(rng, groove, strokes, played, duration_s)
    return Performance(tuple(strokes), played.bpm, played.beats_per_bar)


def _with_fills(
    rng: Random, groove: Groove, strokes: list[Stroke], played: Performance, duration_s: float
) -> list[Stroke]:
    """Recorded fills take the place of some bars."""
    every = int(rng.choice([2, 4]))
    for bar in range(every - 1, int(duration_s / played.bar_s), every):
        fill = groove.fills[rng.integers(len(groove.fills))]
        pace = fill.bpm / played.bpm
        start_s = bar * played.bar_s
        added = [
            Stroke(start_s + s.time_s * pace, s.voice, s.velocity)
            for s in fill.strokes
            if s.time_s * pace < played.bar_s
        ]
        end_s = start_s + played.bar_s
        strokes = [s for s in strokes if not start_s - 0.03 <= s.time_s < end_s - 0.03] + added
    return strokes


def _exchanged(rng: Random, strokes: list[Stroke]) -> list[Stroke]:
    luck = rng.random()
    for chance, voices in _EXCHANGES:
        luck -= chance
        if luck < 0:
            strokes = revoiced(strokes, voices)
            break
    if rng.random() < 0.15:
        strokes = revoiced(strokes, {"snare": "side_stick"})
    return strokes


def _with_crashes(
    rng: Random, strokes: list[Stroke], bar_s: float, duration_s: float
) -> list[Stroke]:
    """Crashes on many of the bars' first beats, as choruses have them."""
    if rng.random() > 0.35:
        return strokes
    return strokes + [
        Stroke(bar * bar_s + rng.normal(0, 0.006), "crash", rng.uniform(0.6, 1.0))
        for bar in range(int(duration_s / bar_s) + 1)
        if rng.random() < 0.5
    ]


def _with_other_sounds(
    rng: Random, strokes: list[Stroke], bar_s: float, duration_s: float
) -> list[Stroke]:
    """Claps, bells, shakers and tambourines: they sound like drums and must not count."""
    if rng.random() > 0.22:
        return strokes
    step_s = bar_s / int(rng.choice([2, 4, 8, 16]))
    return strokes + [
        Stroke(i * step_s + rng.normal(0, 0.008), "other", rng.uniform(0.3, 1.0))
        for i in range(int(duration_s / step_s))
        if rng.random() < 0.9
    ]
