"""The map of the library, brought up to date: a short process of low priority.

    python -m indexer.ingest.map_writer

New tracks come to lie among those that are there, which keep their places. The whole map is laid
out anew when the library has changed much since that was done last; it starts from the old one.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from indexer.ingest.map_layout import (
    choose_landmarks,
    components,
    lay_out_landmarks,
    on_grid,
    place,
)
from store.results import StoreError
from store.vectors import map_positions
from store.vectors.map_positions import NOTHING, SIZE, MapPositions

LOW_PRIORITY: Final = 15
"""Niceness: a worker that analyses music goes first."""
BATCH: Final = 2_000
"""Vectors in memory at a time: 1.6 MB of 200 values each."""
ANEW_FROM: Final = 0.2
"""Share of the tracks that came or went since all were laid out, from which that is done again."""


@dataclass(frozen=True, slots=True)
class _Tracks:
    """The tracks to lay out: ids ascending, and the digests of their vectors."""

    model: str
    ids: np.ndarray
    digests: np.ndarray


def update() -> bool:
    """Bring the map up to date with the vectors; return whether it changed.

    Raises:
        StoreError: The library cannot be read.
        OSError: The map cannot be written.
    """
    model = map_positions.map_model()
    before = map_positions.load()
    tracks = _tracks(model)
    if map_positions.is_there() and before.model == model and _same(before, tracks):
        return False
    nothing = replace(NOTHING, model=model)
    map_positions.save(_updated(before, tracks) if tracks.ids.size else nothing)
    return True


def _same(before: MapPositions, tracks: _Tracks) -> bool:
    return np.array_equal(before.track_ids, tracks.ids) and np.array_equal(
        before.digests, tracks.digests
    )


def _tracks(model: str) -> _Tracks:
    ids: list[int] = []
    digests: list[int] = []
    for batch in _batches(model):
        ids += [number for number, _ in batch]
        digests += [zlib.crc32(vector) for _, vector in batch]
    return _Tracks(model, np.array(ids, np.int64), np.array(digests, np.uint32))


def _updated(before: MapPositions, tracks: _Tracks) -> MapPositions:
    points = components(lambda: _vectors(tracks.model))
    points = points[: tracks.ids.size]
    kept = _kept(before, tracks) if before.model == tracks.model else None
    if kept is not None and _changed(before, tracks, kept) < ANEW_FROM:
        known = kept >= 0
        landmarks = np.zeros(tracks.ids.size, np.bool_)
        landmarks[known] = before.landmarks[kept[known]]
        places = np.empty((tracks.ids.size, 2), np.uint16)
        places[known] = before.places[kept[known]]
        among = places[landmarks].astype(np.float32)
        new = place(points[~known], points[landmarks], among)
        places[~known] = np.round(np.clip(new, 0, SIZE)).astype(np.uint16)
        laid_out = before.laid_out
    else:
        landmarks = choose_landmarks(tracks.ids)
        places = on_grid(_laid_out(points, landmarks, before, kept), SIZE)
        laid_out = int(tracks.ids.size)
    return MapPositions(tracks.model, tracks.ids, places, tracks.digests, landmarks, laid_out)


def _laid_out(
    points: np.ndarray, landmarks: np.ndarray, before: MapPositions, kept: np.ndarray | None
) -> np.ndarray:
    """All places anew, float32 (n, 2), like those before where there were any."""
    old = None
    if kept is not None:
        there = kept[landmarks]
        old = before.places[np.maximum(there, 0)].astype(np.float32)
        old[there < 0] = np.nan
    places = np.empty((len(points), 2), np.float32)
    places[landmarks] = lay_out_landmarks(points[landmarks], old)
    places[~landmarks] = place(points[~landmarks], points[landmarks], places[landmarks])
    return places


def _kept(before: MapPositions, tracks: _Tracks) -> np.ndarray:
    """Where each track with the same vector stands in the layout before, int64 (n,); else -1."""
    at = np.searchsorted(before.track_ids, tracks.ids)
    at = np.minimum(at, max(before.track_ids.size - 1, 0))
    if not before.track_ids.size:
        return np.full(tracks.ids.size, -1)
    same = (before.track_ids[at] == tracks.ids) & (before.digests[at] == tracks.digests)
    return np.where(same, at, -1)


def _changed(before: MapPositions, tracks: _Tracks, kept: np.ndarray) -> float:
    """Share of the tracks laid out together that came, went or sound differently since."""
    there = int((kept >= 0).sum())
    landmarks = int(before.landmarks[kept[kept >= 0]].sum())
    lost = 1.0 - landmarks / max(int(before.landmarks.sum()), 1)
    came = abs(tracks.ids.size - before.laid_out) + (tracks.ids.size - there)
    return max(lost, came / max(before.laid_out, 1))


def _batches(model: str) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the tracks with vectors of one dimension."""
    after, length = -1, None
    while batch := map_positions.vectors_of(model, after, BATCH):
        after = batch[-1][0]
        length = length or len(batch[0][1])
        yield [(number, vector) for number, vector in batch if len(vector) == length]


def _vectors(model: str) -> Iterator[np.ndarray]:
    for batch in _batches(model):
        if batch:
            values = np.frombuffer(b"".join(vector for _, vector in batch), "<f4")
            yield values.reshape(len(batch), -1)


def main() -> int:
    """Bring the map up to date once."""
    os.nice(LOW_PRIORITY)
    try:
        update()
    except (StoreError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
