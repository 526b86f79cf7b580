"""Tracks that fit a query: the search, its counts, and the filters that emptied it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from store.database.db import read, rows
from store.results import Candidate, SearchResult
from store.search.filter_parts import Filter
from store.search.filters import query_filters
from store.search.genre_filters import matching_genres
from store.search.query import RowOrder, TrackQuery
from store.search.search_sql import CHANCES, fitting, statement, used
from store.tracks.away_tracks import away_ids
from store.tracks.track_details import rows_of


def search(
    query: TrackQuery,
    *,
    default_limit: int = 10,
    ids: Sequence[int] | None = None,
    seed: int | None = None,
    order: RowOrder | None = None,
) -> SearchResult:
    """Return the tracks that fit every filter of `query`; the caller turns `like` into `ids`.

    Args:
        query: The filters.
        default_limit: How many at most when the query does not say.
        ids: Only these tracks; their order is the relevance (nearest first).
        seed: Makes `sort="random"` repeatable.
        order: Another order than that of the query.
    """
    filters = query_filters(query)
    limit = query.limit or default_limit
    sort, descending = query.sort or "relevance", query.descending
    if order:
        sort, descending = order.by, order.descending
    seed = random.randrange(CHANCES) if seed is None else seed
    with read() as session:
        search_sql = statement(filters, ids, sort=sort, descending=descending)
        found = _select(session, search_sql, limit=limit, seed=seed)
        if not found:
            return SearchResult((), 0, emptied_by=_emptied_by(session, filters, ids))
        shown = [row.id for row in found]
        genres = matching_genres(session, query, shown)
        return SearchResult(rows_of(session, shown), found[0].total, genres)


def candidates(
    query: TrackQuery,
    *,
    limit: int = 1000,
    ids: Sequence[int] | None = None,
    seed: int | None = None,
    chance: float = 0.0,
) -> tuple[Candidate, ...]:
    """Tracks that fit `query`, most relevant first, with what an ordering needs.

    Those that are away are left out: they cannot be played.

    Args:
        query: The filters; its order and limit do not count.
        limit: How many at most.
        ids: Only these tracks, as for `search`.
        seed: Of `chance`: the same number gives the same tracks.
        chance: 0..1: how much of the relevance is left to chance.
    """
    search_sql = statement(query_filters(query), ids, sort="relevance", chance=chance)
    with read() as session:
        found = _select(session, search_sql, limit=limit, seed=seed or 0)
    away = away_ids()
    return tuple(
        Candidate(
            id=row.id,
            title=row.title,
            artist=row.artist,
            album=row.album,
            duration_s=row.duration_s,
            bpm=row.bpm,
            camelot=row.camelot_key,
            energy=row.energy,
            year=row.year,
            relevance=row.relevance,
            recording=row.recording,
            audio_format=row.audio_format,
            bit_rate=row.bit_rate,
        )
        for row in found
        if row.id not in away
    )


def any_fits(query: TrackQuery) -> bool:
    """Whether any track fits `query`; found without a look at the others."""
    sql, values = fitting("1", query_filters(query), None)
    with read() as session:
        return bool(rows(session, f"SELECT EXISTS ({sql}) AS found", **used(sql, values))[0].found)


def how_many(query: TrackQuery) -> int:
    """How many tracks fit `query`; none of them is ranked."""
    with read() as session:
        return _count(session, query_filters(query), None)


def how_many_of(filters: Sequence[Filter], ids: Sequence[int] | None = None) -> int:
    """How many tracks fit filters, among `ids` where they are given."""
    with read() as session:
        return _count(session, filters, ids)


def fitting_ids(query: TrackQuery, ids: Sequence[int] | None = None) -> tuple[str, dict[str, Any]]:
    """SELECT of the `id` of every track that fits `query`, and what it binds; for counts."""
    sql, values = fitting("track.id AS id", query_filters(query), ids)
    return sql, used(sql, values)


def _select(
    session: Session,
    search_sql: tuple[str, dict[str, object]],
    *,
    limit: int,
    seed: int,
) -> Sequence[Any]:
    sql, values = search_sql
    return rows(session, sql, **used(sql, values | {"limit": limit, "seed": seed}))


def _count(session: Session, filters: Sequence[Filter], ids: Sequence[int] | None) -> int:
    sql, values = fitting("count(*) AS total", filters, ids)
    return int(rows(session, sql, **used(sql, values))[0].total)


def _emptied_by(
    session: Session, filters: Sequence[Filter], ids: Sequence[int] | None
) -> tuple[tuple[str, int], ...]:
    """Filters without which something fits; or else those that nothing fits even alone (0)."""
    without = [
        (one.name, _count(session, [other for other in filters if other is not one], ids))
        for one in filters
    ]
    helping = tuple(sorted((pair for pair in without if pair[1]), key=lambda pair: -pair[1]))
    if helping:
        return helping
    return tuple((one.name, 0) for one in filters if not _count(session, [one], ids))
