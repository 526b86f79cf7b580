"""Tracks that stand out as near to a text, told apart from those that chance brings near.

Every text has nearest neighbours, also one that means nothing. The similarities of a text to tracks
that have nothing to do with it lie around a middle value, normally spread; how wide is measured on
the lower side, where no track is meant. Of n such tracks the one of rank r lies z deviations above
the middle, by the normal distribution (Blom 1958, Statistical Estimates and Transformed
Beta-Variables). Neighbours count as far down as they lie `MARGIN` deviations above that, so a large
library does not make a text that means nothing find more.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np

from store.database.db import read, rows
from store.vectors.vector_service import near
from store.vectors.vector_tables import Neighbours

MARGIN: Final = 1.0
"""Deviations; the nearest of many scatters by some 0.3, real similarities are not quite normal."""
SAMPLE: Final = 1000
"""Tracks whose similarity tells what is usual: the middle is then known to 0.04 deviations."""
UNSURE: Final = 4.0
"""Deviations over the root of the sample's size: of few tracks what is usual is known less well."""
TOO_FEW: Final = 10
"""Among fewer tracks it cannot be told what is usual."""

_COUNT: Final = "SELECT count(*) AS n FROM trackembedding WHERE model = :model"
_SAMPLE: Final = "SELECT vector FROM trackembedding WHERE model = :model AND id % :step = 0"


def outstanding(vector: bytes, *, model: str, limit: int) -> Neighbours:
    """Tracks that `vector` of `model` means, the nearest first; none when none stands out.

    Args:
        vector: float32 little-endian.
        model: Its name.
        limit: How many at most.
    """
    with read() as session:
        count = int(rows(session, _COUNT, model=model)[0].n)
        if count < TOO_FEW:
            return ()
        sample = rows(session, _SAMPLE, model=model, step=max(count // SAMPLE, 1))
    usual = _similarities(vector, [row.vector for row in sample if len(row.vector) == len(vector)])
    if len(usual) < TOO_FEW:
        return ()
    middle = float(np.median(usual))
    spread = float(np.sqrt(np.mean((middle - usual[usual <= middle]) ** 2)))
    margin = MARGIN + UNSURE / len(usual) ** 0.5
    found = near(vector, model=model, limit=limit)
    ranks = [
        rank
        for rank, (_, alike) in enumerate(found, start=1)
        if alike > max(middle, 0.0)
        and alike >= middle + (_by_chance(rank, count) + margin) * spread
    ]
    return found[: max(ranks, default=0)]


def _by_chance(rank: int, count: int) -> float:
    """How many deviations above the middle the track of a rank lies among unrelated ones."""
    return NormalDist().inv_cdf(1.0 - (rank - 0.375) / (max(count, rank) + 0.25))


def _similarities(vector: bytes, others: list[bytes]) -> np.ndarray:
    """Cosines, float32 (n,)."""
    wanted = np.frombuffer(vector, "<f4")
    matrix = np.frombuffer(b"".join(others), "<f4").reshape(len(others), len(wanted))
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(wanted)
    return np.divide(matrix @ wanted, lengths, out=np.zeros_like(lengths), where=lengths > 0)
