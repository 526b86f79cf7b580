"""LanceDB: a cache of the vectors for fast neighbours. SQLite is the truth; one process writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Neighbours = tuple[tuple[int, float], ...]
"""(track id, similarity 0..1), nearest first."""


def upsert(model: str, rows: Iterable[tuple[int, bytes]]) -> None:
    """Add or replace (track id, float32 bytes); only the indexer calls this."""
    raise NotImplementedError


def delete(track_ids: Sequence[int]) -> None:
    """Drop the vectors of tracks; only the indexer calls this."""
    raise NotImplementedError


def nearest(
    vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None
) -> Neighbours:
    """Nearest tracks by cosine, of `ids` alone when given."""
    raise NotImplementedError


def synchronise(*, on_progress: Callable[[float], None] = lambda fraction: None) -> int:
    """Bring LanceDB up to SQLite, cheaply: add what is missing, drop what is gone; optimise.

    Returns how many rows changed. The indexer calls it at start and when the queue runs empty.
    """
    raise NotImplementedError


def rebuild(*, on_progress: Callable[[float], None] = lambda fraction: None) -> int:
    """Make LanceDB anew from SQLite; returns the number of vectors."""
    raise NotImplementedError


def check() -> list[str]:
    """What is wrong with the vectors, in words; empty when all is well."""
    raise NotImplementedError
