"""Drumming with known bars: performances of the Groove MIDI Dataset, and generated ones.

A `Rhythm` is what a perfect or an imperfect listener would hear of a passage, and the truth about
it: its time signature, where its bars start, and where each stroke was meant.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from indexer.drums.formats.midi_files import read_notes
from indexer.drums.types import Drum, Onset
from training.drums.players.drum_patterns import generate
from training.drums.players.hits import OF_PITCH, Performance

Random = np.random.Generator
_LONGEST_S: Final = 60.0
_SHORTEST_S: Final = 16.0
_DRUM_OF: Final = {"ride_bell": Drum.RIDE}


@dataclass(frozen=True)
class Rhythm:
    """A passage and the truth about it.

    Attributes:
        onsets: Sorted by time.
        bpm: Quarter notes a minute, on average.
        signature: Such as (6, 8).
        bars_s: Where bars start, from the first to the end of the last.
        meant_s: Where each onset was meant; NaN for false ones, None where nobody knows.
        signatures: Of each bar, if they are not all alike.
    """

    name: str
    onsets: tuple[Onset, ...]
    bpm: float
    signature: tuple[int, int]
    bars_s: tuple[float, ...]
    meant_s: tuple[float, ...] | None = None
    signatures: tuple[tuple[int, int], ...] = ()

    @property
    def duration_s(self) -> float:
        """Half a second more than the last stroke."""
        return self.onsets[-1].time_s + 0.5


def groove(path: Path, splits: frozenset[str]) -> Iterator[Rhythm]:
    """The first minute of the performances of at least 16 s in some splits of the dataset."""
    with zipfile.ZipFile(path) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("groove/info.csv").decode()))
        for row in rows:
            if row["split"] not in splits or row["beat_type"] != "beat":
                continue
            numerator, _, denominator = row["time_signature"].partition("-")
            notes = read_notes(archive.read(f"groove/{row['midi_filename']}"))
            onsets = tuple(
                Onset(note.time_s, _drum(OF_PITCH[note.pitch]), note.velocity / 127)
                for note in notes
                if note.pitch in OF_PITCH and note.time_s < _LONGEST_S
            )
            if len(onsets) < 16 or onsets[-1].time_s < _SHORTEST_S:
                continue
            signature = int(numerator), int(denominator)
            bar_s = 240 / float(row["bpm"]) * signature[0] / signature[1]
            bars = np.arange(0, onsets[-1].time_s + bar_s, bar_s)
            name = f"{row['style']} {row['bpm']} ({row['id']})"
            yield Rhythm(name, onsets, float(row["bpm"]), signature, tuple(map(float, bars)))


def patterns(count: int, *, seed: int) -> Iterator[Rhythm]:
    """Passages as the network was trained with."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        yield _of_performance(f"pattern {number}", generate(rng, duration_s=45.0), rng)


def _of_performance(name: str, made: Performance, rng: Random) -> Rhythm:
    lead_s = float(rng.uniform(0, 2))
    onsets = tuple(
        Onset(s.time_s + lead_s, _drum(s.voice), s.velocity)
        for s in made.strokes
        if s.voice != "other" and s.time_s > -lead_s
    )
    bars = lead_s + np.arange(0, onsets[-1].time_s - lead_s + made.bar_s, made.bar_s)
    return Rhythm(name, onsets, made.bpm, (made.beats_per_bar, 4), tuple(map(float, bars)))


def _drum(voice: str) -> Drum:
    return _DRUM_OF.get(voice) or Drum(voice)


