"""LanceDB: a cache of the vectors for fast neighbours. SQLite is the truth; one process writes.

One table a model, with `track_id`, `digest` (of the vector, to see what changed) and `vector`.
Importing LanceDB takes seconds and 100 MB, so only the indexer and the child process of
`store.vectors.vector_service` call what is here.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store.database.db import read, rows
from store.results import StoreError
from store.settings import StoreSettings
from store.tables.analysis import TrackEmbedding

Neighbours = tuple[tuple[int, float], ...]
"""(track id, similarity 0..1), nearest first."""

INDEX_FROM: Final = 10_000
"""Below this many rows looking at every vector is as fast as an index, and exact."""
BATCH: Final = 2_000
"""Vectors written at once: 1.6 MB of 200 values each."""
KEEP_VERSIONS: Final = timedelta(minutes=10)
"""A reader may still hold an older version of a table for a moment."""
PROBES: Final = 32
"""Partitions looked into by a question: enough to miss next to nothing."""


def upsert(model: str, vectors: Iterable[tuple[int, bytes]]) -> None:
    """Add or replace (track id, float32 bytes); only the indexer calls this.

    Raises:
        StoreError: LanceDB is not there or its files are damaged.
    """
    waiting = iter(vectors)
    with _translate_errors():
        while batch := list(itertools.islice(waiting, BATCH)):
            _write_rows(_connection(), model, batch)


def delete(track_ids: Sequence[int]) -> None:
    """Delete the vectors of tracks; only the indexer calls this."""
    if not track_ids:
        return
    with _translate_errors():
        connection = _connection()
        for name in _table_names(connection):
            connection.open_table(name).delete(_among(track_ids))


def nearest(
    vector: bytes, *, model: str, limit: int, ids: Sequence[int] | None = None
) -> Neighbours:
    """Return the nearest tracks by cosine, of `ids` alone when given.

    Raises:
        StoreError: LanceDB is not there, has no table of this model, or is damaged.
    """
    import numpy as np

    if ids is not None and not ids:
        return ()
    with _translate_errors():
        table = _connection().open_table(table_name(model))
        query = (
            table.search(np.frombuffer(vector, "<f4"), vector_column_name="vector")
            .distance_type("cosine")
            .nprobes(PROBES)
            .select(["track_id", "_distance"])
            .limit(limit)
        )
        if ids is not None:
            query = query.where(_among(ids), prefilter=True)
        found = query.to_arrow()
    return tuple(
        (int(track_id), min(max(1.0 - float(distance), 0.0), 1.0))
        for track_id, distance in zip(
            found["track_id"].to_pylist(), found["_distance"].to_pylist(), strict=True
        )
    )


def synchronise(*, on_progress: Callable[[float], None] = lambda fraction: None) -> int:
    """Update LanceDB from SQLite: add missing vectors, delete former ones; optimise.

    Return how many rows changed. The indexer calls it at start and when the queue runs empty.
    Damaged files are made anew.
    """
    try:
        return _synchronise(on_progress)
    except StoreError:
        return rebuild(on_progress=on_progress)


def rebuild(*, on_progress: Callable[[float], None] = lambda fraction: None) -> int:
    """Make LanceDB anew from SQLite; return the number of vectors."""
    shutil.rmtree(StoreSettings().vectors, ignore_errors=True)
    return _synchronise(on_progress)


def check() -> list[str]:
    """Return the problems of the vectors as messages; empty when there are none."""
    problems = []
    try:
        with _translate_errors():
            connection = _connection()
            there = set(_table_names(connection))
            for model, wanted in _models().items():
                name = table_name(model)
                stored = connection.open_table(name).count_rows() if name in there else 0
                if stored != wanted:
                    problems.append(f"{stored} of {wanted} vectors of {model} are in the index.")
    except StoreError as error:
        problems.append(str(error))
    return problems


def table_name(model: str) -> str:
    """Return the table name of a model: its letters and digits, and a digest."""
    digest = hashlib.sha256(model.encode()).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9]+', '_', model)[:40]}_{digest}"


def _synchronise(on_progress: Callable[[float], None]) -> int:
    with _translate_errors():
        connection = _connection()
        models = _models()
        wanted = {table_name(model) for model in models}
        for name in set(_table_names(connection)) - wanted:
            connection.drop_table(name)
        whole = max(sum(models.values()), 1)
        done = changed = 0
        for model, count in models.items():
            start = done
            changed += _update_table(
                connection, model, lambda seen, start=start: on_progress((start + seen) / whole)
            )
            done += count
    on_progress(1.0)
    return changed


def _update_table(connection: Any, model: str, on_seen: Callable[[int], None]) -> int:
    stored = _stored_digests(connection, model)
    changed = 0
    seen: set[int] = set()
    for batch in _batches(model):
        fresh = [
            (number, vector) for number, vector in batch if stored.get(number) != _digest(vector)
        ]
        if fresh:
            _write_rows(connection, model, fresh)
            changed += len(fresh)
        seen.update(number for number, _ in batch)
        on_seen(len(seen))
    gone = [number for number in stored if number not in seen]
    table = connection.open_table(table_name(model))
    for start in range(0, len(gone), BATCH):
        table.delete(_among(gone[start : start + BATCH]))
    if changed or gone:
        _optimise(table)
    return changed + len(gone)


def _optimise(table: Any) -> None:
    from lancedb.index import BTree, IvfFlat

    indexes = {index.name: index for index in table.list_indices()}
    if "track_id_idx" not in indexes:
        table.create_index("track_id", config=BTree())
    if "vector_idx" not in indexes and table.count_rows() >= INDEX_FROM:
        table.create_index("vector", config=IvfFlat(distance_type="cosine"))
    table.optimize(cleanup_older_than=KEEP_VERSIONS)


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
        found = rows(session, select(model, func.count().label("n")).group_by(model))
    return {row.model: int(row.n) for row in found}


def _stored_digests(connection: Any, model: str) -> dict[int, int]:
    name = table_name(model)
    if name not in _table_names(connection):
        return {}
    found = connection.open_table(name).search().select(["track_id", "digest"]).to_arrow()
    return dict(zip(found["track_id"].to_pylist(), found["digest"].to_pylist(), strict=True))


def _write_rows(connection: Any, model: str, batch: Sequence[tuple[int, bytes]]) -> None:
    import numpy as np
    import pyarrow as pa

    dimension = len(batch[0][1]) // 4
    values = pa.array(np.frombuffer(b"".join(vector for _, vector in batch), "<f4"))
    table = pa.table(
        {
            "track_id": pa.array([number for number, _ in batch], pa.int64()),
            "digest": pa.array([_digest(vector) for _, vector in batch], pa.int64()),
            "vector": pa.FixedSizeListArray.from_arrays(values, dimension),
        }
    )
    name = table_name(model)
    if name not in _table_names(connection):
        connection.create_table(name, table)
        return
    stored = connection.open_table(name)
    merge = stored.merge_insert("track_id").when_matched_update_all()
    merge.when_not_matched_insert_all().execute(table)


def _digest(vector: bytes) -> int:
    return zlib.crc32(vector)


def _among(track_ids: Sequence[int]) -> str:
    return f"track_id IN ({', '.join(str(int(number)) for number in track_ids)})"


def _connection() -> Any:
    import lancedb

    return lancedb.connect(StoreSettings().vectors, read_consistency_interval=timedelta(0))


def _table_names(connection: Any) -> list[str]:
    return list(connection.list_tables().tables)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise a StoreError for the errors of LanceDB, which are of many types."""
    try:
        yield
    except (ImportError, OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "The index of similar tracks is damaged or not there; it can be made anew at any "
            f"time from the library. ({str(error).splitlines()[0] if str(error) else error!r})"
        ) from error
