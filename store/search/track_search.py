"""Tracks that fit a query: the search, its reasons, and the filters that emptied it.

Raw SQL: the statement is composed from measured fragments (FTS5 MATCH, INDEXED BY, EXCEPT).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import Session

from store.database.db import read, rows
from store.folding import artist_parts, fold
from store.results import Candidate, SearchResult, TrackRow
from store.search.filters import Filter, query_filters
from store.search.query import TrackQuery
from store.tracks.track_details import moods_of, rows_of

CHANCES: Final = 1_000_003
"""A prime above all products below, so that ids are well mixed."""

_WHOLE: Final = """
JOIN track ON track.id = best.id
LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id
LEFT JOIN artist ON artist.id = track.artist_id LEFT JOIN album ON album.id = track.album_id"""
_TRACK: Final = ("track", "track.id")
_TRACK_BY_INDEX: Final = ("track INDEXED BY ix_track_missing_added", "track.id")
"""The tracks that are there, without a look at their rows."""
_FEATURES: Final = ("trackaudiofeatures AS features", "features.track_id")
_BESIDES: Final = {
    "features": " LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id",
    "artist": " LEFT JOIN artist ON artist.id = track.artist_id",
    "album": " LEFT JOIN album ON album.id = track.album_id",
}
_NOT_MISSING: Final = "track.id NOT IN (SELECT id FROM track WHERE missing = 1)"
"""Asks an index for the few missing ones; the rows of the others need not be looked at."""
_REMAINING: Final = (
    "(SELECT id AS track_id FROM track INDEXED BY ix_track_missing WHERE missing = 0 "
    "EXCEPT {left_out} ORDER BY 1 LIMIT -1) AS remaining"
)
_REMAINING_ID: Final = "remaining.track_id"
"""All tracks but some: in the order of the ids, in which the indexes give them, so that they are
merged; without the LIMIT the order is optimised away."""
_FEW: Final = frozenset(("text", "artists"))
"""Filters that few tracks fit: for those it is looked up which are to be left out."""
_TRACK_ID: Final = re.compile(r"\btrack\.id\b")
_ROW_ASKED: Final = re.compile(r"\btrack\.(?!id\b|added_at\b)|\b(?:artist|album)\.")

_PLACES: Final = {
    "bpm": ("features.bpm", "place IS NULL, place, relevance DESC, id"),
    "energy": ("features.energy", "place IS NULL, place DESC, relevance DESC, id"),
    "year": ("track.year", "place IS NULL, place, relevance DESC, id"),
    "added": ("track.added_at", "place DESC, id DESC"),
    "relevance": ("NULL", "relevance DESC, id"),
    "random": (f"(track.id * 40503 + :seed) * 69621 % {CHANCES}", "place, id"),
}
"""Order → (what it goes by, how): tempo and year from the lowest up, energy from the highest down,
what was added last first."""


def search(
    query: TrackQuery,
    *,
    default_limit: int = 10,
    ids: Sequence[int] | None = None,
    seed: int | None = None,
) -> SearchResult:
    """Return the tracks that fit every filter of `query`; the caller turns `like` into `ids`.

    Args:
        query: The filters.
        default_limit: How many at most when the query does not say.
        ids: Only these tracks; their order is the relevance (nearest first).
        seed: Makes `sort="random"` repeatable.
    """
    filters = query_filters(query)
    limit = query.limit or default_limit
    sort = query.sort or "relevance"
    seed = random.randrange(CHANCES) if seed is None else seed
    with read() as session:
        found = _select(session, statement(filters, ids, sort=sort), limit=limit, seed=seed)
        if not found:
            return SearchResult((), 0, emptied_by=_emptied_by(session, filters, ids))
        tracks = rows_of(session, [row.id for row in found])
        moods = moods_of(session, [row.id for row in found])
    why = {shown.id: _reasons(shown, moods.get(shown.id, {}), query) for shown in tracks}
    return SearchResult(tracks, found[0].total, why)


def candidates(
    query: TrackQuery,
    *,
    limit: int = 1000,
    ids: Sequence[int] | None = None,
    seed: int | None = None,
    chance: float = 0.0,
) -> tuple[Candidate, ...]:
    """Tracks that fit `query`, most relevant first, with what an ordering needs.

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
    )


def any_fits(query: TrackQuery) -> bool:
    """Whether any track fits `query`; found without a look at the others."""
    sql, values = _fitting("1", query_filters(query), None)
    with read() as session:
        return bool(rows(session, f"SELECT EXISTS ({sql}) AS found", **_used(sql, values))[0].found)


def how_many(query: TrackQuery) -> int:
    """How many tracks fit `query`; none of them is ranked."""
    with read() as session:
        return _count(session, query_filters(query), None)


def fitting_ids(query: TrackQuery, ids: Sequence[int] | None = None) -> tuple[str, dict[str, Any]]:
    """SELECT of the `id` of every track that fits `query`, and what it binds; for counts."""
    sql, values = _fitting("track.id AS id", query_filters(query), ids)
    return sql, _used(sql, values)