def worsened(
    rhythm: Rhythm,
    *,
    seed: int,
    missed: float = 0.1,
    false: float = 0.05,
    jitter_s: float = 0.008,
) -> Rhythm:
    """What a listener makes of it who misses strokes, hears false ones, and times them badly."""
    rng = np.random.default_rng(seed)
    drums = (Drum.KICK, Drum.SNARE, Drum.HAT_CLOSED, Drum.HAT_CLOSED, Drum.CRASH)
    meant = rhythm.meant_s or (float("nan"),) * len(rhythm.onsets)
    heard: list[tuple[Onset, float]] = []
    for onset, meant_s in zip(rhythm.onsets, meant, strict=True):
        if rng.random() >= missed:
            time_s = max(0.0, onset.time_s + float(rng.normal(0, jitter_s)))
            heard.append((replace(onset, time_s=time_s), meant_s))
    for _ in range(int(false * len(rhythm.onsets))):
        drum = drums[rng.integers(len(drums))]
        time_s = float(rng.uniform(rhythm.onsets[0].time_s, rhythm.onsets[-1].time_s))
        heard.append((Onset(time_s, drum, float(rng.uniform(0.2, 0.6))), float("nan")))
    heard.sort()
    return replace(
        rhythm,
        onsets=tuple(onset for onset, _ in heard),
        meant_s=tuple(m for _, m in heard) if rhythm.meant_s else None,
    )


@dataclass(frozen=True)
class Groove:
    """A bar on even steps: `X` accent, `x` stroke, `o` half of the time, `g` ghost, `.` nothing."""

    signature: tuple[int, int]
    bpm: tuple[float, float]
    lanes: dict[str, str]
    swing: float = 0.0
    """How much later the second of two steps comes, as a share of a step."""


