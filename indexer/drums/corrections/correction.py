"""Corrected charts: parsed, aligned to the recording, compared with the automatic chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.chart import bgm_bar
from indexer.drums.corrections.chart_reading import CorrectedChart
from indexer.drums.score.difficulty import dlevel
from indexer.drums.score.reduce import reduce_levels
from indexer.drums.score.tempo_correction import whole_milliseconds
from indexer.drums.types import (
    FAMILIES,
    BarLength,
    ChartSet,
    DrumsError,
    GridNote,
    LevelChart,
    Onset,
    TempoChange,
    TempoMap,
)

WINDOW_S: Final = 0.05
"""Onsets this near to each other match, as is usual in transcription."""
_RATE_HZ: Final = 100
"""Resolution of the correlation of onsets."""
_LEAST_F: Final = 0.6
"""Least F of a chart that fits; one of another song of the same tempo reached .52."""

Times = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class CorrectedSong:
    """A recording and the onsets of its corrected chart.

    Attributes:
        number: Id of the correction.
        recording: Hash of the file's audio; its path where there is none.
        onsets: Sorted by time.
    """

    number: int
    recording: str
    path: Path
    onsets: tuple[Onset, ...]


def times_of(notes: Iterable[GridNote], tempo: TempoMap) -> dict[str, list[float]]:
    """Return the sorted times of the notes of each family."""
    return times_by_family(onsets_of(CorrectedChart(tempo, tuple(notes))))


def times_by_family(onsets: Iterable[Onset]) -> dict[str, list[float]]:
    """Return the sorted times of the onsets of each family."""
    times: dict[str, list[float]] = {family: [] for family in FAMILIES}
    for onset in onsets:
        times.setdefault(onset.drum.family, []).append(onset.time_s)
    return {family: sorted(values) for family, values in times.items()}


def shift_of(chart: CorrectedChart, automatic: ChartSet, *, force: bool = False) -> float:
    """Return the recording time of the chart's first bar, at which most onsets match.

    Args:
        chart: As read.
        automatic: With the detected onsets.
        force: Accept a chart that does not seem to fit.

    Raises:
        DrumsError: It does not fit this recording.
    """
    detected = times_by_family(automatic.onsets)
    times = times_of(chart.notes, chart.tempo)
    shift_s = _shift(times, detected)
    for _ in range(2):
        apart = [
            near[np.abs(near).argmin()]
            for family, values in times.items()
            if detected.get(family)
            for near in (np.array(detected[family]) - (value + shift_s) for value in values)
        ]
        close = [distance for distance in apart if abs(distance) <= WINDOW_S]
        shift_s += float(np.median(close)) if close else 0.0
    moved = {family: [t + shift_s for t in values] for family, values in times.items()}
    score = f_measures(moved, detected)["F"]
    if score < _LEAST_F and not force:
        raise DrumsError(
            f"This chart does not fit the recording: F of its strokes is {score:.2f}. Check that "
            "it is of the same version of the same song; if it is, import it with --force."
        )
    return shift_s


def shifted(chart: CorrectedChart, shift_s: float) -> CorrectedChart:
    """Return the chart at the times of the recording, from a bar at or before its start."""
    tempo = replace(chart.tempo, start_s=chart.tempo.start_s + shift_s)
    moved = CorrectedChart(tempo, chart.notes)
    if shift_s <= 0:
        return moved
    bar_s = 240 * tempo.bar_length(0) / tempo.changes[0].bpm
    return _with_bars_before(moved, int(np.ceil(shift_s / bar_s)), bar_s)


def _shift(times: Times, detected: Times) -> float:
    """Return the shift in seconds at which most onsets match, by correlation."""
    last = max(max((v[-1] for v in t.values() if v), default=0.0) for t in (times, detected))
    size = 1 << (2 * (int(last * _RATE_HZ) + 2 * _RATE_HZ)).bit_length()
    spectrum = np.zeros(size // 2 + 1, complex)
    for family in FAMILIES:
        ours, theirs = (np.fft.rfft(_axis(t.get(family, ()), size)) for t in (times, detected))
        spectrum += np.conj(ours) * theirs
    correlation = np.fft.irfft(spectrum, size)
    best = int(np.argmax(correlation))
    return (best if best < size // 2 else best - size) / _RATE_HZ


def _axis(times: Sequence[float], size: int) -> Float64:
    """Return onsets as triangles of ±20 ms on an axis of `_RATE_HZ`."""
    axis = np.zeros(size)
    frames = np.round(np.array(times, float) * _RATE_HZ).astype(int)
    for distance, weight in ((-1, 0.5), (0, 1.0), (1, 0.5)):
        axis[(frames + distance).clip(0, size - 1)] += weight
    return axis


def _with_bars_before(chart: CorrectedChart, bars: int, bar_s: float) -> CorrectedChart:
    """Return the chart at the same times, with empty bars of the first tempo before it."""
    tempo = chart.tempo
    changes = [TempoChange(c.bar + bars, c.tick, c.bpm) for c in tempo.changes[1:]]
    lengths = [BarLength(0, tempo.bar_length(0))]
    lengths += [BarLength(b.bar + bars, b.length) for b in tempo.bar_lengths if b.bar > 0]
    moved = TempoMap((tempo.changes[0], *changes), tuple(lengths), tempo.start_s - bars * bar_s)
    return CorrectedChart(moved, tuple(replace(n, bar=n.bar + bars) for n in chart.notes))


def as_chart_set(chart: CorrectedChart, automatic: ChartSet, *, levels: Sequence[str]) -> ChartSet:
    """Return a set of charts: MASTER is the corrected chart, the others are reduced from it."""
    beats, division = _meter(chart, automatic)
    reduced = reduce_levels(chart.notes, chart.tempo, division=division)
    reduced = {**reduced, "MASTER": chart.notes}
    numbers = accumulate((dlevel(notes, chart.tempo) for notes in reduced.values()), max)
    charts = (
        LevelChart(level, number, notes)
        for (level, notes), number in zip(reduced.items(), numbers, strict=True)
    )
    return replace(
        automatic,
        tempo=whole_milliseconds(chart.tempo),
        beats_per_bar=beats,
        division=division,
        bgm_bar=bgm_bar(chart.tempo),
        levels=tuple(one for one in charts if one.level in levels),
    )


def _meter(chart: CorrectedChart, automatic: ChartSet) -> tuple[float, int]:
    """Return the beats of most bars, and the parts that a beat divides into."""
    lengths = [chart.tempo.bar_length(note.bar) for note in chart.notes]
    quarters = 4 * max(set(lengths), key=lengths.count)
    if abs(automatic.beats_per_bar * automatic.division / 2 - quarters) < 1e-6:
        return automatic.beats_per_bar, automatic.division
    if not quarters.is_integer() and (quarters / 1.5).is_integer():
        return quarters / 1.5, 3
    return quarters, 2


def f_measures(truth: Times, detected: Times) -> dict[str, float]:
    """Return F-measures within `WINDOW_S`: "F" over all families, and of each that has onsets."""
    scores: dict[str, float] = {}
    every = [0, 0, 0]
    for family in FAMILIES:
        true, found = truth.get(family, ()), detected.get(family, ())
        counts = (matches(true, found), len(found), len(true))
        if true or found:
            scores[family] = round(f_measure(*counts), 4)
        every = [total + one for total, one in zip(every, counts, strict=True)]
    return {"F": round(f_measure(*every), 4), **scores}


def f_measure(hits: int, detected: int, true: int) -> float:
    """Return the F-measure of counts; 0 where there are none."""
    return 2 * hits / (detected + true) if detected + true else 0.0


def matches(true: Sequence[float], found: Sequence[float]) -> int:
    """Count the matches of two sorted lists of times, each time used at most once."""
    i = j = hits = 0
    while i < len(true) and j < len(found):
        if abs(true[i] - found[j]) <= WINDOW_S:
            hits, i, j = hits + 1, i + 1, j + 1
        elif found[j] < true[i]:
            j += 1
        else:
            i += 1
    return hits


def onsets_of(chart: CorrectedChart) -> tuple[Onset, ...]:
    """Return the notes of a chart as onsets, sorted by time."""
    return tuple(
        sorted(
            Onset(chart.tempo.time_s(note.bar, note.tick), note.drum, note.velocity)
            for note in chart.notes
        )
    )


def annotation(chart: CorrectedChart) -> str:
    """Return the notes as lines `time_s<TAB>class`, as benchmarks read them."""
    return "".join(f"{one.time_s:.4f}\t{one.drum.family}\n" for one in onsets_of(chart))
