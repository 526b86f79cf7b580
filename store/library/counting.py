"""Tracks that fit a query, counted by genre, artist, album, year, decade, mood, key or format.

Raw SQL: the tracks that fit are found as in a search (`store.search.track_search`), then grouped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from store.database.db import read, rows
from store.search.filters import MOOD_FROM
from store.search.query import TrackQuery
from store.search.track_search import fitting_ids
from store.tables.analysis import GENRE_COUNTS

By = Literal["genre", "artist", "album", "year", "decade", "mood", "key", "format"]
GROUPINGS: Final[tuple[By, ...]] = get_args(By)

_GROUPS: Final[dict[By, tuple[str, str, str, str]]] = {
    "genre": (
        "genre.id",
        "genre.name",
        "NULL",
        "JOIN genretag ON genretag.track_id = track.id "
        f"AND ({GENRE_COUNTS}) "
        "JOIN genre ON genre.id = genretag.genre_id",
    ),
    "artist": ("artist.id", "artist.name", "NULL", "JOIN artist ON artist.id = track.artist_id"),
    "album": (
        "album.id",
        "album.title",
        "artist.name",
        "JOIN album ON album.id = track.album_id LEFT JOIN artist ON artist.id = album.artist_id",
    ),
    "year": ("track.year", "track.year", "NULL", ""),
    "decade": ("track.year / 10", "track.year / 10 * 10", "NULL", ""),
    "mood": (
        "moodtag.mood",
        "moodtag.mood",
        "NULL",
        f"JOIN moodtag ON moodtag.track_id = track.id AND moodtag.strength >= {MOOD_FROM}",
    ),
    "key": (
        "features.camelot_key",
        "features.camelot_key",
        "NULL",
        "JOIN trackaudiofeatures AS features ON features.track_id = track.id",
    ),
    "format": ("track.audio_format", "nullif(track.audio_format, '')", "NULL", ""),
}
"""What is counted by → (key of a group, its name, who it is of, tables)."""

_GROUPED: Final = """
WITH fit AS MATERIALIZED ({fit})
SELECT {key} AS id, {name} AS name, {of} AS of, count(*) AS tracks,
    sum(track.duration_s) AS duration_s, min(track.year) AS year_min, max(track.year) AS year_max
FROM fit JOIN track ON track.id = fit.id {tables}
WHERE {name} IS NOT NULL
GROUP BY {key}
ORDER BY tracks DESC, name"""
_TOTALS: Final = """
WITH fit AS MATERIALIZED ({fit})
SELECT count(*) AS tracks, coalesce(sum(track.duration_s), 0.0) AS duration_s
FROM fit JOIN track ON track.id = fit.id"""


@dataclass(frozen=True, slots=True)
class Group:
    """Tracks that have something in common.

    Attributes:
        id: Of the artist, album or genre; else the value itself.
        name: As the library writes it; a year, a Camelot key.
        of: Artist of an album.
        tracks: How many files.
        duration_s: Of all of them.
        year_min: The earliest year among them, where known.
        year_max: The latest.
    """

    id: int | str
    name: str
    of: str | None
    tracks: int
    duration_s: float
    year_min: int | None
    year_max: int | None


def totals(query: TrackQuery, ids: Sequence[int] | None = None) -> tuple[int, float]:
    """Return how many tracks fit `query`, and their length in seconds.

    Args:
        query: The filters; `like`, order and limit do not count.
        ids: Only these tracks, as for `track_search.search`.
    """
    sql, values = fitting_ids(query, ids)
    with read() as session:
        found = rows(session, _TOTALS.format(fit=sql), **values)[0]
    return int(found.tracks), float(found.duration_s)


def groups(query: TrackQuery, by: By, ids: Sequence[int] | None = None) -> tuple[Group, ...]:
    """Return the groups of the tracks that fit `query`, the largest first.

    A track counts in each of its genres and moods, as in a search for them; one without a value
    counts in no group.
    """
    key, name, of, tables = _GROUPS[by]
    fit, values = fitting_ids(query, ids)
    sql = _GROUPED.format(fit=fit, key=key, name=name, of=of, tables=tables)
    with read() as session:
        found: Sequence[Any] = rows(session, sql, **values)
    return tuple(
        Group(row.id, str(row.name), row.of, row.tracks, row.duration_s, row.year_min, row.year_max)
        for row in found
    )
