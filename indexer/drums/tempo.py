"""Beats → a tempo map: as few constant tempos as stay beside the beats.

Every tempo chip costs whole-millisecond players a rounding, so tempos change only at bar lines
and only when the beats have left the line that the last tempo drew.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.drums.types import BarLength, BeatGrid, TempoChange, TempoMap

TOLERANCE_S: Final = 0.008
"""How far a bar line may lie from where it was heard; with rounding it stays below 10 ms."""
_STEADY_S: Final = 0.012
"""A whole song within this of one tempo is played to a click: it gets one tempo."""
_LEAD_IN_S: Final = 1.0
"""The first note comes no sooner than this after the chart starts."""
_BPM_DECIMALS: Final = 4
"""0.0001 BPM is 0.2 ms over four minutes at 120."""


def tempo_map(grid: BeatGrid, *, first_onset_s: float) -> TempoMap:
    """Fit a tempo map whose bar 0 lies at or before the recording's start."""
    bars_s = np.array(grid.beats_s[grid.downbeat :: grid.beats_per_bar])
    spans = _spans(bars_s)
    quarters = grid.beats_per_bar * (1.5 if grid.division == 3 and grid.beats_per_bar == 6 else 1)
    start_s, bar_s = spans[0][1], spans[0][2]
    lead = 0
    while start_s > 0 or first_onset_s - start_s < _LEAD_IN_S:
        start_s -= bar_s
        lead += 1
    changes = [TempoChange(0, 0, _bpm(quarters, bar_s))]
    changes += [
        TempoChange(bar + lead, 0, _bpm(quarters, seconds)) for bar, _, seconds in spans[1:]
    ]
    lengths = () if quarters == 4 else (BarLength(0, quarters / 4),)
    return TempoMap(tuple(changes), lengths, start_s)


def _bpm(quarters: float, bar_s: float) -> float:
    return round(60 * quarters / bar_s, _BPM_DECIMALS)


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
