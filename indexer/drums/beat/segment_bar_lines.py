"""Bar lines of segments with different bar lengths.

The first beat of each segment and the boundaries between them are chosen together by dynamic
programming, from downbeat likelihoods and from how well the onsets fit the mean bar of their
segment.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat import downbeats, meter_hypotheses
from indexer.drums.beat.bar_meter import METERS
from indexer.drums.beat.downbeats import CELLS_PER_BEAT
from indexer.drums.beat.meter_features import IRREGULAR_REACH_BEATS
from indexer.drums.beat.meter_segments import GridOnsets, MeterSegment

_HALF: Final = CELLS_PER_BEAT // 2
"""Cells in half a quarter, the unit of bar line positions."""
_REACH_HALVES: Final = 16
"""Largest distance of a boundary from the change of the path."""
_BROKEN_BAR_COST: Final = 3.0
"""Cost of an incomplete bar at a boundary, in onsets that fit no mean bar."""
_IRREGULAR_WEIGHT: Final = 4.0
"""Weight of the downbeat log odds in 5/4 and 7/8, relative to the log-likelihoods of the other
meters."""


def segment_bar_lines(found: list[MeterSegment], placed: GridOnsets) -> list[float]:
    """Return the bar lines in quarters: the cheapest first beats and boundaries of all segments."""
    costs: list[Float64] = []
    choices: list[list[tuple[int, int]]] = []  # by first beat: that of the segment before, boundary
    for index, segment in enumerate(found):
        cost = -_first_beat_scores(segment, placed)
        if index:
            boundaries = _boundary_costs(found[index - 1], segment, placed.hits)
            total = costs[-1][:, np.newaxis] + boundaries.min(axis=2)
            best = np.argmin(total, axis=0)
            at = 2 * segment.start - _REACH_HALVES + boundaries.argmin(axis=2)
            choices.append([(int(b), int(at[b, phase])) for phase, b in enumerate(best)])
            cost = cost + total.min(axis=0)
        costs.append(cost)
    phase, end = int(np.argmin(costs[-1])), 2 * found[-1].end
    lines: list[float] = []
    for segment, choice in zip(found[::-1], [*choices[::-1], None], strict=True):
        size = round(2 * segment.length)
        earlier, start = choice[phase] if choice else (0, 0)
        first = start + (phase - start) % size
        lines = [line / 2 for line in range(first, end, size)] + lines
        phase, end = earlier, start
    return lines


def _first_beat_scores(segment: MeterSegment, placed: GridOnsets) -> Float64:
    """Return the score of a bar line on each half quarter, counted from 0: (2 × length,), ≤ 0."""
    size = round(2 * segment.length)
    scores = np.full(size, -np.inf)
    onsets, positions = placed.within(segment)
    meter = next((one for one in METERS if one.quarters == segment.length), None)
    if meter and onsets:
        found, features = meter_hypotheses.list_hypotheses(
            positions,
            onsets,
            pulse_bpm=placed.bpm,
            meters=(meter,),
            ratios=(meter.division / 2,),
        )
        for one, odds in zip(found, meter_hypotheses.log_likelihoods(features), strict=True):
            if (2 * one.start) % 1 == 0:
                phase = int(2 * one.start) % size
                scores[phase] = max(scores[phase], float(odds))
        return scores - scores.max()
    odds = downbeats.downbeat_log_odds(placed.hits, "4/4", 2, reach_beats=IRREGULAR_REACH_BEATS)
    odds = odds[::_HALF]
    for phase in range(size):
        first = 2 * segment.start + (phase - 2 * segment.start) % size
        scores[phase] = _IRREGULAR_WEIGHT * float(odds[first : 2 * segment.end : size].mean())
    return scores - scores.max()


def _boundary_costs(before: MeterSegment, after: MeterSegment, hits: Float64) -> Float64:
    """Return the cost of a boundary, by both first beats and its position: (n, m, n_positions)."""
    sizes = [round(2 * segment.length) for segment in (before, after)]
    positions = 2 * after.start - _REACH_HALVES + np.arange(2 * _REACH_HALVES + 1)
    low, high = positions[0] * _HALF, positions[-1] * _HALF
    misfit = [_misfit(segment, hits, low, high) for segment in (before, after)]
    early = np.concatenate([[0.0], np.cumsum(misfit[0])])[::_HALF]
    late = np.concatenate([np.cumsum(misfit[1][::-1])[::-1], [0.0]])[::_HALF]
    costs = np.full((*sizes, positions.size), np.inf)
    for phase in range(sizes[1]):
        for at in np.flatnonzero((positions - phase) % sizes[1] == 0):
            left = (positions[at] - np.arange(sizes[0])) % sizes[0]
            broken = _BROKEN_BAR_COST * ((left != 0) + (left % 2 != 0))
            costs[:, phase, at] = early[at] + late[at] + broken
    return costs


def _misfit(segment: MeterSegment, hits: Float64, low: int, high: int) -> Float64:
    """Return the squared distance of cells `low` to `high` from the segment's mean bar."""
    cells = np.arange(segment.start * CELLS_PER_BEAT, segment.end * CELLS_PER_BEAT)
    size = round(segment.length * CELLS_PER_BEAT)
    mean = np.array([hits[:, cells[cells % size == c]].mean(axis=1) for c in range(size)])
    window = np.arange(max(0, low), min(high, hits.shape[1]))
    distance = np.square(hits[:, window].T - mean[window % size]).sum(axis=1)
    return np.pad(distance, (window[0] - low, high - window[-1] - 1))
