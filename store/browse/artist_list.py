"""Artists as lists show them: all of them by name, or one.

Raw SQL: a page is found by its ids; what it shows of them is counted for them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from store.browse.catalogue_rows import artist_rows
from store.browse.paging import LetterPlace, ListPage, letter_places
from store.database.db import read, rows

_GONE: Final = """
SELECT gone.id FROM (
    SELECT artist_id AS id FROM track WHERE missing = 1 AND artist_id IS NOT NULL
    UNION SELECT album.artist_id FROM track JOIN album ON album.id = track.album_id
        WHERE track.missing = 1 AND album.artist_id IS NOT NULL) AS gone
WHERE NOT EXISTS (SELECT 1 FROM track WHERE track.artist_id = gone.id AND +track.missing = 0)
AND NOT EXISTS (SELECT 1 FROM album JOIN track ON track.album_id = album.id
    WHERE album.artist_id = gone.id AND +track.missing = 0)"""
"""Artists of which no file is there any more: found from the few missing tracks."""
_THERE: Final = f"artist.id NOT IN ({_GONE})"
_PAGE: Final = f"""
SELECT artist.id FROM artist WHERE {_THERE}
ORDER BY artist.folded, artist.id LIMIT :limit OFFSET :offset"""


@dataclass(frozen=True, slots=True)
class ArtistEntry:
    """An artist in a list.

    Attributes:
        tracks: Files by this artist.
        albums: Albums of this artist.
        cover_id: A picture of one of the tracks.
    """

    id: int
    name: str
    tracks: int
    albums: int
    cover_id: int | None


def artist_page(*, offset: int, limit: int) -> ListPage[ArtistEntry]:
    """Return `limit` artists by name from the place `offset` on."""
    with read() as session:
        total = rows(session, f"SELECT count(*) AS artists FROM artist WHERE {_THERE}")[0].artists
        ids = [row.id for row in rows(session, _PAGE, limit=limit, offset=offset)]
        return ListPage(total, _entries(session, ids))


def artist_letters() -> tuple[LetterPlace, ...]:
    """Return where each first letter of the names begins."""
    sql = (
        "SELECT substr(folded, 1, 1) AS first, count(*) AS names FROM artist "
        f"WHERE {_THERE} GROUP BY 1 ORDER BY 1"
    )
    with read() as session:
        return letter_places(rows(session, sql))


def artist_entry(artist_id: int) -> ArtistEntry | None:
    """Return an artist; None if there is none of this id."""
    with read() as session:
        found = _entries(session, [artist_id])
    return found[0] if found else None


def artist_entries(ids: Sequence[int]) -> tuple[ArtistEntry, ...]:
    """Return the artists in the order of `ids`; unknown ones are left out."""
    with read() as session:
        return _entries(session, ids)


def _entries(session: Session, ids: Sequence[int]) -> tuple[ArtistEntry, ...]:
    return tuple(
        ArtistEntry(
            id=row.id,
            name=row.name,
            tracks=row.tracks,
            albums=row.own_albums,
            cover_id=row.cover_id,
        )
        for row in artist_rows(session, ids)
    )
