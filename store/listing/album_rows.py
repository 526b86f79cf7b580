"""Albums with what a player app shows of them.

Raw SQL: the tracks of a page of albums are summed up in one statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows
from store.library.browsing import LAST_PLACE
from store.listing.song_rows import SongRow, songs_of, time_of


@dataclass(frozen=True, slots=True)
class AlbumRow:
    """An album of which at least one file is there.

    Attributes:
        songs: How many tracks; `duration_s` is their length.
        added_at: When the first of them was added.
        cover_id: Id of a picture of its tracks.
        genres: Main genres of its tracks, the most frequent first.
        liked_at: When the person liked it; None where not.
        rating: Stars 1..5 of the person.
        plays: How often the person played tracks of it; `played_at` when last.
    """

    id: int
    title: str
    artist_id: int | None
    artist: str | None
    year: int | None
    musicbrainz_id: str | None
    songs: int
    duration_s: float
    added_at: datetime
    cover_id: int | None
    liked_at: datetime | None
    rating: int | None
    plays: int
    played_at: datetime | None
    genres: tuple[str, ...] = ()


_ALBUMS: Final = """
WITH wanted AS MATERIALIZED (SELECT value AS id, key AS place FROM json_each(:ids)),
    held AS MATERIALIZED (SELECT album_id, count(*) AS songs, sum(duration_s) AS duration_s,
        min(added_at) AS added_at, min(cover_id) AS cover_id, max(year) AS year
        FROM wanted JOIN track ON album_id = wanted.id WHERE NOT missing GROUP BY album_id),
    played AS MATERIALIZED (SELECT album_id, count(*) AS plays, max(played_at) AS played_at
        FROM wanted CROSS JOIN track ON album_id = wanted.id
        CROSS JOIN play ON play.track_id = track.id AND play.person_id = :person
        WHERE completed GROUP BY album_id)
SELECT album.id, album.title, album.artist_id, artist.name AS artist,
    coalesce(album.year, held.year) AS year, album.musicbrainz_id, held.songs, held.duration_s,
    held.added_at, held.cover_id, mark.liked_at, mark.rating,
    coalesce(played.plays, 0) AS plays, played.played_at
FROM wanted JOIN album ON album.id = wanted.id JOIN held ON held.album_id = album.id
LEFT JOIN artist ON artist.id = album.artist_id
LEFT JOIN albummark AS mark ON mark.album_id = album.id AND mark.person_id = :person
LEFT JOIN played ON played.album_id = album.id
ORDER BY wanted.place"""
_GENRES: Final = """
SELECT album_id, genre.name FROM json_each(:ids) AS listed
JOIN track ON track.album_id = listed.value AND NOT missing
JOIN genretag ON genretag.track_id = track.id AND main
JOIN genre ON genre.id = genretag.genre_id
GROUP BY album_id, genre.id ORDER BY count(*) DESC, genre.name"""
_SONGS: Final = f"""
SELECT id FROM track WHERE album_id = :album AND NOT missing
ORDER BY coalesce(disc_no, {LAST_PLACE}), coalesce(track_no, {LAST_PLACE}), path"""
_OF_ARTIST: Final = """
SELECT id FROM album WHERE artist_id = :artist
OR id IN (SELECT album_id FROM track WHERE track.artist_id = :artist AND NOT missing)
ORDER BY year, folded, id"""
_COVER: Final = """
SELECT min(cover_id) AS id FROM track WHERE album_id = :album AND NOT missing"""


def albums(ids: Sequence[int], *, person: int) -> tuple[AlbumRow, ...]:
    """Return albums in the order of `ids`; those without any file are left out."""
    with read() as session:
        return albums_of(session, ids, person=person)


def albums_of(session: Session, ids: Sequence[int], *, person: int) -> tuple[AlbumRow, ...]:
    """Return what `albums` does, within the caller's session."""
    listed = json.dumps(list(ids))
    genres: dict[int, list[str]] = {}
    for row in rows(session, _GENRES, ids=listed):
        genres.setdefault(row.album_id, []).append(row.name)
    found = rows(session, _ALBUMS, ids=listed, person=person)
    return tuple(_album(row, tuple(genres.get(row.id, ()))) for row in found)


def album(album_id: int, *, person: int) -> tuple[AlbumRow, tuple[SongRow, ...]] | None:
    """Return an album with its songs in their order; None where it has no file."""
    with read() as session:
        found = albums_of(session, [album_id], person=person)
        ids = [row.id for row in rows(session, _SONGS, album=album_id)]
        return (found[0], songs_of(session, ids, person=person)) if found else None


def albums_of_artist(artist_id: int, *, person: int) -> tuple[AlbumRow, ...]:
    """Return the albums that are of an artist or hold a track by them, the oldest first."""
    with read() as session:
        ids = [row.id for row in rows(session, _OF_ARTIST, artist=artist_id)]
        return albums_of(session, ids, person=person)


def album_cover(album_id: int) -> int | None:
    """Return the id of the picture of an album."""
    with read() as session:
        return rows(session, _COVER, album=album_id)[0].id


def _album(row: Row[Any], genres: tuple[str, ...]) -> AlbumRow:
    values = dict(row._mapping)
    times = {name: time_of(values.pop(name)) for name in ("added_at", "liked_at", "played_at")}
    return AlbumRow(**values, **times, genres=genres)  # pyright: ignore[reportArgumentType]
