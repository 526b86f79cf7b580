"""Tables of LanceDB: one a kind of vector, with an id, the digest of the vector and the vector.

Importing LanceDB takes seconds and 100 MB: only the indexer and the child process of
`store.vectors.vector_service` call what is here.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from store.results import StoreError
from store.settings import StoreSettings

Vector = tuple[int, bytes]
"""(id, float32 little-endian)."""

INDEX_FROM: Final = 10_000
"""Below this many rows looking at every vector is as fast as an index, and exact."""
BATCH: Final = 2_000
"""Vectors written at once: 1.6 MB of 200 values each."""
KEEP_VERSIONS: Final = timedelta(minutes=10)
"""A reader may still hold an older version of a table for a moment."""
PROBES: Final = 32
"""Partitions looked into by a question: enough to miss next to nothing."""


def table_name(model: str) -> str:
    """Return the table name of a model: its letters and digits, and a digest."""
    digest = hashlib.sha256(model.encode()).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9]+', '_', model)[:40]}_{digest}"


def connect() -> Any:
    """Return a connection to the folder of the vectors."""
    import lancedb

    return lancedb.connect(StoreSettings().vectors, read_consistency_interval=timedelta(0))


def table_names(connection: Any) -> list[str]:
    """Return the names of the tables that are there."""
    return list(connection.list_tables().tables)


def nearest(
    connection: Any,
    name: str,
    key: str,
    vector: bytes,
    *,
    limit: int,
    ids: Sequence[int] | None = None,
) -> tuple[tuple[int, float], ...]:
    """Return (id, similarity 0..1) of the nearest by cosine, of `ids` alone when given."""
    import numpy as np

    query = (
        connection.open_table(name)
        .search(np.frombuffer(vector, "<f4"), vector_column_name="vector")
        .distance_type("cosine")
        .nprobes(PROBES)
        .select([key, "_distance"])
        .limit(limit)
    )
    if ids is not None:
        query = query.where(among(key, ids), prefilter=True)
    found = query.to_arrow()
    return tuple(
        (int(number), min(max(1.0 - float(distance), 0.0), 1.0))
        for number, distance in zip(
            found[key].to_pylist(), found["_distance"].to_pylist(), strict=True
        )
    )


def update(
    connection: Any,
    name: str,
    key: str,
    batches: Iterable[Sequence[Vector]],
    on_seen: Callable[[int], None] = lambda count: None,
) -> int:
    """Bring a table to hold exactly the vectors of `batches`; return how many rows changed."""
    stored = _stored_digests(connection, name, key)
    changed = 0
    seen: set[int] = set()
    for batch in batches:
        fresh = [
            (number, vector) for number, vector in batch if stored.get(number) != _digest(vector)
        ]
        if fresh:
            write(connection, name, key, fresh)
            changed += len(fresh)
        seen.update(number for number, _ in batch)
        on_seen(len(seen))
    gone = [number for number in stored if number not in seen]
    if changed or gone:
        table = connection.open_table(name)
        for start in range(0, len(gone), BATCH):
            table.delete(among(key, gone[start : start + BATCH]))
        _optimise(table, key)
    return changed + len(gone)


def write(connection: Any, name: str, key: str, batch: Sequence[Vector]) -> None:
    """Add or replace vectors of one dimension."""
    import numpy as np
    import pyarrow as pa

    dimension = len(batch[0][1]) // 4
    values = pa.array(np.frombuffer(b"".join(vector for _, vector in batch), "<f4"))
    table = pa.table(
        {
            key: pa.array([number for number, _ in batch], pa.int64()),
            "digest": pa.array([_digest(vector) for _, vector in batch], pa.int64()),
            "vector": pa.FixedSizeListArray.from_arrays(values, dimension),
        }
    )
    if name not in table_names(connection):
        connection.create_table(name, table)
        return
    stored = connection.open_table(name)
    merge = stored.merge_insert(key).when_matched_update_all()
    merge.when_not_matched_insert_all().execute(table)


def among(key: str, ids: Sequence[int]) -> str:
    """Return the condition that `key` is one of `ids`."""
    return f"{key} IN ({', '.join(str(int(number)) for number in ids)})"


def _optimise(table: Any, key: str) -> None:
    from lancedb.index import BTree, IvfFlat

    indexes = {index.name: index for index in table.list_indices()}
    if f"{key}_idx" not in indexes:
        table.create_index(key, config=BTree())
    if "vector_idx" not in indexes and table.count_rows() >= INDEX_FROM:
        table.create_index("vector", config=IvfFlat(distance_type="cosine"))
    table.optimize(cleanup_older_than=KEEP_VERSIONS)


def _stored_digests(connection: Any, name: str, key: str) -> dict[int, int]:
    if name not in table_names(connection):
        return {}
    found = connection.open_table(name).search().select([key, "digest"]).to_arrow()
    return dict(zip(found[key].to_pylist(), found["digest"].to_pylist(), strict=True))


def _digest(vector: bytes) -> int:
    return zlib.crc32(vector)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise a StoreError for the errors of LanceDB, which are of many types."""
    try:
        yield
    except (ImportError, OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            "The index of similar tracks is damaged or not there; it can be made anew at any "
            f"time from the library. ({str(error).splitlines()[0] if str(error) else error!r})"
        ) from error
