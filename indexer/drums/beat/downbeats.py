"""Downbeat estimation from drum patterns.

A linear filter over the onsets of four beats to both sides gives the log odds of a downbeat for
every cell of a grid (crashes, bass drum figures, fills and what follows them). `downbeats.json`
holds its weights by meter, fitted by `benchmarks/meter_weights.py`. `track_bar_lines` finds the
best sequence of bars, of which some may be shorter or longer than the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import Float64
from indexer.drums.types import Drum, Onset
from indexer.viterbi import trace_back

FILE: Final = Path(__file__).with_name("downbeats.json")
CELLS_PER_BEAT: Final = 12
"""Grid cells a beat: the least number with sixteenths and triplets."""
_STEP: Final = {2: 3, 3: 4}
"""Cells between filter taps, by division: sixteenths, or eighths in compound meters."""
REACH_BEATS: Final = 4
"""Context of the filter to both sides."""
_CLASS: Final = {"KD": 0, "SD": 1, "HH": 2, "CY": 3, "TT": 4, "OT": 1}
CLASSES: Final = 6
"""Bass drum, snare, hi-hat, ride, toms, crash."""
_CRASHES: Final = frozenset({Drum.CRASH, Drum.CRASH_LEFT})
_IRREGULAR_BAR_COST: Final = 6.0
"""Cost of a bar of another length, in log odds."""
_NOT_HALF_COST: Final = 3.0
"""Additional cost of a bar that is not half a bar longer or shorter."""
_MIN_SHARPNESS_GAIN: Final = 0.002
"""Least gain of `_sharpness` by irregular bars, which separates real ones from a drummer's
variations."""
_MAX_LOG_ODDS: Final = 4.0
"""Limit of the log odds of one beat."""


def class_rows(onsets: tuple[Onset, ...]) -> NDArray[np.intp]:
    """Return the row of each onset in hits: intp, (n_onsets,)."""
    return np.array([5 if o.drum in _CRASHES else _CLASS[o.drum.family] for o in onsets], np.intp)


def blurred_hits(classes: NDArray[np.intp], cells: NDArray[np.intp], weights: Float64) -> Float64:
    """Return the hits on each cell, half as strong on its neighbours: float64, (CLASSES, n_cells).

    Args:
        classes: intp, (n_onsets,), from `class_rows`.
        cells: intp, (n_onsets,): grid cell of each onset.
        weights: float64, (n_onsets,).
    """
    hits = np.zeros((CLASSES, int(cells.max()) + 1))
    np.maximum.at(hits, (classes, cells), weights)
    blurred = hits.copy()
    blurred[:, 1:] = np.maximum(blurred[:, 1:], 0.5 * hits[:, :-1])
    blurred[:, :-1] = np.maximum(blurred[:, :-1], 0.5 * hits[:, 1:])
    return blurred


def lags(division: int) -> NDArray[np.intp]:
    """Return the filter taps in cells around a bar line."""
    step = _STEP[division]
    count = REACH_BEATS * CELLS_PER_BEAT // step
    return step * np.arange(-count, count + 1)


def context_windows(hits: Float64, cells: NDArray[np.intp], division: int) -> Float64:
    """Return the hits around cells: float64, (n_cells, CLASSES × n_lags)."""
    reach = REACH_BEATS * CELLS_PER_BEAT
    padded = np.pad(hits, ((0, 0), (reach, reach)))
    rows = padded[:, reach + cells[:, np.newaxis] + lags(division)]
    return rows.transpose(1, 0, 2).reshape(len(cells), -1)


def downbeat_log_odds(
    hits: Float64,
    name: str,
    division: int,
    *,
    reach_beats: float = REACH_BEATS,
) -> Float64:
    """Return the log odds of a downbeat on each cell, up to a constant: float64, (n_cells,).

    Args:
        hits: From `blurred_hits`.
        name: The meter, such as "4/4", one of those in `FILE`.
        division: Parts of its beats.
        reach_beats: Part of the filter that is used; less for bars of other lengths.
    """
    weights, size = _filters()[name], hits.shape[1]
    reach = REACH_BEATS * CELLS_PER_BEAT
    padded = np.pad(hits, ((0, 0), (reach, reach)))
    total = np.zeros(size)
    for column, lag in zip(weights.reshape(CLASSES, -1).T, lags(division), strict=True):
        if abs(lag) > reach_beats * CELLS_PER_BEAT:
            continue
        total += column @ padded[:, reach + lag : reach + lag + size]
    return total


@cache
def _filters() -> Mapping[str, Float64]:
    """Read the filters by meter: float64, (CLASSES × n_lags,)."""
    data = json.loads(FILE.read_text("utf-8"))
    return {name: np.array(values) for name, values in data["filters"].items()}


def track_bar_lines(odds: Float64, beats: int) -> list[int]:
    """Return the beats on which bars start, where single bars may be shorter or longer.

    Dynamic programming over bar lines: each adds its log odds, each bar of another length costs.

    Args:
        odds: float64, (n_beats,): log odds of each beat to be a downbeat.
        beats: Beats of a regular bar.

    Returns:
        Ascending, from beat 0 on.
    """
    gains = np.clip(odds - odds.mean(), -_MAX_LOG_ODDS, _MAX_LOG_ODDS)
    lengths = range(1, 2 * beats)
    costs = {n: 0.0 if n == beats else _irregular_cost(n, beats) for n in lengths}
    score = np.full(odds.size, -np.inf)
    back = np.full(odds.size, -1)
    score[0] = gains[0]
    for now in range(1, odds.size):
        for length, cost in costs.items():
            before = now - length
            if before >= 0 and score[before] - cost > score[now]:
                score[now], back[now] = score[before] - cost, before
        score[now] += gains[now] if np.isfinite(score[now]) else 0.0
    last = odds.size - 1 - int(np.argmax(score[: -beats - 1 : -1]))
    return trace_back(back, last).tolist()


def is_sharper(hits: Float64, lines: list[int], even: list[int], beats: int) -> bool:
    """Return whether bars from the beats `lines` are more alike than those from `even`."""
    return _sharpness(hits, lines, beats) > _sharpness(hits, even, beats) + _MIN_SHARPNESS_GAIN


def _sharpness(hits: Float64, lines: list[int], beats: int) -> float:
    """Return the share of the bars' energy that is in their mean, 0..1."""
    size = beats * CELLS_PER_BEAT
    padded = np.pad(hits, ((0, 0), (0, size)))
    bars = np.array(
        [padded[:, line * CELLS_PER_BEAT : line * CELLS_PER_BEAT + size] for line in lines]
    )
    energy = float(np.square(bars).sum()) / len(bars)
    return float(np.square(bars.mean(axis=0)).sum()) / max(energy, 1e-9)


def _irregular_cost(length: int, beats: int) -> float:
    """Return the cost of a bar of `length` beats among bars of `beats`."""
    is_half = 2 * length in (beats, 3 * beats)
    return _IRREGULAR_BAR_COST + (0.0 if is_half else _NOT_HALF_COST)
