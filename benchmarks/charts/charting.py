"""From strokes to bars and notes: tempo, time signature, downbeats and grid, with known truth.

    python -m benchmarks.charts.charting [--groove ZIP] [--splits test validation] [--worst 10]

ZIP is the Groove MIDI Dataset; without it only generated rhythms are measured. Each set is heard
perfectly, and again with one stroke in ten missed, one in twenty false, and 8 ms of jitter more.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.data import changing_songs
from indexer.drums.beat.medley import track_recording
from indexer.drums.beat.tempo_map import tempo_map
from indexer.drums.score.quantize import quantize
from indexer.drums.types import DrumsError, GridNote, Onset, TempoMap, signature_of
from training.bars.agreement import MIN_AGREEMENT, bar_lines_agree
from training.bars.generated_rhythms import (
    generated_rhythms,
    irregular_bar_rhythms,
    irregular_meter_rhythms,
)
from training.bars.rhythms import Rhythm, degrade, groove_rhythms, pattern_rhythms

_TEMPO: Final = 0.04
_PLACE_S: Final = 0.015
"""A note this near to where its stroke was meant stands in the right place of a drawn bar."""


@dataclass(frozen=True)
class Result:
    """How one rhythm was understood; None where there is no truth about it."""

    name: str
    said: str
    tempo: bool
    octave: bool
    meter: bool
    bars: bool
    places: float | None
    error_ms: float
    chips: int


def judge(rhythm: Rhythm) -> Result:
    """Chart a rhythm and compare it with its truth."""
    try:
        grid = track_recording(rhythm.onsets, duration_s=rhythm.duration_s, hints={})
    except DrumsError:
        return Result(rhythm.name, "no beat", False, False, False, False, None, 100.0, 0)
    tempo = tempo_map(grid, first_onset_s=rhythm.onsets[0].time_s)
    notes = quantize(rhythm.onsets, tempo, division=grid.division)
    first, bars = _bars(tempo, rhythm)
    quarters = sum(4 * tempo.bar_length(bar) for bar in range(first, first + len(bars) - 1))
    bpm = 60 * quarters / max(1e-9, bars[-1] - bars[0])
    signature = signature_of(grid.beats_per_bar, grid.division)
    ratio = bpm / rhythm.bpm
    is_tempo, is_meter = abs(ratio - 1) < _TEMPO, signature == rhythm.signature
    if rhythm.signatures:
        is_tempo, is_meter = _by_bar(tempo, rhythm)
    nearest = np.array([_nearest(notes, tempo, onset) for onset in rhythm.onsets])
    times = np.array([onset.time_s for onset in rhythm.onsets])
    places = None
    if rhythm.intended_s is not None:
        meant = np.array(rhythm.intended_s)
        known = ~np.isnan(meant)
        places = float((np.abs(nearest - meant)[known] < _PLACE_S).mean())
    return Result(
        rhythm.name,
        f"{signature[0]}/{signature[1]} {bpm:.1f}",
        is_tempo,
        any(abs(ratio * factor - 1) < _TEMPO for factor in (1, 2, 0.5, 3, 1 / 3, 1.5, 2 / 3)),
        is_meter,
        bar_lines_agree(bars, np.array(rhythm.bars_s)),
        places,
        1000 * float(np.median(np.abs(nearest - times))),
        len(tempo.changes),
    )


def _by_bar(tempo: TempoMap, rhythm: Rhythm) -> tuple[bool, bool]:
    """Whether tempo, and length of the bars, are right most of the time."""
    tempos, meters, total_s = 0.0, 0.0, rhythm.bars_s[-1] - rhythm.bars_s[0]
    for start_s, end_s, (top, bottom) in zip(
        rhythm.bars_s, rhythm.bars_s[1:], rhythm.signatures, strict=False
    ):
        bar = tempo.position((start_s + end_s) / 2)[0]
        length, lasts_s = tempo.bar_length(bar), tempo.time_s(bar + 1) - tempo.time_s(bar)
        quarters = top / bottom / length * lasts_s / (end_s - start_s)
        tempos += (end_s - start_s) * (abs(quarters - 1) < _TEMPO)
        meters += (end_s - start_s) * (abs(length - top / bottom) < 1e-6)
    return tempos >= MIN_AGREEMENT * total_s, meters >= MIN_AGREEMENT * total_s


def _bars(tempo: TempoMap, rhythm: Rhythm) -> tuple[int, np.ndarray]:
    """The first bar while the rhythm lasts, and the bar lines."""
    first, last = rhythm.bars_s[0] - 0.5, rhythm.bars_s[-1] + 0.5
    bar, lines = 0, list[float]()
    while (time_s := tempo.time_s(bar)) < last:
        if time_s > first:
            lines.append(time_s)
        bar += 1
    return max(0, bar - len(lines)), np.array(lines if len(lines) > 1 else [first, last])


def _nearest(notes: tuple[GridNote, ...], tempo: TempoMap, onset: Onset) -> float:
    """Time of the chart's note that stands for an onset."""
    bar, _ = tempo.position(onset.time_s)
    times = [
        tempo.time_s(note.bar, note.tick)
        for note in notes[_first(notes, bar - 1) : _first(notes, bar + 2)]
        if note.drum == onset.drum
    ]
    return min(times, key=lambda t: abs(t - onset.time_s), default=-1.0)


