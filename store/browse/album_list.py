"""Albums as lists show them: all of them in an order, those of an artist, those added last.

Raw SQL: a page is found by its ids; what it shows of them is counted for them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlmodel import Session

from store.browse.catalogue_rows import album_rows
from store.browse.paging import LetterPlace, ListPage, letter_places
from store.database.db import read, rows

AlbumOrder = Literal["title", "artist", "year", "added"]

NEWEST_TRACKS: Final = 5000
"""Tracks added last among which the albums added last are looked for."""

_GONE: Final = """
SELECT gone.album_id FROM track AS gone WHERE gone.missing = 1 AND gone.album_id IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM track WHERE track.album_id = gone.album_id AND +track.missing = 0)"""
"""Albums of which no file is there any more: found from the few missing tracks."""
_ORDERS: Final[dict[AlbumOrder, str]] = {
    "title": "SELECT album.id FROM album WHERE {there} ORDER BY album.folded, album.id",
    "artist": "SELECT album.id FROM album LEFT JOIN artist ON artist.id = album.artist_id "
    "WHERE {there} ORDER BY artist.folded IS NULL, artist.folded, album.year, album.folded, "
    "album.id",
    "year": "SELECT album.id FROM album WHERE {there} "
    "ORDER BY album.year DESC, album.folded, album.id",
    "added": "SELECT newest.album_id AS id FROM (SELECT album_id, added_at FROM track "
    "WHERE missing = 0 ORDER BY added_at DESC LIMIT {newest}) AS newest "
    "WHERE newest.album_id IS NOT NULL GROUP BY newest.album_id "
    "ORDER BY max(newest.added_at) DESC, newest.album_id DESC",
}
_THERE: Final = f"album.id NOT IN ({_GONE})"
_BY_YEAR: Final = """
ORDER BY coalesce(first.year, album.year) IS NULL, coalesce(first.year, album.year) DESC,
    coalesce(first.folded, album.folded), coalesce(first.id, album.id), album.year, album.id"""
"""The newest first, the editions of an album behind the first one."""
_OWN: Final = f"""
SELECT album.id FROM album LEFT JOIN album AS first ON first.id = album.edition_of
WHERE album.artist_id = :artist AND {_THERE} {_BY_YEAR}"""
_GUEST: Final = f"""
SELECT album.id FROM track JOIN album ON album.id = track.album_id
LEFT JOIN album AS first ON first.id = album.edition_of
WHERE track.artist_id = :artist AND +track.missing = 0 AND album.artist_id IS NOT :artist
GROUP BY album.id {_BY_YEAR}"""
_EDITIONS: Final = f"""
SELECT album.id FROM album
JOIN album AS wanted ON wanted.id = :album AND coalesce(wanted.edition_of, wanted.id)
    IN (album.id, album.edition_of)
WHERE album.id != wanted.id AND {_THERE} ORDER BY album.year IS NULL, album.year, album.id"""


@dataclass(frozen=True, slots=True)
class AlbumEntry:
    """An album in a list.

    Attributes:
        tracks: Files that are there.
        duration_s: Of them.
        cover_id: A picture of one of its tracks.
        added_at: When its last track was added, in UTC as stored; None without a track.
        edition_of: The first edition of a later one.
    """

    id: int
    title: str
    artist_id: int | None
    artist: str | None
    year: int | None
    tracks: int
    duration_s: float
    cover_id: int | None
    added_at: str | None
    edition_of: int | None


def album_page(order: AlbumOrder, *, offset: int, limit: int) -> ListPage[AlbumEntry]:
    """Return `limit` albums from the place `offset` on; "added" holds those added last alone."""
    sql = _ORDERS[order].format(there=_THERE, newest=NEWEST_TRACKS)
    with read() as session:
        if order == "added":
            found = rows(session, sql)
            ids = [row.id for row in found]
            return ListPage(len(ids), _entries(session, ids[offset : offset + limit]))
        total = rows(session, f"SELECT count(*) AS albums FROM album WHERE {_THERE}")[0].albums
        paged = f"{sql} LIMIT :limit OFFSET :offset"
        ids = [row.id for row in rows(session, paged, limit=limit, offset=offset)]
        return ListPage(total, _entries(session, ids))


def album_letters(order: AlbumOrder) -> tuple[LetterPlace, ...]:
    """Return where each first letter begins, of titles or of artists; nothing in other orders."""
    if order not in ("title", "artist"):
        return ()
    of, join = "album.folded", ""
    if order == "artist":
        of, join = "artist.folded", "LEFT JOIN artist ON artist.id = album.artist_id"
    sql = (
        f"SELECT substr({of}, 1, 1) AS first, count(*) AS names FROM album {join} "
        f"WHERE {_THERE} GROUP BY 1 ORDER BY {of} IS NULL, 1"
    )
    with read() as session:
        return letter_places(rows(session, sql))


def album_entry(album_id: int) -> AlbumEntry | None:
    """Return an album; None if there is none of this id."""
    with read() as session:
        found = _entries(session, [album_id])
    return found[0] if found else None


def albums_of_artist(
    artist_id: int,
) -> tuple[tuple[AlbumEntry, ...], tuple[AlbumEntry, ...]]:
    """Return an artist's own albums, and those of others it plays on; the newest first."""
    with read() as session:
        own, guest = (
            _entries(session, [row.id for row in rows(session, sql, artist=artist_id)])
            for sql in (_OWN, _GUEST)
        )
    return own, guest


def editions(album_id: int) -> tuple[AlbumEntry, ...]:
    """Return the other editions of an album of which a file is there, the oldest first."""
    with read() as session:
        return _entries(session, [row.id for row in rows(session, _EDITIONS, album=album_id)])


def album_entries(ids: Sequence[int]) -> tuple[AlbumEntry, ...]:
    """Return the albums in the order of `ids`; unknown ones are left out."""
    with read() as session:
        return _entries(session, ids)


def _entries(session: Session, ids: Sequence[int]) -> tuple[AlbumEntry, ...]:
    return tuple(
        AlbumEntry(
            id=row.id,
            title=row.title,
            artist_id=row.artist_id,
            artist=row.artist,
            year=row.year,
            tracks=row.tracks,
            duration_s=row.duration_s,
            cover_id=row.cover_id,
            added_at=row.added_at,
            edition_of=row.edition_of,
        )
        for row in album_rows(session, ids)
    )
