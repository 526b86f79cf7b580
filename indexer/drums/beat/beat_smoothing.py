"""Beats drawn with a ruler or a pliable one: an even grid for a click, else a smooth curve.

The curve is Whittaker's: beats whose strokes lie near their places, at the price of every change
of the beat's length. It looks at all strokes of the beats around, not only at those on beats, so
that a player's jitter averages out while the tempo may wander.
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
"""An even grid that collects this share of what free beats collect was played to a click."""
_EVEN_SHARE: Final = 0.97
"""A curve that starts from an even grid is preferred from this share on."""
_PASSAGE, _LEFT_SHARE = 6, 0.5
"""Of two passages of this many beats in a row an even grid must collect more than this share."""
_ON_GRID_S: Final = 0.01
"""Half of what chance would leave between strokes and the sixteenths of a fast beat."""
_GROUP: Final = 24
"""Strokes whose median distance from the grid is taken together."""
_ON_GRID_SHARE: Final = 0.95
"""Of the groups; in eight metal songs with a click .97 to 1 where every stroke was heard well."""
_CLICK_RANGE: Final = 0.025
_CLICK_STEPS: Final = 801
_PARTS: Final = (4, 3)
"""Sixteenths or triplets: what the strokes of one recording agree on."""
_STIFFNESS: Final = 20.0
"""Jitter of 9 ms against changes of the beat by 2 ms from one to the next, squared."""
_REACH_S: Final = 0.05
"""A stroke further from its place than this says nothing about the beat."""
_LEVER: Final = ((0.0, 1.0), (1 / 2, 0.7), (1 / 4, 0.3), (3 / 4, 0.3), (1 / 3, 0.3), (2 / 3, 0.4))
"""Places in a beat, and what a stroke there says about where the beat is."""
_ROUNDS: Final = 3
_STRAIGHT_S: Final = 0.008
"""Beats that leave one line by no more than this, nearly everywhere, were played to a click."""


def best_beats(
    heard: Float64, envelope: Float64, onsets: tuple[Onset, ...]
) -> tuple[Float64, bool]:
    """An even grid where the strokes lie on one, else a smooth curve; and whether it is even.

    The curve starts from the beats that were heard or from the best even grid: drummers wander
    around a click too, and from it no beat is lost or won in a passage that is hard to follow.
    """
    even = _even_grid(heard, envelope, onsets)
    times = np.array([o.time_s for o in onsets])

    def collected(beats: Float64) -> float:
        inside = beats[(beats > times[0] - 0.1) & (beats < times[-1] + 0.1)]
        return float(strength_at(envelope, inside).sum())

    if _lies_on(even, times):
        return even, True
    if collected(even) >= _CLICK_SHARE * collected(heard) and not _leaves(even, heard, envelope):
        return even, True
    from_even, from_heard = smoothed(even, onsets), smoothed(heard, onsets)
    is_better = collected(from_even) >= _EVEN_SHARE * collected(from_heard)
    return from_even if is_better else from_heard, False


def _even_grid(heard: Float64, envelope: Float64, onsets: tuple[Onset, ...]) -> Float64:
    """The one even grid near the beats `heard` that the strokes lie on best.

    The period is the one at which the strokes agree best on their place within a sixteenth or a
    triplet. Such a grid also leads through passages without drums, where beats found one by one
    go astray.
    """
    times = np.array([o.time_s for o in onsets])
    weights = np.array([WEIGHTS[o.drum.family] * o.velocity for o in onsets])
    middle = float(np.median(np.diff(heard)))

    def agreement(period_s: Float64, parts: int) -> NDArray[np.complex128]:
        turns = 2j * np.pi * parts
        return np.array([np.dot(weights, np.exp(turns * times / p)) for p in period_s])

    coarse = middle * np.linspace(1 - _CLICK_RANGE, 1 + _CLICK_RANGE, _CLICK_STEPS)
    rounds = np.abs(np.array([agreement(coarse, parts) for parts in _PARTS]))
    row, best = (int(i) for i in np.unravel_index(int(np.argmax(rounds)), rounds.shape))
    parts, step = _PARTS[row], coarse[1] - coarse[0]
    fine = np.linspace(coarse[best] - step, coarse[best] + step, 41)
    found = agreement(fine, parts)
    best = int(np.argmax(np.abs(found)))
    period_s = float(fine[best])
    first = float(np.angle(found[best])) / (2 * np.pi) * period_s / parts

    grids = [
        np.arange(first + part * period_s / parts - period_s, heard[-1] + period_s, period_s)
        for part in range(parts)
    ]
    return max(grids, key=lambda grid: strength_at(envelope, grid).sum())


def _lies_on(even: Float64, times: Float64) -> bool:
    """Whether nearly all strokes, and the last ones, lie on sixteenths or triplets of the grid.

    No drummer without a click stays on one for a song. Beats found one by one may collect more than
    the grid does where accents are off the beat.
    """
    count = times.size // _GROUP
    if count < 1:
        return False
    places = (times - even[0]) / (even[1] - even[0])
    away = [np.abs(places - np.round(places * parts) / parts) for parts in _PARTS]
    groups = [[*np.split(each[: count * _GROUP], count), each[-_GROUP:]] for each in away]
    misses_s = np.median(groups, axis=2).min(axis=0) * (even[1] - even[0])
    on_grid = misses_s <= _ON_GRID_S
    return bool(on_grid.mean() >= _ON_GRID_SHARE and on_grid[-1])


def _leaves(even: Float64, heard: Float64, envelope: Float64) -> bool:
    """Whether the strokes leave the grid for a dozen beats, as in a slow ending."""
    count = heard.size // _PASSAGE * _PASSAGE
    after = np.searchsorted(even, heard).clip(1, even.size - 1)
    nearest = np.where(heard - even[after - 1] < even[after] - heard, even[after - 1], even[after])
    free = strength_at(envelope, heard)[:count].reshape(-1, _PASSAGE).sum(axis=1)
    ruled = strength_at(envelope, nearest)[:count].reshape(-1, _PASSAGE).sum(axis=1)
    missed = (ruled < _LEFT_SHARE * free) & (free > np.median(free) / 3)
    return bool((missed[:-1] & missed[1:]).any())


def smoothed(beats: Float64, onsets: tuple[Onset, ...]) -> Float64:
    """The beats moved to the strokes, smoothly; on one line where they nearly lie on one."""
    times = np.array([o.time_s for o in onsets])
    weights = np.array([WEIGHTS[o.drum.family] * (0.3 + 0.7 * o.velocity) for o in onsets])
    for _ in range(_ROUNDS):
        beats = _whittaker(beats, times, weights)
    return _straightened(beats, times)


def _whittaker(beats: Float64, times: Float64, weights: Float64) -> Float64:
    """One round: strokes take the nearest place in their beat, then beats follow the strokes."""
    index = np.clip(np.searchsorted(beats, times) - 1, 0, beats.size - 2)
    gap = np.diff(beats)[index]
    place = (times - beats[index]) / gap
    levels, levers = np.array(_LEVER).T
    levels, levers = np.append(levels, 1.0), np.append(levers, 1.0)
    misses = np.abs(place[:, np.newaxis] - levels) * gap[:, np.newaxis]
    nearest = np.argmin(misses - 0.004 * levers, axis=1)
    away = misses[np.arange(times.size), nearest] / _REACH_S
    pull = weights * levers[nearest] * np.where(away < 1, (1 - away**2) ** 2, 0.0)
    share = levels[nearest]
    size = beats.size
    bands = np.zeros((3, size))  # upper form of solveh_banded: second, first, main diagonal
    right = np.zeros(size)
    np.add.at(bands[2], index, pull * (1 - share) ** 2)
    np.add.at(bands[2], index + 1, pull * share**2)
    np.add.at(bands[1], index + 1, pull * share * (1 - share))
    np.add.at(right, index, pull * (1 - share) * times)
    np.add.at(right, index + 1, pull * share * times)
    bend = np.array([1.0, -2.0, 1.0])
    for offset in range(3):
        bands[2, offset : size - 2 + offset] += _STIFFNESS * bend[offset] ** 2
    for offset in range(2):
        bands[1, offset + 1 : size - 1 + offset] += _STIFFNESS * bend[offset] * bend[offset + 1]
    bands[0, 2:] += _STIFFNESS
    bands[2] += 1e-6
    right += 1e-6 * beats
    return np.asarray(solveh_banded(bands, right))


def _straightened(beats: Float64, times: Float64) -> Float64:
    played = (beats > times[0] - 0.1) & (beats < times[-1] + 0.1)
    axis = np.arange(beats.size)
    if played.sum() < 4:
        return beats
    line = np.polyval(np.polyfit(axis[played], beats[played], 1), axis)
    misses = np.abs(line - beats)[played]
    straight = np.quantile(misses, 0.9) <= _STRAIGHT_S and misses.max() <= 2 * _STRAIGHT_S
    return np.asarray(line, np.float64) if straight else beats
