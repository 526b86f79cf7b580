"""The sound of an artist: the mean of the audio embeddings of the tracks, each of length one.

SQLite holds the tracks; LanceDB keeps the means (`store.vectors.vector_tables`). A process without
LanceDB makes them anew from the tracks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.tables.analysis import TrackEmbedding
from store.tables.tracks import Track
from store.vectors.lance_tables import BATCH, Vector

SOUND: Final = "audio"
"""Kind of the embeddings that describe sound."""


def model_of_artists(model: str) -> str:
    """Return the name of the table of artists that belongs to a model of tracks."""
    return f"artists of {model}"


def sound_models() -> list[str]:
    """Return the models that made audio embeddings."""
    model = col(TrackEmbedding.model)
    statement = select(model).where(col(TrackEmbedding.kind) == SOUND).distinct()
    with read() as session:
        return sorted(row.model for row in rows(session, statement))


def artist_vector(artist_id: int) -> tuple[str, bytes] | None:
    """Return (model last used, mean) of an artist; None where no track was listened to."""
    statement = _vectors().where(col(Track.artist_id) == artist_id)
    with read() as session:
        found = rows(session, statement.order_by(col(TrackEmbedding.id).desc()))
    if not found:
        return None
    model = found[0].model
    means = _means([(artist_id, row.vector) for row in found if row.model == model])
    return (model, means[0][1]) if means else None


def batches(model: str) -> Iterator[list[Vector]]:
    """Return (artist id, mean as float32) of every artist with a track, in parts."""
    means = artist_means(model)
    for start in range(0, len(means), BATCH):
        yield means[start : start + BATCH]


def artist_means(model: str) -> list[Vector]:
    """Return (artist id, mean as float32) of every artist with a track that `model` listened to."""
    statement = _vectors().where(col(TrackEmbedding.model) == model)
    with read() as session:
        found = session.connection().execute(statement)
        return _means(
            (row.artist_id, row.vector) for part in found.partitions(BATCH) for row in part
        )


def _vectors() -> Any:
    columns = select(
        col(Track.artist_id), col(TrackEmbedding.model), col(TrackEmbedding.vector)
    ).join(Track, col(Track.id) == col(TrackEmbedding.track_id))
    return columns.where(
        col(TrackEmbedding.kind) == SOUND,
        col(Track.artist_id).is_not(None),
        col(Track.missing).is_(False),
    )


def _means(vectors: Sequence[Vector] | Iterator[Vector]) -> list[Vector]:
    sums: dict[int, np.ndarray] = {}
    counts: dict[int, int] = {}
    for number, vector in vectors:
        values = np.frombuffer(vector, "<f4")
        length = float(np.linalg.norm(values))
        if length <= 0.0 or (number in sums and sums[number].size != values.size):
            continue
        if number in sums:
            sums[number] += values / length
            counts[number] += 1
        else:
            sums[number] = values / length
            counts[number] = 1
    return [
        (number, (sums[number] / counts[number]).astype("<f4").tobytes()) for number in sorted(sums)
    ]