def statement(
    filters: Sequence[Filter], ids: Sequence[int] | None, *, sort: str, chance: float = 0.0
) -> tuple[str, dict[str, object]]:
    """The SQL of a search and what it binds, but `:limit` and `:seed`.

    What fits is found first, by ids and indexes alone; only the best are looked at whole. Without
    any filter nothing needs to be kept for counting.
    """
    parts = [one.relevance for one in filters if one.relevance]
    if ids is not None:
        parts.append("(1.0 - among.key / :id_count)")
    relevance = " + ".join(f"coalesce({part}, 0.0)" for part in parts)
    score = f"({relevance}) / {len(parts)}" if parts else "1.0"
    if chance:
        score = f"{1.0 - chance} * {score} + {chance} * ({_PLACES['random'][0]}) / {CHANCES}.0"
    place, order = _PLACES[sort]
    fit, values = _fitting(f"track.id AS id, {score} AS relevance, {place} AS place", filters, ids)
    sql = (
        f"WITH fit AS {'' if filters or ids is not None else 'NOT '}MATERIALIZED ({fit}) "
        "SELECT track.id, track.title, artist.name AS artist, album.title AS album, "
        "track.duration_s, track.year, track.recording, track.audio_format, track.bit_rate, "
        "features.bpm, features.camelot_key, "
        "features.energy, best.relevance, best.total "
        f"FROM ({_BEST.format(order=order)}) AS best {_WHOLE} "
        f"ORDER BY {order.replace('id', 'best.id')}"
    )
    return sql, values


_BEST: Final = (
    "SELECT *, (SELECT count(*) FROM fit) AS total FROM fit ORDER BY {order} LIMIT :limit"
)


def _select(
    session: Session,
    search_sql: tuple[str, dict[str, object]],
    *,
    limit: int,
    seed: int,
) -> Sequence[Any]:
    sql, values = search_sql
    return rows(session, sql, **_used(sql, values | {"limit": limit, "seed": seed}))


def _fitting(
    wanted: str, filters: Sequence[Filter], ids: Sequence[int] | None
) -> tuple[str, dict[str, object]]:
    """SELECT of `wanted` for what fits, from as few tables as that takes, and what it binds."""
    values: dict[str, object] = {}
    for one in filters:
        values |= one.values
    tables = [(table, f"{name}.track_id") for one in filters for name, table in one.tables]
    left_out = [select for one in filters for select in one.left_out]
    if tables or ids is not None or any(one.name in _FEW for one in filters):
        left_out = []
    conditions = [
        f"({one.condition})" for one in filters if one.condition and not (left_out and one.left_out)
    ]
    if any("features." in condition for condition in conditions):
        tables.append(_FEATURES)
    if left_out:
        all_but = _REMAINING.format(left_out=" EXCEPT ".join(left_out))
        tables.insert(0, (all_but, _REMAINING_ID))
    row_asked = _ROW_ASKED.search(" ".join((wanted, *conditions)))
    if ids is not None:
        tables = [("json_each(:ids) AS among", "among.value"), *tables, _TRACK]
        values |= {"ids": json.dumps(list(ids)), "id_count": float(max(len(ids), 1))}
    elif not tables and not conditions:
        tables = [_TRACK if row_asked else _TRACK_BY_INDEX]
    elif not tables or row_asked or "track.added_at" in wanted:
        tables.append(_TRACK)
    return _select_from(tables, wanted, conditions), values


def _select_from(tables: Sequence[tuple[str, str]], wanted: str, conditions: Sequence[str]) -> str:
    (first, base), *others = tables
    has_track = tables[-1] in (_TRACK, _TRACK_BY_INDEX)
    shown = [] if base == _REMAINING_ID else ["track.missing = 0" if has_track else _NOT_MISSING]
    if _TRACK in tables and shown:
        shown = [f"+{shown[0]}"]  # the plus keeps the index of it out: next to nothing is missing
    where = " AND ".join((*shown, *conditions)) or "true"
    joins = "".join(f" JOIN {table} ON {number} = {base}" for table, number in others)
    for name, join in _BESIDES.items():
        named = re.search(rf"\b{name}\.", f"{wanted} {where}")
        if named and not (name == "features" and _FEATURES in tables):
            joins += join
    sql = f"SELECT {wanted} FROM {first}{joins} WHERE {where}"
    return sql if has_track else _TRACK_ID.sub(base, sql)


def _count(session: Session, filters: Sequence[Filter], ids: Sequence[int] | None) -> int:
    sql, values = _fitting("count(*) AS total", filters, ids)
    return int(rows(session, sql, **_used(sql, values))[0].total)


def _used(sql: str, values: dict[str, object]) -> dict[str, object]:
    """The values that the statement binds: a count leaves those of the relevance out."""
    return {name: value for name, value in values.items() if f":{name}" in sql}


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


def _reasons(shown: TrackRow, moods: dict[str, float], query: TrackQuery) -> tuple[str, ...]:
    reasons: list[str] = []
    if query.text:
        reasons.append(f'"{query.text}"')
    if query.artists and shown.artist:
        parts = artist_parts(shown.artist)
        named = [name for name in query.artists if fold(name) in parts]
        reasons.append(f"artist: {shown.artist if named else query.artists[0]}")
    if query.genres and shown.genre:
        reasons.append(f"genre: {shown.genre}")
    reasons += [f"mood: {mood}" for mood in query.moods if mood in moods]
    if (query.bpm_min or query.bpm_max) and shown.bpm is not None:
        reasons.append(f"{shown.bpm:.0f} BPM")
    if (query.keys or query.harmonic_with) and shown.camelot:
        mixes = query.harmonic_with and shown.camelot != query.harmonic_with
        reasons.append(f"{shown.camelot} ↔ {query.harmonic_with}" if mixes else shown.camelot)
    if (query.year_min or query.year_max) and shown.year:
        reasons.append(str(shown.year))
    if query.energy:
        reasons.append(f"energy: {query.energy}")
    if query.instrumental is not None:
        reasons.append("instrumental" if query.instrumental else "vocals")
    return tuple(reasons)
