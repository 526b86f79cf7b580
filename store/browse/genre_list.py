"""Genres with their tracks and some of their pictures.

Raw SQL: a count over an index that holds all it asks for (`ix_genretag_counted`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store.database.db import read, rows
from store.tables.analysis import GENRE_COUNTS

LOOKED_AT: Final = 200
"""Tracks of a genre among which its pictures are looked for."""
PICTURES: Final = 4

_GONE: Final = "SELECT id FROM track WHERE missing = 1"
_COUNTED: Final = f"""
SELECT genre.id, genre.name, count(*) AS tracks FROM genretag
JOIN genre ON genre.id = genretag.genre_id
WHERE ({GENRE_COUNTS}) AND genretag.track_id NOT IN ({_GONE})
GROUP BY genre.id ORDER BY tracks DESC, genre.name"""
_PICTURES: Final = f"""
SELECT DISTINCT cover_id FROM (
    SELECT track.cover_id FROM genretag JOIN track ON track.id = genretag.track_id
    WHERE genretag.genre_id = :genre AND ({GENRE_COUNTS}) LIMIT {LOOKED_AT})
WHERE cover_id IS NOT NULL LIMIT {PICTURES}"""


@dataclass(frozen=True, slots=True)
class GenreEntry:
    """A genre: how many tracks count in it, and up to four pictures of them."""

    id: int
    name: str
    tracks: int
    cover_ids: tuple[int, ...]


def genre_list() -> tuple[GenreEntry, ...]:
    """Return the genres of the library, the largest first."""
    with read() as session:
        return tuple(
            GenreEntry(
                row.id,
                row.name,
                row.tracks,
                tuple(one.cover_id for one in rows(session, _PICTURES, genre=row.id)),
            )
            for row in rows(session, _COUNTED)
        )
