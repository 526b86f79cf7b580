"""Beat refinement: an even grid for music played to a click, else a smooth beat curve.

The curve is a Whittaker smoother (Whittaker, "On a new method of graduation", 1922): it minimises
the squared distance of the onsets from their metrical positions plus the squared second differences
of the beats. All onsets count, not only those on beats, so a player's jitter averages out while the
tempo may drift.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from indexer.arrays import Float64
from indexer.drums.beat.pulse import WEIGHTS, strength_at
from indexer.drums.types import Onset

_CLICK_SHARE: Final = 0.95
"""Least onset strength of an even grid relative to free beats: it was played to a click."""
_EVEN_SHARE: Final = 0.97
"""Least relative onset strength of a curve that starts from the even grid, to be preferred."""
_PASSAGE_BEATS, _DEPARTED_SHARE = 6, 0.5
"""An even grid fails where it has less than this share of the strength in two passages in a row."""
_ON_GRID_S: Final = 0.01
"""Half of the chance distance from the sixteenths of a fast beat."""
_GROUP_ONSETS: Final = 24
"""Onsets over which the median distance from the grid is taken."""
_ON_GRID_SHARE: Final = 0.95
"""Least share of groups on the grid; .97 to 1 in eight metal songs with a click."""
_PERIOD_RANGE: Final = 0.025
"""Range of the grid's period around the median of the beats, relative."""
_PERIOD_STEPS: Final = 801
_PARTS: Final = (4, 3)
"""Sixteenths or triplets of a beat."""
_STIFFNESS: Final = 20.0
"""Weight of the second differences: jitter of 9 ms against beat changes of 2 ms, squared."""
_REACH_S: Final = 0.05
"""Distance from the metrical position at which an onset has no weight (Tukey's biweight)."""
_POSITIONS: Final = (
    (0.0, 1.0),
    (1 / 2, 0.7),
    (1 / 4, 0.3),
    (3 / 4, 0.3),
    (1 / 3, 0.3),
    (2 / 3, 0.4),
)
"""(position in a beat, weight of an onset there)."""
_ROUNDS: Final = 3
_STRAIGHT_S: Final = 0.008
"""Largest deviation of nine in ten beats from a straight line, to be played to a click; twice that
of all."""


def fit_beats(
    tracked: Float64, envelope: Float64, onsets: tuple[Onset, ...]
) -> tuple[Float64, bool]:
    """Return an even grid if the onsets lie on one, else a smooth curve; and whether it is even.

    The curve starts from the tracked beats or from the best even grid, which loses no beat in a
    passage that is hard to track.

    Args:
        tracked: float64, (n_beats,), seconds.
        envelope: From `pulse.onset_envelope`.
        onsets: Sorted by time.
    """
    even = _even_grid(tracked, envelope, onsets)
    times = np.array([o.time_s for o in onsets])

    def collected(beats: Float64) -> float:
        inside = beats[(beats > times[0] - 0.1) & (beats < times[-1] + 0.1)]
        return float(strength_at(envelope, inside).sum())

    if _is_on_grid(even, times):
        return even, True
    is_click = collected(even) >= _CLICK_SHARE * collected(tracked)
    if is_click and not _departs(even, tracked, envelope):
        return even, True
    from_even, from_tracked = smooth_beats(even, onsets), smooth_beats(tracked, onsets)
    is_better = collected(from_even) >= _EVEN_SHARE * collected(from_tracked)
    return from_even if is_better else from_tracked, False


def _even_grid(tracked: Float64, envelope: Float64, onsets: tuple[Onset, ...]) -> Float64:
    """Return the even grid near the tracked beats that fits the onsets best.

    Its period maximises the mean resultant of the onsets' phases within a sixteenth or a triplet.
    An even grid also bridges passages without drums, where tracked beats drift.
    """
    times = np.array([o.time_s for o in onsets])
    weights = np.array([WEIGHTS[o.drum.family] * o.velocity for o in onsets])
    median_s = float(np.median(np.diff(tracked)))

    def resultants(periods_s: Float64, parts: int) -> NDArray[np.complex128]:
        turns = 2j * np.pi * parts
        return np.array([np.dot(weights, np.exp(turns * times / p)) for p in periods_s])

    coarse = median_s * np.linspace(1 - _PERIOD_RANGE, 1 + _PERIOD_RANGE, _PERIOD_STEPS)
    lengths = np.abs(np.array([resultants(coarse, parts) for parts in _PARTS]))
    row, best = (int(i) for i in np.unravel_index(int(np.argmax(lengths)), lengths.shape))
    parts, step = _PARTS[row], coarse[1] - coarse[0]
    fine = np.linspace(coarse[best] - step, coarse[best] + step, 41)
    found = resultants(fine, parts)
    best = int(np.argmax(np.abs(found)))
    period_s = float(fine[best])
    first = float(np.angle(found[best])) / (2 * np.pi) * period_s / parts

    grids = [
        np.arange(first + part * period_s / parts - period_s, tracked[-1] + period_s, period_s)
        for part in range(parts)
    ]
    return max(grids, key=lambda grid: strength_at(envelope, grid).sum())


