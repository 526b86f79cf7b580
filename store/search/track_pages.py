"""Tracks that fit a query, page by page: each page begins behind the last track of the one before.

Tracks that are added or removed meanwhile shift nothing: no track is given twice or left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.database.db import read, rows
from store.results import StoreError, TrackRow
from store.search.filters import query_filters
from store.search.query import TrackQuery
from store.search.search_sql import place_length, statement, used
from store.search.track_search import how_many_of
from store.tracks.track_details import rows_of

Key = tuple[str | int | float | None, ...]
"""The place of a track in an order."""

LARGEST_SEED: Final = 1_000_000
"""Of an order by chance."""


class NoPlaceError(StoreError):
    """What a page was to follow is no place in its order."""


@dataclass(frozen=True, slots=True)
class TrackPage:
    """Some of the tracks that fit.

    Attributes:
        total: How many fit in all.
        last: Place of the last one; None where no more follow.
    """

    tracks: tuple[TrackRow, ...]
    total: int
    last: Key | None


def track_page(
    query: TrackQuery,
    *,
    limit: int,
    after: Key | None = None,
    ids: Sequence[int] | None = None,
    seed: int = 0,
) -> TrackPage:
    """Return the tracks behind a place, in the order of `query`.

    Args:
        query: The filters and the order; its limit does not count.
        limit: How many at most.
        after: The `last` of the page before; None for the first page.
        ids: Only these tracks, as for `track_search.search`; the same ones for all pages.
        seed: Of an order by chance; the same for all pages.

    Raises:
        NoPlaceError: `after` is no place in this order.
    """
    filters = query_filters(query)
    sort, descending = query.sort or "relevance", query.descending
    if after is not None and len(after) != place_length(sort, descending=descending):
        raise NoPlaceError("This is no place in this order.")
    sql, values = statement(filters, ids, sort=sort, descending=descending, after=after)
    bound = used(sql, values | {"limit": limit + 1, "seed": seed})
    with read() as session:
        found = rows(session, sql, **bound)
        shown = rows_of(session, [row.id for row in found[:limit]])
    total = int(found[0].total) if found else how_many_of(filters, ids)
    last = found[limit - 1] if len(found) > limit else None
    keys = () if last is None else sorted(name for name in last._fields if name.startswith("key"))
    return TrackPage(shown, total, tuple(getattr(last, name) for name in keys) or None)