def _first(notes: tuple[GridNote, ...], bar: int) -> int:
    """Index of the first note of `bar` or later."""
    low, high = 0, len(notes)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if notes[middle].bar < bar else (low, middle)
    return low


def report(name: str, rhythms: Iterable[Rhythm], *, worst: int) -> None:
    """Measure a set of rhythms and print a line about it."""
    started = time.process_time()
    results = [judge(rhythm) for rhythm in rhythms]
    if not results:
        return

    def share(field: str) -> str:
        return f"{field} {np.mean([getattr(r, field) for r in results]):.3f}"

    places = [r.places for r in results if r.places is not None]
    print(
        f"{name:28} {len(results):4}  "
        + "  ".join(share(field) for field in ("tempo", "octave", "meter", "bars"))
        + (f"  places {np.mean(places):.3f}" if places else "")
        + f"  error {np.mean([r.error_ms for r in results]):.1f} ms"
        + f"  tempos {np.mean([r.chips for r in results]):.1f}"
        + f"  {(time.process_time() - started) / len(results):.2f} s each",
        flush=True,
    )
    failed = [r for r in results if not (r.tempo and r.meter and r.bars)]
    for result in failed[:worst]:
        marks = "".join(
            letter if getattr(result, field) else "-"
            for letter, field in (("t", "tempo"), ("m", "meter"), ("b", "bars"))
        )
        print(f"    {marks} {result.name}: {result.said}")


def main() -> None:
    """Print a line for each set of rhythms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groove", type=Path, help="the zipped Groove MIDI Dataset")
    parser.add_argument("--splits", nargs="+", default=["test", "validation"])
    parser.add_argument("--count", type=int, default=114, help="generated rhythms in a set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worst", type=int, default=0, help="failures to name in each set")
    parser.add_argument(
        "--chosen-by", action="store_true", help="changing songs of the grooves used for choosing"
    )
    parser.add_argument("--sets", nargs="+", help="only sets whose names begin like one of these")
    options = parser.parse_args()
    count, seed = options.count, options.seed
    sets: dict[str, Iterator[Rhythm]] = {
        "generated": generated_rhythms(count, seed=seed),
        "training patterns": pattern_rhythms(count // 2, seed=seed),
        "5/4 and 7/8": irregular_meter_rhythms(count // 2, seed=seed),
        "5/4 and 7/8, other grooves": irregular_meter_rhythms(count // 2, seed=seed, held_out=True),
        "odd bars": irregular_bar_rhythms(count // 2, seed=seed),
    }
    for kind in changing_songs.KINDS:
        songs = changing_songs.changing_songs(
            kind, count // 2, seed=seed, held_out=not options.chosen_by
        )
        sets[f"changing: {kind}"] = songs
    if options.groove:
        sets["groove"] = groove_rhythms(options.groove, frozenset(options.splits))
    wanted = tuple(options.sets or [""])
    for name, made in sets.items():
        if not name.startswith(wanted):
            continue
        rhythms = list(made)
        report(name, rhythms, worst=options.worst)
        heard = [degrade(rhythm, seed=i) for i, rhythm in enumerate(rhythms)]
        report(f"{name}, badly heard", heard, worst=options.worst)


if __name__ == "__main__":
    main()