def _is_on_grid(even: Float64, times: Float64) -> bool:
    """Return whether nearly all onsets, and the last ones, lie on its sixteenths or triplets.

    Without a click no drummer stays on an even grid for a song. Where accents are off the beat,
    tracked beats may have more onset strength than the right grid.
    """
    count = times.size // _GROUP_ONSETS
    if count < 1:
        return False
    positions = (times - even[0]) / (even[1] - even[0])
    groups = []
    for parts in _PARTS:
        off = np.abs(positions - np.round(positions * parts) / parts)
        groups.append([*np.split(off[: count * _GROUP_ONSETS], count), off[-_GROUP_ONSETS:]])
    misses_s = np.median(groups, axis=2).min(axis=0) * (even[1] - even[0])
    on_grid = misses_s <= _ON_GRID_S
    return bool(on_grid.mean() >= _ON_GRID_SHARE and on_grid[-1])


def _departs(even: Float64, tracked: Float64, envelope: Float64) -> bool:
    """Return whether the tracked beats leave the grid for a dozen beats, as in a slow ending."""
    count = tracked.size // _PASSAGE_BEATS * _PASSAGE_BEATS
    after = np.searchsorted(even, tracked).clip(1, even.size - 1)
    nearest = np.where(
        tracked - even[after - 1] < even[after] - tracked, even[after - 1], even[after]
    )
    free = strength_at(envelope, tracked)[:count].reshape(-1, _PASSAGE_BEATS).sum(axis=1)
    even_strength = strength_at(envelope, nearest)[:count].reshape(-1, _PASSAGE_BEATS).sum(axis=1)
    missed = (even_strength < _DEPARTED_SHARE * free) & (free > np.median(free) / 3)
    return bool((missed[:-1] & missed[1:]).any())


def smooth_beats(beats: Float64, onsets: tuple[Onset, ...]) -> Float64:
    """Return the beats fitted to the onsets; evenly spaced if they nearly are."""
    times = np.array([o.time_s for o in onsets])
    weights = np.array([WEIGHTS[o.drum.family] * (0.3 + 0.7 * o.velocity) for o in onsets])
    for _ in range(_ROUNDS):
        beats = _whittaker(beats, times, weights)
    return _straighten(beats, times)


def _whittaker(beats: Float64, times: Float64, weights: Float64) -> Float64:
    """Return the beats after one iteration: assign onsets to positions, then solve for beats.

    Args:
        beats: float64, (n_beats,), seconds.
        times: float64, (n_onsets,), seconds.
        weights: float64, (n_onsets,).
    """
    index = np.clip(np.searchsorted(beats, times) - 1, 0, beats.size - 2)
    gap = np.diff(beats)[index]
    position = (times - beats[index]) / gap
    positions, factors = np.array(_POSITIONS).T
    positions, factors = np.append(positions, 1.0), np.append(factors, 1.0)
    misses = np.abs(position[:, np.newaxis] - positions) * gap[:, np.newaxis]
    nearest = np.argmin(misses - 0.004 * factors, axis=1)
    off = misses[np.arange(times.size), nearest] / _REACH_S
    pull = weights * factors[nearest] * np.where(off < 1, (1 - off**2) ** 2, 0.0)
    share = positions[nearest]
    size = beats.size
    bands = np.zeros((3, size))  # upper form of solveh_banded: second, first, main diagonal
    right = np.zeros(size)
    np.add.at(bands[2], index, pull * (1 - share) ** 2)
    np.add.at(bands[2], index + 1, pull * share**2)
    np.add.at(bands[1], index + 1, pull * share * (1 - share))
    np.add.at(right, index, pull * (1 - share) * times)
    np.add.at(right, index + 1, pull * share * times)
    second = np.array([1.0, -2.0, 1.0])  # second difference
    for offset in range(3):
        bands[2, offset : size - 2 + offset] += _STIFFNESS * second[offset] ** 2
    for offset in range(2):
        bands[1, offset + 1 : size - 1 + offset] += _STIFFNESS * second[offset] * second[offset + 1]
    bands[0, 2:] += _STIFFNESS
    bands[2] += 1e-6
    right += 1e-6 * beats
    return np.asarray(solveh_banded(bands, right))


def _straighten(beats: Float64, times: Float64) -> Float64:
    """Return the regression line through the beats if they deviate little from it."""
    played = (beats > times[0] - 0.1) & (beats < times[-1] + 0.1)
    axis = np.arange(beats.size)
    if played.sum() < 4:
        return beats
    line = np.polyval(np.polyfit(axis[played], beats[played], 1), axis)
    misses = np.abs(line - beats)[played]
    straight = np.quantile(misses, 0.9) <= _STRAIGHT_S and misses.max() <= 2 * _STRAIGHT_S
    return np.asarray(line, np.float64) if straight else beats