GROOVES: Final[dict[str, Groove]] = {
    "eighths": Groove((4, 4), (90, 180), {"kick": "X.....x...x..o..",
                       "snare": "....X.......X...", "time": "X.x.x.x.X.x.x.x."}),
    "straight rock": Groove((4, 4), (95, 170), {"kick": "X.......X.x.....",
                       "snare": "....X.......X...", "time": "X.x.X.x.X.x.X.x."}),
    "sixteenths": Groove((4, 4), (70, 115), {"kick": "X..x..x...x..o..",
                       "snare": "....X..g.g..X..g", "time": "XxxxXxxxXxxxXxxx"}),
    "half-time": Groove((4, 4), (120, 160), {"kick": "X.....x.........",
                       "snare": "........X.......", "time": "X.x.X.x.X.x.X.x."}),
    "slow ballad": Groove((4, 4), (56, 76), {"kick": "X.....x.x.......",
                       "side_stick": "....X.......X...", "time": "x.x.x.x.x.x.x.x."}),
    "four on the floor": Groove((4, 4), (115, 135), {"kick": "X...X...X...X...",
                       "snare": "....x.......x...", "hat_open": "..X...X...X...X."}),
    "double bass": Groove((4, 4), (130, 200), {"kick": "xxxxxxxxxxxxxxxx",
                       "snare": "....X.......X...", "time": "X...X...X...X..."}),
    "shuffle": Groove((4, 4), (85, 150), {"kick": "X.......X..o", "snare": "...X.....X..",
                       "time": "X.xX.xX.xX.x"}),
    "swing": Groove((4, 4), (110, 200), {"kick": "x..o..x..o..", "snare": "..o..g...o.g",
                       "hat_pedal": "...x.....x..", "ride": "X..X.xX..X.x"}),
    "swung sixteenths": Groove((4, 4), (80, 105), {"kick": "X..x..x...x.....",
                       "snare": "....X..g.g..X...", "time": "X.x.X.xxX.x.X.xx"}, swing=0.28),
    "waltz": Groove((3, 4), (84, 130), {"kick": "X.......o...", "snare": "....x...x...",
                       "time": "X.x.x.x.x.x."}),
    "rock waltz": Groove((3, 4), (100, 160), {"kick": "X.....x.....", "snare": "....X.......",
                       "time": "X.x.X.x.X.x."}),
    "fast waltz": Groove((3, 4), (160, 210), {"kick": "X..o..", "snare": "..x.x.",
                       "ride": "X.x.x."}),
    "jazz waltz": Groove((3, 4), (120, 190), {"kick": "X.......o", "snare": "..g..o...",
                       "hat_pedal": "...x.....", "ride": "X..X.xX.."}),
    "6/8 ballad": Groove((6, 8), (66, 110), {"kick": "X....o", "snare": "...X..",
                       "time": "XxxXxx"}),
    "6/8 rock": Groove((6, 8), (75, 130), {"kick": "X.o.x.", "snare": "...X..",
                       "time": "XxxXxx"}),
    "6/8 march": Groove((6, 8), (120, 190), {"kick": "X..x..", "snare": "xoxXxx",
                       "hat_pedal": "...x.."}),
    "12/8 blues": Groove((12, 8), (66, 120), {"kick": "X.....X.x...", "snare": "...X.....X..",
                       "time": "XxxXxxXxxXxx"}),
    "12/8 gospel": Groove((12, 8), (70, 110), {"kick": "X....xX....o", "snare": "...X.....X.g",
                       "ride": "XxxXxxXxxXxx"}),
}  # fmt: skip
ODD: Final[dict[str, Groove]] = {
    "5/4 rock": Groove((5, 4), (90, 160), {"kick": "X.....x.....X.x.....",
                "snare": "....X.......X...X...", "time": "X.x.X.x.X.x.X.x.X.x."}),
    "5/4 three and two": Groove((5, 4), (120, 190), {"kick": "X.......o.....X.....",
                "snare": "......x.........X...", "ride": "X.x.x.X.x.x.X.x.X.x."}),
    "5/4 sixteenths": Groove((5, 4), (80, 120), {"kick": "X..x......x...X.....",
                "snare": "....X..g....X..g.X..", "time": "XxxxXxxxXxxxXxxxXxxx"}),
    "7/8 two two three": Groove((7, 8), (100, 160), {"kick": "X.......X.....",
                "snare": "....X.......X.", "time": "X.x.X.x.X.x.x."}),
    "7/8 three two two": Groove((7, 8), (100, 160), {"kick": "X.....X.......",
                "snare": "....x.....X...", "time": "X.x.x.X.x.X.x."}),
    "7/8 driving": Groove((7, 8), (110, 170), {"kick": "X.x.....X.x...",
                "snare": "....X.......X.", "time": "XxXxXxXxXxXxXx"}),
}  # fmt: skip
ODD_KEPT_ASIDE: Final[dict[str, Groove]] = {
    "5/4 prog": Groove((5, 4), (100, 150), {"kick": "X.x.......X.....x...",
                "snare": "....X...X.......X...", "time": "X.X.X.X.X.X.X.X.X.X."}),
    "5/4 two and three": Groove((5, 4), (110, 180), {"kick": "X...x...X.x.....o...",
                "snare": "....x.......x...x...", "ride": "X...x.x.X...x.x.x.x."}),
    "7/8 prog": Groove((7, 8), (110, 160), {"kick": "X.....X.X.o...",
                "snare": "....X.....X...", "time": "X.x.X.x.X.x.X."}),
    "7/8 long last": Groove((7, 8), (120, 180), {"kick": "X...X.........",
                "snare": "..X...X.X...x.", "hat_closed": "x.x.x.x.x.x.x."}),
}  # fmt: skip
"""Never fitted on."""
_CHANCE: Final = {"X": 1.0, "x": 0.97, "o": 0.4, "g": 0.7, ".": 0.0}
_VELOCITY: Final = {"X": 0.9, "x": 0.7, "o": 0.65, "g": 0.25}
_TIME: Final = ("hat_closed", "hat_closed", "ride", "hat_open")
_FILL: Final = ("snare", "snare", "tom_high", "tom_low", "tom_floor")


def generated(count: int, *, seed: int) -> Iterator[Rhythm]:
    """Played by our own imperfect drummer: jitter, drift, fills, rolls, pickups, crashes."""
    return _played(GROOVES, count, seed)


def odd_meters(count: int, *, seed: int, kept_aside: bool = False) -> Iterator[Rhythm]:
    """The same in 5/4 and 7/8."""
    return _played(ODD_KEPT_ASIDE if kept_aside else ODD, count, seed)


def with_odd_bars(count: int, *, seed: int) -> Iterator[Rhythm]:
    """Grooves in 4/4 and 3/4 with one to three bars of another length."""
    grooves = {n: g for n, g in GROOVES.items() if g.signature in ((4, 4), (3, 4))}
    return _played(grooves, count, seed, odd_bars=True)


