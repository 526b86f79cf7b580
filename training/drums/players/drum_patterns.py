"""Generated drumming: styles that the recorded performances are short of.

A style is a bar on a grid of equal steps; each lane is a string with one character a step:
`X` accent, `x` stroke, `o` stroke half of the time, `r` one time in five, `g` ghost note two times
in three, `.` nothing. The lane "time" is played on a cymbal chosen for the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.drums.players.hits import Hit, Performance, replace_voices

Random = np.random.Generator


@dataclass(frozen=True)
class Style:
    """A bar that is varied and repeated."""

    name: str
    bpm: tuple[float, float]
    lanes: dict[str, str]
    beats_per_bar: int = 4
    time_voices: tuple[str, ...] = ("hat_closed", "hat_closed", "hat_open", "ride", "crash")


STYLES: Final = (
    Style(
        "rock",
        (85, 170),
        {"kick": "Xr.ro.orX.orr.o.", "snare": "....X..g....X..r", "time": "X.x.x.x.X.x.x.x."},
    ),
    Style(
        "sixteenths",
        (70, 125),
        {"kick": "X..ro.orX.o.r.or", "snare": "....X.gg.g..X.gg", "time": "XxxxXxxxXxxxXxxx"},
        time_voices=("hat_closed", "hat_closed", "ride"),
    ),
    Style(
        "double bass",
        (110, 210),
        {"kick": "xxxxxxxxxxxxxxxx", "snare": "....X.......X...", "time": "X...X...X...X..."},
        time_voices=("crash", "ride", "ride_bell", "hat_open", "hat_closed"),
    ),
    Style(
        "gallop",
        (120, 200),
        {"kick": "x.xxx.xxx.xxx.xx", "snare": "....X.......X...", "time": "X.x.X.x.X.x.X.x."},
    ),
    Style(
        "blast",
        (130, 230),
        {"kick": "x.x.x.x.x.x.x.x.", "snare": ".x.x.x.x.x.x.x.x", "time": "x.x.x.x.x.x.x.x."},
        time_voices=("hat_closed", "ride", "crash", "hat_open"),
    ),
    Style(
        "hammer blast",
        (100, 180),
        {"kick": "x.x.x.x.x.x.x.x.", "snare": "x.x.x.x.x.x.x.x.", "time": "x.x.x.x.x.x.x.x."},
        time_voices=("crash", "ride", "hat_closed"),
    ),
    Style(
        "skank",
        (150, 230),
        {"kick": "X.r.X.o.X.r.X.o.", "snare": "..X...X...X...X.", "time": "X.x.X.x.X.x.X.x."},
    ),
    Style(
        "half-time",
        (60, 150),
        {"kick": "X..r.oo...r..or.", "snare": "........X......g", "time": "X.x.X.x.X.x.X.x."},
    ),
    Style(
        "shuffle",
        (80, 160),
        {"kick": "X..r.oX..r.o", "snare": "...X.g...X.g", "time": "X.xX.xX.xX.x"},
        time_voices=("hat_closed", "ride", "hat_open"),
    ),
    Style(
        "half-time shuffle",
        (80, 120),
        {"kick": "X....o.r...o", "snare": ".g..g.X.g.g.", "time": "X.xX.xX.xX.x"},
        time_voices=("hat_closed", "ride"),
    ),
    Style(
        "swing",
        (90, 220),
        {
            "kick": "o..r..o.r..r",
            "snare": "..r..g.r...r",
            "hat_pedal": "...x.....x..",
            "time": "X..X.xX..X.x",
        },
        time_voices=("ride", "ride", "ride_bell", "hat_closed"),
    ),
    Style(
        "free swing",
        (60, 230),
        {"hat_pedal": "...x.....x..", "time": "X..X.xX..X.x"},
        time_voices=("ride", "ride", "ride_bell"),
    ),
    Style("no hats", (70, 180), {"kick": "Xr.ro.orX.orr.o.", "snare": "....X..g....X.rr"}),
    Style(
        "ballad",
        (50, 90),
        {"kick": "X.....o.o.......", "snare": "....x.......x...", "time": "x...x...x...x..."},
        time_voices=("ride", "hat_closed", "hat_open", "side_stick"),
    ),
    Style(
        "side-stick groove",
        (65, 140),
        {"kick": "X..o..o.X..o..o.", "side_stick": "....x.....o.x.r.", "time": "X.x.x.x.X.x.x.x."},
        time_voices=("hat_closed", "ride"),
    ),
    Style(
        "one drop",
        (65, 95),
        {"kick": "........X.....r.", "side_stick": "..r.....x..r..r.", "time": "x.x.x.xox.x.x.xo"},
        time_voices=("hat_closed", "hat_closed", "ride"),
    ),
    Style(
        "four on the floor",
        (100, 140),
        {"kick": "X...X...X...X...", "snare": "....x.......x.r.", "time": "..X...X...X...X."},
        time_voices=("hat_open", "hat_closed", "ride"),
    ),
    Style(
        "disco",
        (100, 135),
        {
            "kick": "X...X...X...X...",
            "snare": "....X.......X...",
            "hat_closed": "xx.xxx.xxx.xxx.x",
            "hat_open": "..X...X...X...X.",
        },
        time_voices=("hat_open",),
    ),
    Style(
        "tom groove",
        (80, 160),
        {
            "kick": "X.....o.X...r...",
            "snare": "....X.......X...",
            "tom_floor": "x.x.x.x.x.x.x.x.",
            "tom_low": "r..r..r...r..r..",
            "tom_high": "..r....r..r....r",
        },
    ),
    Style(
        "tribal",
        (80, 150),
        {
            "kick": "X...r...X...r...",
            "tom_floor": "x..xo.x.x..xo.x.",
            "tom_low": ".x..x..x.o..x..o",
            "tom_high": "....o..r..o...xo",
            "hat_pedal": "....x.......x...",
        },
    ),
    Style(
        "waltz",
        (80, 190),
        {"kick": "X.....r.....", "snare": "....x...x.r.", "time": "X.r.x.r.x.r."},
        beats_per_bar=3,
        time_voices=("hat_closed", "ride", "hat_open"),
    ),
    Style(
        "crash rock",
        (90, 170),
        {"kick": "X.r.o.o.X.o.r.o.", "snare": "....X.......X...", "time": "X...X...X...X..."},
        time_voices=("crash", "crash", "hat_open"),
    ),
)
_PROBABILITY: Final = {"X": 1.0, "x": 0.96, "o": 0.5, "r": 0.2, "g": 0.66, ".": 0.0}
_VELOCITY: Final = {"X": 0.9, "x": 0.7, "o": 0.65, "r": 0.6, "g": 0.25}
_TOMS: Final = ("tom_high", "tom_low", "tom_floor")


def generate_pattern(
    rng: Random, *, duration_s: float, styles: Sequence[Style] = STYLES
) -> Performance:
    """A passage in one of the styles, with fills, crashes and rolls."""
    style = styles[int(rng.integers(len(styles)))]
    bpm = float(rng.uniform(*style.bpm))
    steps = len(next(iter(style.lanes.values())))
    step_s = style.beats_per_bar * 60 / bpm / steps
    jitter_s = rng.uniform(0.0, 0.012)
    loudness = rng.uniform(0.75, 1.1)
    kept = {lane: rng.random(steps) for lane in style.lanes}
    hits: list[Hit] = []
    for bar in range(int(duration_s / (steps * step_s)) + 1):
        fill_from = _fill_start(rng, steps)
        for lane, row in style.lanes.items():
            # Most chances fall the same way in every bar, as a drummer keeps a groove.
            luck = np.where(rng.random(steps) < 0.15, rng.random(steps), kept[lane])
            for step, mark in enumerate(row[:fill_from]):
                if luck[step] < _PROBABILITY[mark]:
                    velocity = _VELOCITY[mark] * loudness * rng.uniform(0.8, 1.15)
                    time_s = (bar * steps + step) * step_s + rng.normal(0, jitter_s)
                    hits.append(Hit(time_s, lane, float(min(1, velocity))))
        if fill_from < steps:
            hits += _fill(rng, (bar * steps + fill_from) * step_s, steps - fill_from, step_s)
        elif bar and rng.random() < 0.25:
            hits.append(Hit(bar * steps * step_s, "crash", rng.uniform(0.6, 1.0)))
    voice = style.time_voices[rng.integers(len(style.time_voices))]
    return Performance(
        tuple(sorted(replace_voices(hits, {"time": voice}))), bpm, style.beats_per_bar
    )


def _fill_start(rng: Random, steps: int) -> int:
    """The step where a fill begins: usually none does."""
    if rng.random() < 0.75:
        return steps
    return steps - int(rng.choice([steps // 4, steps // 2, steps]))


def _fill(rng: Random, start_s: float, steps: int, step_s: float) -> list[Hit]:
    """Toms and snare downwards, or a roll."""
    divide = int(rng.choice([1, 1, 1, 2])) if step_s > 0.09 else 1
    count = steps * divide
    if rng.random() < 0.3:
        voices = [str(rng.choice(["snare", *_TOMS]))] * count
    else:
        order = np.sort(rng.integers(-1, 3, count))
        voices = ["snare" if i < 0 else _TOMS[i] for i in order]
    rising = np.linspace(rng.uniform(0.4, 0.9), rng.uniform(0.7, 1.0), count)
    hits = [
        Hit(
            start_s + i * step_s / divide + rng.normal(0, 0.005),
            voice,
            float(min(1, rising[i] * rng.uniform(0.8, 1.1))),
        )
        for i, voice in enumerate(voices)
        if rng.random() < 0.9
    ]
    if rng.random() < 0.6:
        every = int(rng.choice([2, 4]))
        hits += [
            Hit(start_s + i * step_s, "kick", rng.uniform(0.6, 0.95))
            for i in range(0, steps, every)
        ]
    return hits
