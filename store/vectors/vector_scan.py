"""Neighbours by looking at every stored vector: exact, and quick for thousands of tracks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import numpy as np
from sqlalchemy import text

from store.database.db import read

BLOCK: Final = 2_000
"""Vectors held in memory at a time."""

_EVERY: Final = "SELECT track_id, vector FROM trackembedding WHERE model = :model"
_SOME: Final = _EVERY + " AND track_id IN (SELECT value FROM json_each(:ids))"


def scan(
    vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None
) -> tuple[tuple[int, float], ...]:
    """Nearest tracks by cosine, of `ids` alone when given: (track id, similarity 0..1)."""
    wanted = np.frombuffer(vector, "<f4")
    length = float(np.linalg.norm(wanted))
    values = {"model": model} | ({} if ids is None else {"ids": json.dumps(list(ids))})
    best: list[tuple[float, int]] = []
    with read() as session:
        found = session.connection().execute(text(_EVERY if ids is None else _SOME), values)
        for part in found.partitions(BLOCK):
            block = [(row.track_id, row.vector) for row in part if len(row.vector) == len(vector)]
            if block:
                best = _merged(best, block, wanted, length, limit)
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
    new = [(float(np.clip(similar[place], 0.0, 1.0)), block[place][0]) for place in nearest]
    return sorted(best + new, key=lambda pair: (-pair[0], pair[1]))[:limit]
