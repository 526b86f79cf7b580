"""What is played in a training clip: recorded or generated drumming, varied."""

from __future__ import annotations

from typing import Final

import numpy as np

from training.drums.players.drum_patterns import generate_pattern
from training.drums.players.groove_dataset import GrooveSplit
from training.drums.players.hits import Hit, Performance, clean_hits, replace_voices, shift_hits

Random = np.random.Generator

_PATTERN_SHARE: Final = 0.35
_NO_HATS_SHARE: Final = 0.12
"""Passages without a hi-hat, where a bright snare or a shaker must not be taken for one."""
_MAX_START_S: Final = 0.4
_VOICE_EXCHANGES: Final[tuple[tuple[float, dict[str, str]], ...]] = (
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


def perform(rng: Random, groove: GrooveSplit, *, duration_s: float) -> tuple[Performance, float]:
    """A passage of the given length, and where its first bar starts in it (s)."""
    if rng.random() < _PATTERN_SHARE:
        played = generate_pattern(rng, duration_s=duration_s)
    else:
        played = _recorded_performance(rng, groove, duration_s)
    hits = _exchange_voices(rng, list(played.hits))
    hits = _add_crashes(rng, hits, played.bar_s, duration_s)
    if rng.random() < _NO_HATS_SHARE:
        hits = [hit for hit in hits if not hit.voice.startswith("hat_")]
    hits = _add_other_sounds(rng, hits, played.bar_s, duration_s)
    start_s = float(rng.uniform(0.05, _MAX_START_S))
    kept = clean_hits(shift_hits(hits, start_s), duration_s=duration_s - 0.1)
    return Performance(kept, played.bpm, played.beats_per_bar), start_s


def _recorded_performance(rng: Random, groove: GrooveSplit, duration_s: float) -> Performance:
    lengths = np.array([min(p.hits[-1].time_s, 60) for p in groove.beats])
    source = groove.beats[rng.choice(len(groove.beats), p=lengths / lengths.sum())]
    faster = float(np.exp(rng.uniform(-0.2, 0.2)))
    hits = [Hit(s.time_s / faster, s.voice, s.velocity) for s in source.hits]
    played = Performance(tuple(hits), source.bpm * faster, source.beats_per_bar)
    bars = max(1, round(hits[-1].time_s / played.bar_s + 0.4))
    spare = int((hits[-1].time_s - duration_s) / played.bar_s)
    if spare > 0:
        hits = shift_hits(hits, -int(rng.integers(0, spare + 1)) * played.bar_s)
    else:
        repeats = range(int(duration_s / (bars * played.bar_s)) + 1)
        hits = [s for i in repeats for s in shift_hits(hits, i * bars * played.bar_s)]
    if groove.fills and rng.random() < 0.4:
        hits = _replace_bars_with_fills(rng, groove, hits, played, duration_s)
    return Performance(tuple(hits), played.bpm, played.beats_per_bar)


def _replace_bars_with_fills(
    rng: Random, groove: GrooveSplit, hits: list[Hit], played: Performance, duration_s: float
) -> list[Hit]:
    """Recorded fills take the place of some bars."""
    every = int(rng.choice([2, 4]))
    for bar in range(every - 1, int(duration_s / played.bar_s), every):
        fill = groove.fills[rng.integers(len(groove.fills))]
        pace = fill.bpm / played.bpm
        start_s = bar * played.bar_s
        added = [
            Hit(start_s + s.time_s * pace, s.voice, s.velocity)
            for s in fill.hits
            if s.time_s * pace < played.bar_s
        ]
        end_s = start_s + played.bar_s
        hits = [s for s in hits if not start_s - 0.03 <= s.time_s < end_s - 0.03] + added
    return hits


def _exchange_voices(rng: Random, hits: list[Hit]) -> list[Hit]:
    luck = rng.random()
    for chance, voices in _VOICE_EXCHANGES:
        luck -= chance
        if luck < 0:
            hits = replace_voices(hits, voices)
            break
    if rng.random() < 0.15:
        hits = replace_voices(hits, {"snare": "side_stick"})
    return hits


def _add_crashes(rng: Random, hits: list[Hit], bar_s: float, duration_s: float) -> list[Hit]:
    """Crashes on many of the bars' first beats, as choruses have them."""
    if rng.random() > 0.35:
        return hits
    return hits + [
        Hit(bar * bar_s + rng.normal(0, 0.006), "crash", rng.uniform(0.6, 1.0))
        for bar in range(int(duration_s / bar_s) + 1)
        if rng.random() < 0.5
    ]


def _add_other_sounds(rng: Random, hits: list[Hit], bar_s: float, duration_s: float) -> list[Hit]:
    """Claps, bells, shakers and tambourines: they sound like drums and must not count."""
    if rng.random() > 0.22:
        return hits
    step_s = bar_s / int(rng.choice([2, 4, 8, 16]))
    return hits + [
        Hit(i * step_s + rng.normal(0, 0.008), "other", rng.uniform(0.3, 1.0))
        for i in range(int(duration_s / step_s))
        if rng.random() < 0.9
    ]
