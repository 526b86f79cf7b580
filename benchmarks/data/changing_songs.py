"""Drumming whose tempo or time signature changes for good within a song, and songs where only the
groove does.

The grooves and seeds on which anything was chosen are not those that are reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.drums.types import Onset
from training.bars.generated_rhythms import Random, play_groove
from training.bars.groove_patterns import (
    GROOVES,
    HELD_OUT_IRREGULAR_GROOVES,
    IRREGULAR_GROOVES,
    GroovePattern,
)
from training.bars.rhythms import Rhythm

KINDS: Final = ("leap", "half-speed bridge", "slow ending", "meter", "meter and tempo", "groove")
"""What changes: by 8 % to 55 %; to about half and back; the last bars; and where nothing does."""
HELD_OUT_GROOVES: Final[dict[str, GroovePattern]] = {
    "indie": GroovePattern((4, 4), (105, 175), {"kick": "X.....X...X...x.",
                    "snare": "....X.......X..o", "time": "X.x.X.x.X.x.X.x."}),
    "funk": GroovePattern((4, 4), (84, 118), {"kick": "X.x...o...x..x..",
                   "snare": "....X..g.g..X.g.", "time": "x.x.x.x.x.x.x.xx"}),
    "punk": GroovePattern((4, 4), (150, 210), {"kick": "X.....x.X.x.....",
                   "snare": "....X.......X...", "time": "X.x.X.x.X.x.X.x."}),
    "power ballad": GroovePattern((4, 4), (60, 92), {"kick": "X.......x.x.....",
                           "snare": "....X.......X...", "time": "x.x.x.x.x.x.x.x."}),
    "disco": GroovePattern((4, 4), (108, 132), {"kick": "X...X...X...X...",
                    "snare": "....X.......X...", "time": "x.X.x.X.x.X.x.X."}),
    "three": GroovePattern((3, 4), (90, 170), {"kick": "X...x...o...", "snare": "........X...",
                    "time": "X.x.X.x.X.x."}),
    "three, backbeat": GroovePattern((3, 4), (90, 150), {"kick": "X.....o.x...",
                              "snare": "....X.......", "time": "x.x.x.x.x.x."}),
    "six": GroovePattern((6, 8), (70, 125), {"kick": "X..o.x",
                       "snare": "...X..", "time": "XxxXxx"}),
}  # fmt: skip
"""Nothing was ever fitted on or chosen by these."""
_SONG_BARS: Final = (8, 12, 16)
_BARS_BEFORE: Final = 4
_MIN_SECTION_S: Final = 12.0


def changing_songs(kind: str, count: int, *, seed: int, held_out: bool = False) -> Iterator[Rhythm]:
    """Songs of one of `KINDS`."""
    grooves = (
        {**HELD_OUT_GROOVES, **HELD_OUT_IRREGULAR_GROOVES}
        if held_out
        else {**GROOVES, **IRREGULAR_GROOVES}
    )
    for number in range(count):
        rng = np.random.default_rng((seed, KINDS.index(kind), number))
        yield _song(kind, grooves, rng)


def _song(kind: str, grooves: dict[str, GroovePattern], rng: Random) -> Rhythm:
    simple = [name for name, groove in grooves.items() if groove.signature == (4, 4)]
    first = str(rng.choice(simple))
    bpm = float(rng.uniform(*grooves[first].bpm))
    other, other_bpm = first, bpm
    if kind == "slow ending":
        return _slow_down_ending(_join([play_groove(first, grooves[first], rng, bpm=bpm)]), rng)
    if kind in ("meter", "meter and tempo"):
        simple = [name for name, groove in grooves.items() if groove.signature != (4, 4)]
    while True:
        other = str(rng.choice(simple))
        if kind in ("leap", "meter and tempo"):
            other_bpm = bpm * np.exp(rng.choice([-1, 1]) * rng.uniform(0.08, 0.45))
        elif kind == "half-speed bridge":
            # half the tempo itself is a half-time feel: written either way
            other_bpm = bpm * rng.choice([rng.uniform(0.40, 0.47), rng.uniform(0.53, 0.62)])
        low, high = grooves[other].bpm
        if 0.8 * low < other_bpm < 1.2 * high and (other != first or kind == "leap"):
            break
        if rng.random() < 0.05:
            return _song(kind, grooves, rng)
    form = [(first, bpm), (other, other_bpm)] + [(first, bpm)] * int(rng.random() < 0.6)
    parts = []
    for name, part_bpm in form:
        signature = grooves[name].signature
        bars = int(rng.choice(_SONG_BARS))
        bars = max(
            bars, int(_MIN_SECTION_S * part_bpm / 240 * signature[1] / signature[0]) // 4 * 4
        )
        parts.append(play_groove(name, grooves[name], rng, bpm=float(part_bpm), bars=bars))
    return _join(parts)


def _join(parts: list[Rhythm]) -> Rhythm:
    """One after the other, each from its first bar line on; the strokes after its last are cut."""
    onsets: list[tuple[Onset, float]] = []
    bars_s, signatures = [float(parts[0].bars_s[0])], list[tuple[int, int]]()
    for part in parts:
        shift_s, intended_s = bars_s[-1] - part.bars_s[0], part.intended_s or ()
        for onset, meant in zip(part.onsets, intended_s, strict=True):
            if meant < part.bars_s[-1] - 1e-6:
                time_s = max(0.0, onset.time_s + shift_s)
                onsets.append((replace(onset, time_s=time_s), meant + shift_s))
        bars_s += [line_s + shift_s for line_s in part.bars_s[1:]]
        signatures += [part.signature] * (len(part.bars_s) - 1)
    onsets.sort()
    quarters = sum(4 * top / bottom for top, bottom in signatures)
    return Rhythm(
        " → ".join(part.name for part in parts),
        tuple(onset for onset, _ in onsets),
        60 * quarters / (bars_s[-1] - bars_s[0]),
        max(set(signatures), key=signatures.count),
        tuple(bars_s),
        tuple(meant for _, meant in onsets),
        tuple(signatures),
    )


def _slow_down_ending(song: Rhythm, rng: Random) -> Rhythm:
    """The last two to four bars slower and slower, down to about half the tempo.

    Only these and the bars before them are judged.
    """
    count = min(int(rng.integers(2, 5)), len(song.bars_s) - 3)
    begin_s, end_s = song.bars_s[-1 - count], song.bars_s[-1]
    axis = np.linspace(0, 1, 201)
    pace = 1 / (1 - rng.uniform(0.3, 0.55) * axis)
    grown = np.concatenate([[0], np.cumsum((pace[1:] + pace[:-1]) / 2)]) / 200
    old_s = begin_s + (end_s - begin_s) * axis

    def later(time_s: float) -> float:
        slow_s = begin_s + (end_s - begin_s) * float(np.interp(time_s, old_s, grown))
        return slow_s if time_s > begin_s else time_s

    bars_s = tuple(map(later, song.bars_s))
    known_s = bars_s[-count - _BARS_BEFORE]
    return replace(
        song,
        name=f"{song.name}, slowing {count} bars",
        onsets=tuple(replace(o, time_s=later(o.time_s)) for o in song.onsets),
        bpm=song.bpm * (song.bars_s[-1] - song.bars_s[0]) / (bars_s[-1] - bars_s[0]),
        bars_s=bars_s[-count - _BARS_BEFORE :],
        signatures=song.signatures[-count - _BARS_BEFORE + 1 :],
        intended_s=tuple(
            m if m > known_s else float("nan") for m in map(later, song.intended_s or ())
        ),
    )
