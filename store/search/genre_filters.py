"""Filters of genres: a genre of the taxonomy where it counts for a track, or a tag of the files.

A genre counts where it is the main one or has at least half of its votes
(`store.tables.analysis.COUNTED_SHARE`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from store.database.db import rows
from store.search.filter_parts import Filter, listed, none_of
from store.search.query import ResolvedQuery, TrackQuery
from store.tables.analysis import COUNTED_SHARE, GENRE_COUNTS

_TABLE: Final = "genretag AS {name} INDEXED BY ix_genretag_counted"
_ONE: Final = (
    "{name}.genre_id = (SELECT id FROM genre WHERE name = :{name}) "
    f"AND ({{name}}.main OR {{name}}.weight >= {COUNTED_SHARE})"
)
_FIT: Final = "({name}.main + {name}.weight) / 2.0"
"""Any main genre before any other."""
_COUNTED: Final = f"""
SELECT genretag.track_id, {_FIT.format(name="genretag")} AS fit
FROM genre JOIN genretag INDEXED BY ix_genretag_counted ON genretag.genre_id = genre.id
WHERE genre.name IN (SELECT value FROM json_each(:genres)) AND ({GENRE_COUNTS})"""
_TAGGED: Final = """
SELECT track_id{fit} FROM trackmetadata INDEXED BY ix_trackmetadata_genre
WHERE key = 'genre' AND value IN (SELECT value FROM json_each(:{name}))"""


def genre_filters(query: TrackQuery) -> list[Filter]:
    """Return the filters of the genres that are wanted and of those that are not."""
    tags, unwanted_tags = _tags(query)
    found = []
    genres = sorted(set(query.genres))
    if len(genres) == 1 and not tags:
        found.append(
            Filter(
                "genres",
                _ONE.format(name="genre_one"),
                {"genre_one": genres[0]},
                _FIT.format(name="genre_one"),
                (("genre_one", _TABLE.format(name="genre_one")),),
            )
        )
    elif genres or tags:
        found.append(_any_of(genres, tags))
    if query.exclude_genres:
        found.append(none_of("exclude_genres", query.exclude_genres, _TABLE, _ONE))
    if unwanted_tags:
        ids = _TAGGED.format(fit="", name="exclude_tags")
        values: dict[str, object] = {"exclude_tags": listed(unwanted_tags)}
        absent = f"track.id NOT IN ({ids})"
        found.append(Filter("exclude_genres", absent, values, left_out=(f"SELECT * FROM ({ids})",)))
    return found


def _tags(query: TrackQuery) -> tuple[Sequence[str], Sequence[str]]:
    if isinstance(query, ResolvedQuery):
        return query.genre_tags, query.exclude_genre_tags
    return (), ()


def _any_of(genres: Sequence[str], tags: Sequence[str]) -> Filter:
    parts = []
    values: dict[str, object] = {}
    if genres:
        parts.append(_COUNTED)
        values["genres"] = listed(genres)
    if tags:
        parts.append(_TAGGED.format(fit=", 1.0 AS fit", name="tags_wanted"))
        values["tags_wanted"] = listed(tags)
    every = " UNION ALL ".join(parts)
    table = f"(SELECT track_id, max(fit) AS fit FROM ({every}) GROUP BY track_id) AS genre_any"
    return Filter("genres", "", values, "genre_any.fit", (("genre_any", table),))


_WHY: Final = f"""
SELECT track_id, name FROM genretag JOIN genre ON genre.id = genre_id
WHERE track_id IN (SELECT value FROM json_each(:ids))
    AND name IN (SELECT value FROM json_each(:genres)) AND ({GENRE_COUNTS})
ORDER BY main DESC, weight DESC, name"""
_WHY_TAGGED: Final = """
SELECT track_id, value AS name FROM trackmetadata
WHERE track_id IN (SELECT value FROM json_each(:ids)) AND key = 'genre'
    AND value IN (SELECT value FROM json_each(:tags_wanted)) ORDER BY id"""


def matching_genres(
    session: Session, query: TrackQuery, ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """Return track → the genres or tags for which it fits the genres of `query`."""
    found: dict[int, tuple[str, ...]] = {}
    tags, _ = _tags(query)
    if not ids:
        return found
    shown = list(rows(session, _WHY, ids=listed(ids), genres=listed(query.genres)))
    if tags:
        shown += rows(session, _WHY_TAGGED, ids=listed(ids), tags_wanted=listed(tags))
    for row in shown:
        found[row.track_id] = (*found.get(row.track_id, ()), row.name)
    return found
