"""Made songs played to a click, or drifting: is one exact tempo found, are bars met?

    python -m benchmarks.charts.click [--seeds 11 12 13 14]

Each seed makes songs of six grooves: by a machine, by a drummer who wanders by 6–18 ms around the
click, with a late snare in a quarter of the bars, and with a drift of 3–7 %. Nothing was chosen on
the default seeds.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat.medley import track_recording
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.types import Drum, Onset, TempoMap

_GROOVES: Final[tuple[tuple[int, dict[Drum, tuple[float, ...]]], ...]] = (
    (4, {Drum.HAT_CLOSED: tuple(n / 2 for n in range(8)), Drum.KICK: (0, 2), Drum.SNARE: (1, 3)}),
    (4, {Drum.KICK: (0, 1, 2, 3), Drum.SNARE: (1, 3), Drum.HAT_CLOSED: (0.5, 1.5, 2.5, 3.5)}),
    (4, {Drum.HAT_CLOSED: tuple(n / 4 for n in range(16)), Drum.KICK: (0, 0.75, 2, 2.5),
         Drum.SNARE: (1, 3)}),
    (4, {Drum.RIDE: (0, 1, 5 / 3, 2, 3, 11 / 3), Drum.KICK: (0, 2), Drum.SNARE: (1, 3)}),
    (3, {Drum.HAT_CLOSED: (0, 1, 2), Drum.KICK: (0,), Drum.SNARE: (1, 2)}),
    (4, {Drum.HAT_CLOSED: tuple(n / 2 for n in range(8)), Drum.KICK: (0, 1.5), Drum.SNARE: (2,)}),
)  # fmt: skip
"""(beats of a bar, drum → beats)."""
_KINDS: Final = ("machine", "wander", "late snare", "drift")
_RHO: Final = 0.9
"""How much of a stroke's deviation the next one has."""
_MISSED: Final = 0.04


@dataclass(frozen=True)
class Song:
    """A made song: its strokes, its bar lines and the tempo of its click."""

    kind: str
    onsets: tuple[Onset, ...]
    bars_s: Float64
    bpm: float


def songs(seed: int) -> Iterator[Song]:
    """Yield a song of every kind and groove."""
    rng = np.random.default_rng(seed)
    for kind in _KINDS:
        for beats, groove in _GROOVES:
            bpm = float(rng.integers(72, 180)) + 0.5 * float(rng.integers(0, 2))
            yield _song(kind, beats, groove, bpm, rng)


def _song(
    kind: str, beats: int, groove: dict[Drum, tuple[float, ...]], bpm: float,
    rng: np.random.Generator,
) -> Song:  # fmt: skip
    bars = int(rng.integers(24, 90))
    axis = np.arange(bars * beats + 1)
    rise = float(rng.choice([-1, 1]) * rng.uniform(0.03, 0.07)) if kind == "drift" else 0.0
    lengths = 60 / bpm / (1 + rise * axis / axis[-1])
    times = float(rng.uniform(0.3, 3)) + np.concatenate([[0.0], np.cumsum(lengths)])
    sigma = float(rng.uniform(0.006, 0.018)) if kind == "wander" else 0.0
    late = {int(bar) for bar in rng.integers(0, bars, bars // 4)} if kind == "late snare" else set()
    places = sorted({bar * beats + at for bar in range(bars)
                     for ats in groove.values() for at in ats})  # fmt: skip
    now, off = 0.0, dict[float, float]()
    for place in places:
        now = _RHO * now + rng.normal(0, 1) * sigma * np.sqrt(1 - _RHO**2)
        off[place] = now
    onsets: list[Onset] = []
    for bar in range(bars):
        for drum, ats in groove.items():
            for at in ats:
                if rng.random() < _MISSED:
                    continue
                place = bar * beats + at
                time_s = float(np.interp(place, np.arange(times.size), times)) + off[place]
                time_s += 0.04 * (drum is Drum.SNARE and bar in late) + rng.normal(0, 0.004)
                velocity = 0.6 if drum.family in ("HH", "CY") else 0.95
                onsets.append(Onset(max(0.0, time_s), drum, velocity))
    return Song(kind, tuple(sorted(onsets)), times[: bars * beats : beats], bpm)


def bars_of(tempo: TempoMap, end_s: float) -> Float64:
    """Return the bar lines up to a time, seconds."""
    lines: list[float] = []
    while not lines or lines[-1] < end_s:
        lines.append(tempo.time_s(len(lines)))
    return np.array(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14])
    rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for seed in parser.parse_args().seeds:
        for song in songs(seed):
            end_s = song.onsets[-1].time_s + 1
            bars = track_recording(song.onsets, duration_s=end_s, hints={})
            tempo = tempo_map(bars, first_onset_s=song.onsets[0].time_s)
            lines = bars_of(tempo, end_s)
            off = np.abs(song.bars_s[:, None] - lines).min(axis=1)
            exact = len(tempo.changes) == 1 and any(
                abs(tempo.changes[0].bpm - song.bpm * octave) < 1e-6 for octave in (0.5, 1, 2)
            )
            found = float((off <= 0.035).mean())
            rows[song.kind].append((len(tempo.changes), exact, found, 1000 * float(np.median(off))))
    print(f"{'kind':12}{'songs':>6}{'one tempo':>11}{'exact':>7}{'chips':>7}{'bars met':>10}"
          f"{'worst':>7}{'ms':>6}")  # fmt: skip
    for kind, found in rows.items():
        chips, exact, met, ms = np.array(found).T
        shares = f"{(chips == 1).mean():11.2f}{exact.mean():7.2f}{np.median(chips):7.0f}"
        bars_met = f"{met.mean():10.3f}{met.min():7.2f}{np.median(ms):6.1f}"
        print(f"{kind:12}{len(found):6}{shares}{bars_met}")


if __name__ == "__main__":
    main()
