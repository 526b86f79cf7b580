"""LanceDB: a cache of the vectors for fast neighbours. SQLite is the truth; one process writes.

One table a model with the vectors of tracks, and one with those of artists
(`store.vectors.artist_vectors`).
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store.database.db import read, rows
from store.results import StoreError
from store.settings import StoreSettings
from store.tables.analysis import TrackEmbedding
from store.vectors import artist_vectors, lance_tables
from store.vectors.lance_tables import BATCH, connect, table_name, table_names, translate_errors

Neighbours = tuple[tuple[int, float], ...]
"""(track or artist id, similarity 0..1), nearest first."""

TRACK: Final = "track_id"
ARTIST: Final = "artist_id"


def upsert(model: str, vectors: Iterable[tuple[int, bytes]]) -> None:
    """Add or replace (track id, float32 bytes); only the indexer calls this.

    Raises:
        StoreError: LanceDB is not there or its files are damaged.
    """
    waiting = iter(vectors)
    with translate_errors():
        while batch := list(itertools.islice(waiting, BATCH)):
            lance_tables.write(connect(), table_name(model), TRACK, batch)


def delete(track_ids: Sequence[int]) -> None:
    """Delete the vectors of tracks; only the indexer calls this."""
    if not track_ids:
        return
    with translate_errors():
        connection = connect()
        for model in _models():
            if (name := table_name(model)) in table_names(connection):
                connection.open_table(name).delete(lance_tables.among(TRACK, track_ids))


def nearest(
    vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None
) -> Neighbours:
    """Return the nearest tracks by cosine, of `ids` alone when given.

    Raises:
        StoreError: LanceDB is not there, has no table of this model, or is damaged.
    """
    if ids is not None and not ids:
        return ()
    with translate_errors():
        name = table_name(model)
        return lance_tables.nearest(connect(), name, TRACK, vector, limit=limit, ids=ids)


def nearest_artists(vector: bytes, *, model: str, limit: int) -> Neighbours:
    """Return the artists whose mean sound is nearest by cosine.

    Raises:
        StoreError: LanceDB is not there, has no table of this model, or is damaged.
    """
    with translate_errors():
        name = table_name(artist_vectors.model_of_artists(model))
        return lance_tables.nearest(connect(), name, ARTIST, vector, limit=limit)


def synchronise(*, on_progress: Callable[[float], None] = lambda fraction: None) -> int:
    """Update LanceDB from SQLite: add missing vectors, delete former ones; optimise.

    Return how many rows of tracks changed. The indexer calls it at start and when the queue runs
    empty. Damaged files are made anew.
    """
    try:
        return _synchronise(on_progress)
    except StoreError:
        return rebuild(on_progress=on_progress)


def rebuild(*, on_progress: Callable[[float], None] = lambda fraction: None) -> int:
    """Make LanceDB anew from SQLite; return the number of vectors of tracks."""
    shutil.rmtree(StoreSettings().vectors, ignore_errors=True)
    return _synchronise(on_progress)


def check() -> list[str]:
    """Return the problems of the vectors as messages; empty when there are none."""
    problems = []
    try:
        with translate_errors():
            connection = connect()
            there = set(table_names(connection))
            for model, wanted in _models().items():
                name = table_name(model)
                stored = connection.open_table(name).count_rows() if name in there else 0
                if stored != wanted:
                    problems.append(f"{stored} of {wanted} vectors of {model} are in the index.")
    except StoreError as error:
        problems.append(str(error))
    return problems


def _synchronise(on_progress: Callable[[float], None]) -> int:
    with translate_errors():
        connection = connect()
        models, sounds = _models(), artist_vectors.sound_models()
        of_artists = {table_name(artist_vectors.model_of_artists(model)): model for model in sounds}
        wanted = {table_name(model) for model in models} | of_artists.keys()
        for name in set(table_names(connection)) - wanted:
            connection.drop_table(name)
        whole = max(sum(models.values()), 1)
        done = changed = 0
        for model, count in models.items():
            start = done
            changed += lance_tables.update(
                connection,
                table_name(model),
                TRACK,
                _batches(model),
                lambda seen, start=start: on_progress((start + seen) / whole),
            )
            done += count
        for name, model in of_artists.items():
            lance_tables.update(connection, name, ARTIST, artist_vectors.batches(model))
    on_progress(1.0)
    return changed


def _batches(model: str) -> Iterator[list[tuple[int, bytes]]]:
    columns = select(col(TrackEmbedding.track_id), col(TrackEmbedding.vector))
    statement = columns.where(col(TrackEmbedding.model) == model)
    with read() as session:
        found = session.connection().execute(statement)
        for part in found.partitions(BATCH):
            yield [(row.track_id, bytes(row.vector)) for row in part]


def _models() -> dict[str, int]:
    model = col(TrackEmbedding.model)
    with read() as session:
        found: Sequence[Any] = rows(session, select(model, func.count().label("n")).group_by(model))
    return {row.model: int(row.n) for row in found}
