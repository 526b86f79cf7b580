"""The SQL of a search: what fits, in which order, from as few tables as that takes.

Raw SQL: the statement is composed from measured fragments (FTS5 MATCH, INDEXED BY, EXCEPT).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.search.filter_parts import KIND, Filter

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
    "likes": " LEFT JOIN (SELECT track_id, count(*) AS people FROM tracklike WHERE value = 1 "
    "GROUP BY track_id) AS likes ON likes.track_id = track.id",
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
_TRACK_ID: Final = re.compile(r"\btrack\.id\b")
_ROW_ASKED: Final = re.compile(r"\btrack\.(?!id\b|added_at\b)|\b(?:artist|album)\.")


@dataclass(frozen=True, slots=True)
class _Order:
    """An order of tracks.

    Attributes:
        place: SQL that it goes by.
        descending: Its direction where none is asked for.
        tie: SQL that decides among those of one place, in the same direction; "" for the relevance.
        always: Every track has a place; the others have those without one last.
    """

    place: str
    descending: bool = False
    tie: str = ""
    always: bool = False


_ORDERS: Final = {
    "bpm": _Order("features.bpm"),
    "energy": _Order("features.energy", descending=True),
    "key": _Order("CAST(features.camelot_key AS INTEGER)", tie="features.camelot_key"),
    "year": _Order("track.year"),
    "length": _Order("nullif(track.duration_s, 0.0)"),
    "title": _Order("track.folded"),
    "artist": _Order("artist.folded", tie="track.folded"),
    "added": _Order("track.added_at", descending=True, tie="track.id", always=True),
    "popularity": _Order(
        "coalesce(likes.people, 0)", descending=True, tie="track.added_at", always=True
    ),
}
_AT_RANDOM: Final = f"(track.id * 40503 + :seed) * 69621 % {CHANCES}"


def statement(
    filters: Sequence[Filter],
    ids: Sequence[int] | None,
    *,
    sort: str,
    descending: bool | None = None,
    chance: float = 0.0,
    after: Sequence[object] | None = None,
) -> tuple[str, dict[str, object]]:
    """The SQL of a search and what it binds, but `:limit` and `:seed`.

    What fits is found first, by ids and indexes alone; only the best are looked at whole. Without
    any filter but that of the kind nothing needs to be kept for counting.

    Args:
        filters: All of which fit.
        ids: Only these tracks; their order is a relevance.
        sort: A `store.search.query.Sort`, or the `by` of a `RowOrder`.
        descending: The direction of it; None for its natural one.
        chance: 0..1: how much of the relevance is left to chance.
        after: The `key0`, `key1` … of a row: only rows behind it.
    """
    parts = [one.relevance for one in filters if one.relevance]
    if ids is not None:
        parts.append("(1.0 - among.key / :id_count)")
    relevance = " + ".join(f"coalesce({part}, 0.0)" for part in parts)
    score = f"({relevance}) / {len(parts)}" if parts else "1.0"
    if chance:
        score = f"{1.0 - chance} * {score} + {chance} * ({_AT_RANDOM}) / {CHANCES}.0"
    columns, order = _order(sort, descending=descending)
    fit, values = fitting(f"track.id AS id, {score} AS relevance, {columns}", filters, ids)
    narrow = ids is not None or any(one.name != KIND for one in filters)
    sql = (
        f"WITH fit AS {'' if narrow else 'NOT '}MATERIALIZED ({fit}) "
        "SELECT track.id, track.title, artist.name AS artist, album.title AS album, "
        "track.duration_s, track.year, track.recording, track.audio_format, track.bit_rate, "
        "features.bpm, features.camelot_key, "
        f"features.energy, best.relevance, best.total, {_keys(order)} "
        f"FROM ({_BEST.format(order=', '.join(order), behind=_behind(order, after))}) AS best "
        f"{_WHOLE} ORDER BY {', '.join(f'best.{term}' for term in order)}"
    )
    bound = {f"after{number}": value for number, value in enumerate(after or ())}
    return sql, values | bound


_BEST: Final = (
    "SELECT *, (SELECT count(*) FROM fit) AS total FROM fit {behind}ORDER BY {order} LIMIT :limit"
)


def place_length(sort: str, *, descending: bool | None = None) -> int:
    """Return how many values tell the place of a track in an order."""
    return len(_order(sort, descending=descending)[1])


def _keys(order: Sequence[str]) -> str:
    """Return the columns `key0`, `key1` … that tell the place of a row in an order."""
    terms = enumerate(term.removesuffix(" DESC") for term in order)
    return ", ".join(f"best.{term} AS key{number}" for number, term in terms)


def _behind(order: Sequence[str], after: Sequence[object] | None) -> str:
    """Return the WHERE of the rows behind `:after0`, `:after1` …; "" without such a row."""
    if after is None:
        return ""
    cases: list[str] = []
    same: list[str] = []
    for number, term in enumerate(order):
        value = term.removesuffix(" DESC")
        way = "<" if value != term else ">"
        cases.append(" AND ".join((*same, f"({value}) {way} :after{number}")))
        same.append(f"({value}) IS :after{number}")
    return f"WHERE {' OR '.join(f'({case})' for case in cases)} "


def _order(sort: str, *, descending: bool | None) -> tuple[str, list[str]]:
    """Return the columns that an order needs, and its terms, each beginning with a column."""
    if sort == "random":
        return f"{_AT_RANDOM} AS place", ["place", "id"]
    if sort == "relevance":
        return "NULL AS place", ["relevance" if descending is False else "relevance DESC", "id"]
    order = _ORDERS[sort]
    way = " DESC" if (order.descending if descending is None else descending) else ""
    terms = [f"place{way}"] if order.always else ["place IS NULL", f"place{way}"]
    if not order.tie:
        return f"{order.place} AS place", [*terms, "relevance DESC", "id"]
    return f"{order.place} AS place, {order.tie} AS tie", [*terms, f"tie{way}", f"id{way}"]


def fitting(
    wanted: str, filters: Sequence[Filter], ids: Sequence[int] | None
) -> tuple[str, dict[str, object]]:
    """SELECT of `wanted` for what fits, from as few tables as that takes, and what it binds."""
    values: dict[str, object] = {}
    for one in filters:
        values |= one.values
    tables = [(table, f"{name}.track_id") for one in filters for name, table in one.tables]
    left_out = [select for one in filters for select in one.left_out]
    if tables or ids is not None or any(one.few for one in filters):
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
    elif not tables and not any(one.few for one in filters):
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


def used(sql: str, values: dict[str, object]) -> dict[str, object]:
    """The values that the statement binds: a count leaves those of the relevance out."""
    return {name: value for name, value in values.items() if f":{name}" in sql}
