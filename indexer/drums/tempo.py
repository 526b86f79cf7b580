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
from numpy.typing import NDArray

from indexer.drums.types import BarLength, BeatGrid, TempoChange, TempoMap

TOLERANCE_S: Final = 0.006
"""How far a bar line may lie from where it was heard; its notes then stay within 10 ms."""
_STEADY_S: Final = 0.010
"""A whole song within this of one tempo is played to a click: it gets one tempo."""
_LEAD_IN_S: Final = 1.0
"""The first note comes no sooner than this after the chart starts."""
_BPM_STEPS: Final = 10_000
"""0.0001 BPM is 0.2 ms over four minutes at 120."""


def tempo_map(grid: BeatGrid, *, first_onset_s: float) -> TempoMap:
    """Fit a tempo map whose bar 0 lies at or before the recording's start."""
    bars_s = np.array(grid.beats_s[grid.downbeat :: grid.beats_per_bar])
    spans = _spans(bars_s)
    start_s, bar_s = spans[0][1], spans[0][2]
    lead = 0
    while start_s > 0 or first_onset_s - start_s < _LEAD_IN_S:
        start_s -= bar_s
        lead += 1
    quarters = grid.quarters
    lengths = () if quarters == 4 else (BarLength(0, quarters / 4),)
    if len(spans) == 1:
        bpm = round(60 * quarters / bar_s * _BPM_STEPS) / _BPM_STEPS
        return TempoMap((TempoChange(0, 0, bpm),), lengths, start_s)
    firsts = [0, *(bar + lead for bar, _, _ in spans[1:]), bars_s.size - 1 + lead]
    lines_s = [start_s, *(begin for _, begin, _ in spans[1:])]
    lines_s.append(lines_s[-1] + spans[-1][2] * (firsts[-1] - firsts[-2]))
    changes: list[TempoChange] = []
    now_ms = 0
    for index, bar in enumerate(firsts[:-1]):
        end_ms = round(1000 * (lines_s[index + 1] - start_s))
        bars = firsts[index + 1] - bar
        bpm = 60_000 * quarters * bars / (end_ms - now_ms)
        changes.append(TempoChange(bar, 0, math.floor(bpm * _BPM_STEPS) / _BPM_STEPS))
        now_ms = end_ms
    return TempoMap(tuple(changes), lengths, start_s)


def _spans(bars_s: NDArray[np.float64]) -> list[tuple[int, float, float]]:
    """(first bar, its time, seconds a bar) of each constant tempo."""
    axis = np.arange(bars_s.size)
    slope, start = (float(v) for v in np.polyfit(axis, bars_s, 1))
    if float(np.abs(start + slope * axis - bars_s).max()) <= _STEADY_S:
        return [(0, start, slope)]
    spans: list[tuple[int, float, float]] = []
    bar, now_s = 0, float(bars_s[0])
    while bar < bars_s.size - 1:
        last, bar_s = _longest(bars_s, bar, now_s)
        spans.append((bar, now_s, bar_s))
        now_s += (last - bar) * bar_s
        bar = last
    return spans


def _longest(bars_s: NDArray[np.float64], bar: int, now_s: float) -> tuple[int, float]:
    """The last bar that one tempo from (bar, now_s) reaches within the tolerance."""
    low, high = -np.inf, np.inf
    last = bar + 1
    bar_s = float(bars_s[last] - now_s)
    for index in range(bar + 1, bars_s.size):
        steps = index - bar
        low = max(low, (bars_s[index] - TOLERANCE_S - now_s) / steps)
        high = min(high, (bars_s[index] + TOLERANCE_S - now_s) / steps)
        if low > high:
            break
        wanted = float((bars_s[index] - now_s) / steps)
        last, bar_s = index, min(max(wanted, float(low)), float(high))
    return last, bar_s
