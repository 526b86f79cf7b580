"""Neighbours of a text that are nearer than chance explains.

Every text has nearest neighbours, also one without meaning. The similarities of a text to unrelated
tracks are distributed normally around a middle value; their deviation is measured on the lower
side, where no track is related. Of n such tracks the one of rank r lies z deviations above
the middle, by the normal distribution (Blom 1958, Statistical Estimates and Transformed
Beta-Variables). Neighbours count as far down as they lie `MARGIN` deviations above that, so a large
library does not give a text without meaning more neighbours.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np
from sqlalchemy import func, select
from sqlmodel import col

from store.database.db import read, rows
from store.tables.analysis import TrackEmbedding
from store.vectors.vector_service import near
from store.vectors.vector_tables import Neighbours

MARGIN: Final = 1.0
"""Deviations: the nearest of many scatters by some 0.3, and real similarities are not normal."""
SAMPLE: Final = 1000
"""Unrelated tracks that are compared: the middle is then known to 0.04 deviations."""
UNSURE: Final = 4.0
"""Deviations times the root of the sample size: with few tracks the middle is less certain."""
TOO_FEW: Final = 10
"""With fewer tracks the distribution cannot be estimated."""


def significant_neighbours(vector: bytes, *, model: str, limit: int) -> Neighbours:
    """Return the tracks nearer to `vector` of `model` than chance explains, the nearest first.

    Args:
        vector: float32 little-endian.
        model: Its name.
        limit: How many at most.
    """
    with read() as session:
        of_model = col(TrackEmbedding.model) == model
        count = int(rows(session, select(func.count()).where(of_model))[0][0])
        if count < TOO_FEW:
            return ()
        in_sample = col(TrackEmbedding.id) % max(count // SAMPLE, 1) == 0
        sample = rows(session, select(col(TrackEmbedding.vector)).where(of_model, in_sample))
    typical = _similarities(
        vector, [row.vector for row in sample if len(row.vector) == len(vector)]
    )
    if len(typical) < TOO_FEW:
        return ()
    middle = float(np.median(typical))
    spread = float(np.sqrt(np.mean((middle - typical[typical <= middle]) ** 2)))
    margin = MARGIN + UNSURE / len(typical) ** 0.5
    found = near(vector, model=model, limit=limit)
    ranks = [
        rank
        for rank, (_, alike) in enumerate(found, start=1)
        if alike > max(middle, 0.0)
        and alike >= middle + (_by_chance(rank, count) + margin) * spread
    ]
    return found[: max(ranks, default=0)]


def _by_chance(rank: int, count: int) -> float:
    """Return the deviations above the middle expected of a rank if all tracks are unrelated."""
    return NormalDist().inv_cdf(1.0 - (rank - 0.375) / (max(count, rank) + 0.25))


def _similarities(vector: bytes, others: list[bytes]) -> np.ndarray:
    """Cosines, float32 (n,)."""
    wanted = np.frombuffer(vector, "<f4")
    matrix = np.frombuffer(b"".join(others), "<f4").reshape(len(others), len(wanted))
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(wanted)
    return np.divide(matrix @ wanted, lengths, out=np.zeros_like(lengths), where=lengths > 0)
