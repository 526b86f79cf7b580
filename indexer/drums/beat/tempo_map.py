"""Beats → a tempo map: as few constant tempos as stay beside the beats.

Tempos change only at bar lines and only when the beats have left the line that the last tempo
drew. Older players count whole milliseconds from one tempo chip to the next and lose what lies
between: every stretch therefore lasts a whole number of milliseconds and a hair, so that they do
not drift however many tempos a song needs.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.types import BarLength, Bars, BeatGrid, TempoChange, TempoMap

TOLERANCE_S: Final = 0.006
"""How far a bar line may lie from where it was heard; its notes then stay within 10 ms."""
_STEADY_S: Final = 0.010
"""A whole song within this of one tempo is played to a click: it gets one tempo."""
_LEAD_IN_S: Final = 1.0
"""The first note comes no sooner than this after the chart starts."""
_BPM_STEPS: Final = 10_000
"""0.0001 BPM is 0.2 ms over four minutes at 120."""


def tempo_map(grid: BeatGrid | Bars, *, first_onset_s: float) -> TempoMap:
    """Fit a tempo map whose bar 0 lies at or before the recording's start."""
    bars = grid.bars if isinstance(grid, BeatGrid) else grid
    lines_s, quarters = np.array(bars.lines_s), np.array(bars.quarters)
    spans = _spans(quarters, lines_s)
    start_s, first_bar = spans[0][1], float(quarters[1])
    lead = 0
    while start_s > 0 or first_onset_s - start_s < _LEAD_IN_S:
        start_s -= spans[0][2] * first_bar
        lead += 1
    lengths = _lengths(np.diff(quarters), lead)
    if len(spans) == 1:
        bpm = round(60 / spans[0][2] * _BPM_STEPS) / _BPM_STEPS
        return TempoMap((TempoChange(0, 0, bpm),), lengths, start_s)
    changes: list[TempoChange] = []
    now_ms, before = 0, -lead * first_bar
    for index, (bar, begin_s, quarter_s) in enumerate(spans):
        end = spans[index + 1][0] if index + 1 < len(spans) else quarters.size - 1
        end_s = begin_s + quarter_s * (quarters[end] - quarters[bar])
        end_ms = round(1000 * (end_s - start_s))
        bpm = 60_000 * (quarters[end] - before) / (end_ms - now_ms)
        first = bar + lead if bar else 0
        changes.append(TempoChange(first, 0, math.floor(bpm * _BPM_STEPS) / _BPM_STEPS))
        now_ms, before = end_ms, float(quarters[end])
    return TempoMap(tuple(changes), lengths, start_s)


def _lengths(quarters: Float64, lead: int) -> tuple[BarLength, ...]:
    """The bars that are longer or shorter than those before them; `lead` bars stand in front."""
    lengths: list[BarLength] = []
    now = 4.0
    for bar, count in enumerate(quarters):
        if abs(count - now) > 1e-6:
            lengths.append(BarLength(bar + lead if bar else 0, round(float(count), 6) / 4))
            now = float(count)
    return tuple(lengths)


def _spans(quarters: Float64, lines_s: Float64) -> list[tuple[int, float, float]]:
    """(first bar, its time, seconds a quarter) of each constant tempo.

    Whoever drops parts of milliseconds at tempo changes does so where the length of bars changes,
    too: a stretch ends there.
    """
    slope, start = (float(v) for v in np.polyfit(quarters, lines_s, 1))
    bends = np.flatnonzero(np.abs(np.diff(quarters, 2)) > 1e-6) + 1
    if float(np.abs(start + slope * quarters - lines_s).max()) <= _STEADY_S:
        firsts = [0, *(int(bend) for bend in bends)]
        return [(bar, start + slope * float(quarters[bar]), slope) for bar in firsts]
    spans: list[tuple[int, float, float]] = []
    bar, now_s = 0, float(lines_s[0])
    while bar < lines_s.size - 1:
        after = bends[bends > bar]
        end = int(after[0]) if after.size else lines_s.size - 1
        last, quarter_s = _longest(quarters[: end + 1], lines_s[: end + 1], bar, now_s)
        spans.append((bar, now_s, quarter_s))
        now_s += float(quarters[last] - quarters[bar]) * quarter_s
        bar = last
    return spans


def _longest(quarters: Float64, lines_s: Float64, bar: int, now_s: float) -> tuple[int, float]:
    """The last bar that one tempo from (bar, now_s) reaches within the tolerance, and that tempo
    in seconds a quarter."""
    low, high = -np.inf, np.inf
    last = bar + 1
    quarter_s = float(lines_s[last] - now_s) / float(quarters[last] - quarters[bar])
    for index in range(bar + 1, lines_s.size):
        steps = float(quarters[index] - quarters[bar])
        low = max(low, (lines_s[index] - TOLERANCE_S - now_s) / steps)
        high = min(high, (lines_s[index] + TOLERANCE_S - now_s) / steps)
        if low > high:
            break
        wanted = float((lines_s[index] - now_s) / steps)
        last, quarter_s = index, min(max(wanted, float(low)), float(high))
    return last, quarter_s
