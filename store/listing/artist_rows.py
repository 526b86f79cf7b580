"""Artists with what a player app shows of them.

Artists are listed by whom an album is, or a track without an album. Guests and the credits of
single tracks are not: they would bury the others.
Raw SQL: artists and the number of their albums in one statement.
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
from store.listing.song_rows import time_of


@dataclass(frozen=True, slots=True)
class ArtistRow:
    """An artist.

    Attributes:
        folded: The name without case, accents and leading article.
        albums: How many are theirs.
        liked_at: When the person liked them; None where not.
        rating: Stars 1..5 of the person.
    """

    id: int
    name: str
    folded: str
    musicbrainz_id: str | None
    albums: int
    liked_at: datetime | None
    rating: int | None


LISTED: Final = """
SELECT DISTINCT album.artist_id AS id FROM track JOIN album ON album.id = track.album_id
WHERE NOT track.missing AND album.artist_id IS NOT NULL
UNION SELECT artist_id FROM track
WHERE album_id IS NULL AND artist_id IS NOT NULL AND NOT missing"""
"""Ids of the artists that are listed."""

_ROWS: Final = """
SELECT artist.id, artist.name, artist.folded, artist.musicbrainz_id, mark.liked_at, mark.rating,
    (SELECT count(*) FROM album WHERE album.artist_id = artist.id AND EXISTS
        (SELECT 1 FROM track WHERE track.album_id = album.id AND NOT track.missing)) AS albums
FROM {artists} JOIN artist ON artist.id = wanted.id
LEFT JOIN artistmark AS mark ON mark.artist_id = artist.id AND mark.person_id = :person
ORDER BY {order}"""
_EVERY: Final = _ROWS.format(artists=f"({LISTED}) AS wanted", order="artist.folded, artist.id")
_SOME: Final = _ROWS.format(
    artists="(SELECT value AS id, key AS place FROM json_each(:ids)) AS wanted",
    order="wanted.place",
)
_COVER: Final = """
SELECT cover_id AS id FROM track WHERE cover_id IS NOT NULL AND NOT missing
AND (album_id IN (SELECT album.id FROM album WHERE album.artist_id = :artist)
    OR track.artist_id = :artist) ORDER BY year DESC, id LIMIT 1"""
_LAST_CHANGE: Final = "SELECT max(added_at) AS time FROM track WHERE missing = 0"


def listed_artists(*, person: int) -> tuple[ArtistRow, ...]:
    """Return the artists of the library by name."""
    with read() as session:
        return tuple(_artist(row) for row in rows(session, _EVERY, person=person))


def artists(ids: Sequence[int], *, person: int) -> tuple[ArtistRow, ...]:
    """Return artists in the order of `ids`."""
    with read() as session:
        return artists_of(session, ids, person=person)


def artists_of(session: Session, ids: Sequence[int], *, person: int) -> tuple[ArtistRow, ...]:
    """Return what `artists` does, within the caller's session."""
    found = rows(session, _SOME, ids=json.dumps(list(ids)), person=person)
    return tuple(map(_artist, found))


def artist_cover(artist_id: int) -> int | None:
    """Return the id of a picture of an artist's newest music."""
    with read() as session:
        found = rows(session, _COVER, artist=artist_id)
    return found[0].id if found else None


def last_change() -> datetime | None:
    """Return when the last track was added; None in an empty library."""
    with read() as session:
        return time_of(rows(session, _LAST_CHANGE)[0].time)


def _artist(row: Row[Any]) -> ArtistRow:
    values = dict(row._mapping)
    return ArtistRow(**{**values, "liked_at": time_of(values["liked_at"])})
