"""Places on a map for vectors, so that neighbours in sound are neighbours on the map.

Vectors of length one are projected to their principal components. A sample of them, the landmarks,
is laid out by t-SNE (van der Maaten and Hinton 2008, JMLR 9; scikit-learn's Barnes-Hut form).
Every other vector comes to lie among its nearest landmarks. All of it is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

Floats = np.ndarray
Batches = Callable[[], Iterable[Floats]]
"""Gives the vectors, float32 (n, dimension), in parts and from the first one on at each call."""

COMPONENTS: Final = 24
"""Principal components kept: 89 % of the variance of 200 correlated values."""
LANDMARKS: Final = 3_000
"""t-SNE of so many takes about a minute of one core; its time grows with n log n."""
PERPLEXITY: Final = 30.0
ITERATIONS: Final = 600
FEW: Final = 20
"""Fewer vectors have no neighbourhoods: they lie by their two largest components."""
NEIGHBOURS: Final = 10
"""Landmarks that place a vector."""
BLOCK: Final = 1_000
"""Vectors compared with all landmarks at once: 12 MB of distances."""
NEARNESS: Final = 2.0
"""How fast the weight of a landmark falls with its squared distance, relative to that of the
fourth nearest."""
FOURTH: Final = 3
APART: Final = 8.0
"""Landmarks farther from the nearest one than so many times the usual gap between landmarks do not
count, so that nothing comes to lie in the void between two groups."""
_SEED: Final = 0
_START: Final = 1e-4
"""Deviation of the positions that t-SNE starts with, and by how much it exaggerates at first what
is near: groups form before they drift apart."""
_EXAGGERATION: Final = 12.0
_USUAL: Final = 0.6
"""Deviation of the finished positions, times the root of their number: a map that starts from one
before starts there, and without exaggeration, which would move its groups elsewhere."""
_SPREAD: Final = 2654435761
"""Knuth's multiplier: spreads consecutive ids evenly over 32 bits."""


def components(batches: Batches) -> Floats:
    """Return the principal components of the vectors, float32 (n, up to `COMPONENTS`)."""
    count, total, square = 0, None, None
    for batch in batches():
        unit = _unit(batch)
        count += len(unit)
        total = unit.sum(0) if total is None else total + unit.sum(0)
        square = unit.T @ unit if square is None else square + unit.T @ unit
    if total is None or square is None:
        return np.empty((0, 2), np.float32)
    mean = total / count
    _, axes = np.linalg.eigh(square / count - np.outer(mean, mean))
    axes = axes[:, ::-1][:, :COMPONENTS]
    axes *= np.where(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    parts = [((_unit(batch) - mean) @ axes).astype(np.float32) for batch in batches()]
    return np.concatenate(parts)


def choose_landmarks(track_ids: np.ndarray) -> np.ndarray:
    """Return which tracks are landmarks, bool (n,); mostly the same ones in a library that grew."""
    if track_ids.size <= LANDMARKS:
        return np.ones(track_ids.size, np.bool_)
    spread = (track_ids.astype(np.uint64) * np.uint64(_SPREAD)) & np.uint64(0xFFFFFFFF)
    chosen = np.zeros(track_ids.size, np.bool_)
    chosen[np.argsort(spread, kind="stable")[:LANDMARKS]] = True
    return chosen


def lay_out_landmarks(points: Floats, before: Floats | None = None) -> Floats:
    """Return places of the landmarks, float32 (n, 2), in no unit.

    Args:
        points: Their components, float32 (n, k).
        before: Where they lay on the map before, float32 (n, 2); NaN where that is not known. The
            new map turns out alike.
    """
    start = np.zeros((len(points), 2), np.float32)
    start[:, : points.shape[1]] = points[:, :2]
    if len(points) < FEW:
        return start
    start = _scaled(start)
    known = np.zeros(len(points), np.bool_)
    if before is not None:
        known = ~np.isnan(before).any(axis=1)
    alike = before is not None and known.sum() > len(points) / 2
    if before is not None and alike:
        start[known] = _scaled(before[known])
        start[~known] = place(points[~known], points[known], start[known])
    from sklearn.manifold import TSNE

    begin: Any = start * (_USUAL * len(points) ** 0.5 if alike else _START)
    layout = TSNE(
        2,
        perplexity=min(PERPLEXITY, (len(points) - 1) / 3),
        init=begin,
        early_exaggeration=1.0 if alike else _EXAGGERATION,
        learning_rate="auto",
        max_iter=ITERATIONS,
        random_state=_SEED,
    )
    places = layout.fit_transform(points).astype(np.float32)
    if before is not None and alike:
        places = places @ _turn(places[known], before[known])
    return places


def place(points: Floats, landmarks: Floats, places: Floats) -> Floats:
    """Return where vectors lie among landmarks, float32 (n, 2).

    Args:
        points: Components, float32 (n, k).
        landmarks: Components of the landmarks, float32 (m, k).
        places: Of the landmarks, float32 (m, 2).
    """
    found = np.empty((len(points), 2), np.float32)
    if not len(points):
        return found
    size = (landmarks**2).sum(1)
    near = min(NEIGHBOURS, len(landmarks))
    reach = APART * _gap(places)
    for start in range(0, len(points), BLOCK):
        part = points[start : start + BLOCK]
        far = (part**2).sum(1)[:, None] + size - 2.0 * part @ landmarks.T
        closest = np.argpartition(far, near - 1, axis=1)[:, :near]
        far = np.maximum(np.take_along_axis(far, closest, 1), 0.0)
        order = np.argsort(far, axis=1, kind="stable")
        closest, far = np.take_along_axis(closest, order, 1), np.take_along_axis(far, order, 1)
        usual = far[:, min(FOURTH, near - 1)][:, None] + 1e-12
        weight = np.exp(-NEARNESS * far / usual)
        there = places[closest]
        weight *= np.linalg.norm(there - there[:, :1], axis=2) <= reach
        weight /= weight.sum(1, keepdims=True)
        found[start : start + BLOCK] = (weight[:, :, None] * there).sum(1)
    return found


def on_grid(places: Floats, size: int) -> np.ndarray:
    """Return places as whole numbers 0..size, uint16 (n, 2), in the middle and of one scale."""
    if not len(places):
        return np.empty((0, 2), np.uint16)
    low, high = places.min(0), places.max(0)
    extent = float((high - low).max()) or 1.0
    centred = (places - (low + high) / 2) / extent + 0.5
    return np.round(np.clip(centred, 0.0, 1.0) * size).astype(np.uint16)


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0).astype(
        np.float64
    )


def _turn(places: Floats, before: Floats) -> Floats:
    """Return the rotation, float32 (2, 2), mirrored or not, that brings places nearest to those
    before (Schönemann 1966, Psychometrika 31)."""
    left, _, right = np.linalg.svd(_scaled(places).T @ _scaled(before))
    return (left @ right).astype(np.float32)


def _scaled(places: Floats) -> Floats:
    """Return places around 0 with deviation 1 along the wider axis."""
    centred = places - places.mean(0)
    return centred / (float(centred.std(0).max()) or 1.0)


def _gap(places: Floats) -> float:
    """Return the median distance of a place to the nearest other one."""
    if len(places) < 2:
        return 1.0
    sample = places[:: max(len(places) // BLOCK, 1)]
    far = np.linalg.norm(sample[:, None, :] - places[None, :, :], axis=2)
    far[far == 0.0] = np.inf
    nearest = far.min(1)
    return float(np.median(nearest[np.isfinite(nearest)])) if np.isfinite(nearest).any() else 1.0