def _played(
    grooves: dict[str, Groove], count: int, seed: int, *, odd_bars: bool = False
) -> Iterator[Rhythm]:
    for number in range(count):
        name = list(grooves)[number % len(grooves)]
        rng = np.random.default_rng((seed, number))
        bpm = float(rng.uniform(*grooves[name].bpm))
        yield play(name, grooves[name], rng, bpm=bpm, odd_bars=odd_bars)


def play(
    name: str,
    style: Groove,
    rng: Random,
    *,
    bpm: float,
    bars: int | None = None,
    odd_bars: bool = False,
) -> Rhythm:
    """So many bars of a groove, or 45 s of it, after a pause."""
    steps = len(next(iter(style.lanes.values())))
    bar_s = 240 / bpm * style.signature[0] / style.signature[1]
    bars = bars or int(45 / bar_s)
    clicked = rng.random() < 0.5
    drift = np.zeros(bars + 2) if clicked else _wander(rng, bars + 2)
    shares = np.ones(bars + 2)
    if odd_bars:
        beats = style.signature[0]
        lengths = (2, 2, 2, 6) if beats == 4 else (2, 4)
        for bar in rng.choice(np.arange(5, bars - 3), int(rng.integers(1, 4)), replace=False):
            shares[bar] = rng.choice(lengths) / beats
    lines = rng.uniform(0.2, 3.0) + np.concatenate([[0], np.cumsum(shares * bar_s * np.exp(drift))])
    jitter_s = rng.uniform(0.003, 0.010)
    time_voice = _TIME[rng.integers(len(_TIME))]
    strokes: list[tuple[Onset, float]] = []

    def strike(bar: int, place: float, voice: str, velocity: float) -> None:
        meant = float(np.interp(bar + place / steps / shares[bar], np.arange(lines.size), lines))
        played = max(0.0, meant + float(rng.normal(0, jitter_s)))
        loudness = float(np.clip(velocity * rng.uniform(0.8, 1.15), 0.05, 1))
        strokes.append((Onset(played, Drum(voice), loudness), meant))

    phrase = int(rng.choice([4, 8]))
    for bar in range(bars):
        size = filled = round(steps * shares[bar])
        if size == steps and (bar + 1) % phrase == 0 and rng.random() < 0.7:
            filled = steps - steps // int(rng.choice([2, 4] if steps % 4 == 0 else [2, 3]))
        for lane, row in style.lanes.items():
            voice = time_voice if lane == "time" else lane
            for step, mark in enumerate((row + row)[:filled]):
                if rng.random() < _CHANCE[mark]:
                    strike(bar, step + (style.swing if step % 2 else 0), voice, _VELOCITY[mark])
        roll = 2 if rng.random() < 0.25 and bar_s / steps > 0.12 else 1
        for step in range(filled * roll, size * roll):
            if rng.random() < 0.9:
                order = (step / roll - filled) / max(1, size - filled)
                voice = _FILL[int(order * len(_FILL))] if roll == 1 else "snare"
                strike(bar, step / roll, voice, 0.5 + 0.4 * order)
        if (bar % phrase == 0 or shares[bar - 1] != 1) and rng.random() < 0.8:
            strike(bar, 0, "crash", 0.9)
    strokes.sort()
    end = int(np.searchsorted(lines, strokes[-1][0].time_s)) + 1
    quarters = float(shares[: end - 1].sum()) * 4 * style.signature[0] / style.signature[1]
    return Rhythm(
        f"{name} {bpm:.0f}{'' if clicked else ' drifting'}",
        tuple(onset for onset, _ in strokes),
        60 * quarters / float(lines[end - 1] - lines[0]),
        style.signature,
        tuple(map(float, lines[:end])),
        tuple(meant for _, meant in strokes),
    )


def _wander(rng: Random, bars: int) -> np.ndarray:
    """Logarithmic tempo deviations of a drummer without a click: some per cent, slowly."""
    walk = np.cumsum(rng.normal(0, 0.004, bars)) + np.linspace(0, rng.uniform(-0.04, 0.04), bars)
    return np.clip(walk, -0.12, 0.12)
