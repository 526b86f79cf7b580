"""Exact neighbours by a comparison with every stored vector; fast for thousands of tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from store.database.db import read
from store.database.expressions import among
from store.tables.analysis import TrackEmbedding

BLOCK: Final = 2_000
"""Vectors held in memory at a time."""


def scan(
    vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None
) -> tuple[tuple[int, float], ...]:
    """Return (track id, similarity 0..1) of the nearest by cosine, of `ids` alone when given."""
    wanted = np.frombuffer(vector, "<f4")
    length = float(np.linalg.norm(wanted))
    columns = select(col(TrackEmbedding.track_id), col(TrackEmbedding.vector))
    statement = columns.where(col(TrackEmbedding.model) == model)
    if ids is not None:
        statement = statement.where(among(col(TrackEmbedding.track_id), ids))
    best: list[tuple[float, int]] = []
    with read() as session:
        found = session.connection().execute(statement)
        for part in found.partitions(BLOCK):
            block = [(row.track_id, row.vector) for row in part if len(row.vector) == len(vector)]
            if block:
                best = _merged(best, block, wanted, length, limit)
    return tuple((number, similarity) for similarity, number in best)


def nearest_of(
    vector: bytes, others: Sequence[tuple[int, bytes]], *, limit: int
) -> tuple[tuple[int, float], ...]:
    """Return (id, similarity 0..1) of the nearest of `others` by cosine."""
    wanted = np.frombuffer(vector, "<f4")
    block = [(number, other) for number, other in others if len(other) == len(vector)]
    if not block:
        return ()
    best = _merged([], block, wanted, float(np.linalg.norm(wanted)), limit)
    return tuple((number, similarity) for similarity, number in best)


def _merged(
    best: list[tuple[float, int]],
    block: Sequence[tuple[int, bytes]],
    wanted: np.ndarray,
    length: float,
    limit: int,
) -> list[tuple[float, int]]:
    matrix = np.frombuffer(b"".join(vector for _, vector in block), "<f4")
    matrix = matrix.reshape(len(block), -1)
    norms = np.linalg.norm(matrix, axis=1) * length
    similar = np.divide(matrix @ wanted, norms, out=np.zeros_like(norms), where=norms > 0)
    nearest = np.argsort(-similar)[:limit]
    new = [(float(np.clip(similar[row], 0.0, 1.0)), block[row][0]) for row in nearest]
    return sorted(best + new, key=lambda pair: (-pair[0], pair[1]))[:limit]
