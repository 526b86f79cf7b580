"""Which beats start bars: what drummers play on a first beat, before it and after it.

A linear filter over the strokes of a bar to both sides tells for every place of a grid how likely
a bar starts there (crashes, bass drum figures, fills and what follows them); `downbeats.json`
holds its weights by meter, fitted by `benchmarks/meter_weights.py`. `bar_lines` follows it through
a song: some bars are shorter or longer than the others, and the lines after them stand elsewhere.
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
PARTS: Final = 12
"""Places in a beat: they hold sixteenths and triplets."""
_STEP: Final = {2: 3, 3: 4}
"""Places from one value of the filter to the next: sixteenths, or eighths in 6/8."""
REACH_BEATS: Final = 4
_CLASS: Final = {"KD": 0, "SD": 1, "HH": 2, "CY": 3, "TT": 4, "OT": 1}
CLASSES: Final = 6
"""Bass drum, snare, hi-hat, ride, toms, crash."""
_CRASHES: Final = frozenset({Drum.CRASH, Drum.CRASH_LEFT})
_ODD_PRICE: Final = 6.0
"""What a bar of another length must gain in logarithmic odds over the bars that follow it."""
_ODDER_PRICE: Final = 3.0
"""More, where it is not half a bar longer or shorter."""
_SHARPER: Final = 0.002
"""How much more alike the bars must be for it: so real odd bars were told from those that a
drummer's freedom suggests."""
_MOST: Final = 4.0
"""No single place says more than this for or against."""


def classes_of(onsets: tuple[Onset, ...]) -> NDArray[np.intp]:
    """The row of each onset in `hits`."""
    return np.array([5 if o.drum in _CRASHES else _CLASS[o.drum.family] for o in onsets], np.intp)


def blurred_hits(classes: NDArray[np.intp], cells: NDArray[np.intp], weights: Float64) -> Float64:
    """float64, (CLASSES, n_cells): how hard each class is struck near each place."""
    hits = np.zeros((CLASSES, int(cells.max()) + 1))
    np.maximum.at(hits, (classes, cells), weights)
    blurred = hits.copy()
    blurred[:, 1:] = np.maximum(blurred[:, 1:], 0.5 * hits[:, :-1])
    blurred[:, :-1] = np.maximum(blurred[:, :-1], 0.5 * hits[:, 1:])
    return blurred


def lags(division: int) -> NDArray[np.intp]:
    """Places around a bar line that the filter looks at."""
    step = _STEP[division]
    count = REACH_BEATS * PARTS // step
    return step * np.arange(-count, count + 1)


def around(hits: Float64, cells: NDArray[np.intp], division: int) -> Float64:
    """What stands around places: float64, (n_cells, CLASSES × n_lags)."""
    reach = REACH_BEATS * PARTS
    padded = np.pad(hits, ((0, 0), (reach, reach)))
    rows = padded[:, reach + cells[:, np.newaxis] + lags(division)]
    return rows.transpose(1, 0, 2).reshape(len(cells), -1)


def log_odds(
    hits: Float64,
    name: str,
    division: int,
    *,
    reach_beats: float = REACH_BEATS,
) -> Float64:
    """Logarithmic odds that a bar starts at each place, up to a constant: (n_cells,).

    Args:
        hits: From `blurred_hits`.
        name: The meter, such as "4/4", one of those in `FILE`.
        division: Of its beats.
        reach_beats: How much of the filter is used: little of it for bars of other lengths.
    """
    weights, size = _filters()[name], hits.shape[1]
    reach = REACH_BEATS * PARTS
    padded = np.pad(hits, ((0, 0), (reach, reach)))
    total = np.zeros(size)
    for column, lag in zip(weights.reshape(CLASSES, -1).T, lags(division), strict=True):
        if abs(lag) > reach_beats * PARTS:
            continue
        total += column @ padded[:, reach + lag : reach + lag + size]
    return total


@cache
def _filters() -> Mapping[str, Float64]:
    data = json.loads(FILE.read_text("utf-8"))
    return {name: np.array(values) for name, values in data["filters"].items()}


def bar_lines(odds: Float64, beats: int) -> list[int]:
    """Beats on which bars start, where a bar now and then may be shorter or longer.

    Viterbi over bars: every bar line earns its odds, every odd bar pays.

    Args:
        odds: float64, (n_beats,): of each beat to start a bar.
        beats: Beats of the usual bar; its lines stand on 0, `beats`, … unless something else pays.

    Returns:
        Ascending; the first bar starts at 0 or a little later.
    """
    worth = np.clip(odds - odds.mean(), -_MOST, _MOST)
    lengths = range(1, 2 * beats)
    prices = {n: 0.0 if n == beats else _price(n, beats) for n in lengths}
    score = np.full(odds.size, -np.inf)
    back = np.full(odds.size, -1)
    score[0] = worth[0]
    for now in range(1, odds.size):
        for length, price in prices.items():
            before = now - length
            # an odd bar does not earn for being there: a line more or less is worth nothing
            if before >= 0 and score[before] - price > score[now]:
                score[now], back[now] = score[before] - price, before
        score[now] += worth[now] if np.isfinite(score[now]) else 0.0
    last = odds.size - 1 - int(np.argmax(score[: -beats - 1 : -1]))
    return trace_back(back, last).tolist()


def is_sharper(hits: Float64, lines: list[int], even: list[int], beats: int) -> bool:
    """Whether bars resemble each other more if they start on `lines` than on `even`, in beats."""
    return _sharpness(hits, lines, beats) > _sharpness(hits, even, beats) + _SHARPER


def _sharpness(hits: Float64, lines: list[int], beats: int) -> float:
    """How much of the bars is in their mean, 0..1."""
    size = beats * PARTS
    padded = np.pad(hits, ((0, 0), (0, size)))
    bars = np.array([padded[:, line * PARTS : line * PARTS + size] for line in lines])
    energy = float(np.square(bars).sum()) / len(bars)
    return float(np.square(bars.mean(axis=0)).sum()) / max(energy, 1e-9)


def _price(length: int, beats: int) -> float:
    is_half = 2 * length in (beats, 3 * beats)
    return _ODD_PRICE + (0.0 if is_half else _ODDER_PRICE)
