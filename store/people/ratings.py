"""Stars that people give tracks, and what they think of albums and artists."""

from __future__ import annotations

from typing import Any, Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import has_row, has_track
from store.results import StoreError
from store.stored_values import now
from store.tables.listening import AlbumMark, ArtistMark, TrackRating
from store.tables.tracks import Album, Artist

Kind = Literal["album", "artist"]
MOST_STARS: Final = 5

_MARKS: Final[dict[Kind, tuple[Any, Any, str]]] = {
    "album": (AlbumMark, Album, "album_id"),
    "artist": (ArtistMark, Artist, "artist_id"),
}


def rate_track(person_id: int, track_id: int, stars: int) -> None:
    """Give a track 1..5 stars; 0 takes them back.

    Raises:
        StoreError: The track is not there, or there are no so many stars.
    """
    _check(stars)
    with write() as session:
        if not has_track(session, track_id):
            raise StoreError(f"There is no track {track_id} in the library.")
        before = (
            col(TrackRating.person_id) == person_id,
            col(TrackRating.track_id) == track_id,
        )
        rows(session, delete(TrackRating).where(*before))
        if stars:
            values = {"person_id": person_id, "track_id": track_id, "value": stars}
            rows(session, insert(TrackRating).values(**values, created_at=now()))


def stars_of(person_id: int, track_id: int) -> int:
    """Return the stars that a person gave a track; 0 for none."""
    statement = select(col(TrackRating.value)).where(
        col(TrackRating.person_id) == person_id, col(TrackRating.track_id) == track_id
    )
    with read() as session:
        found = rows(session, statement)
    return found[0].value if found else 0


def rate(person_id: int, kind: Kind, number: int, stars: int) -> None:
    """Give an album or artist 1..5 stars; 0 takes them back.

    Raises:
        StoreError: It is not there, or there are no so many stars.
    """
    _check(stars)
    _mark(person_id, kind, number, rating=stars or None)


def like(person_id: int, kind: Kind, number: int, *, liked: bool = True) -> None:
    """Like an album or artist, or take that back.

    Raises:
        StoreError: It is not there.
    """
    _mark(person_id, kind, number, liked_at=now() if liked else None)


def _check(stars: int) -> None:
    if not 0 <= stars <= MOST_STARS:
        raise StoreError(f"Expected 0 to {MOST_STARS} stars, not {stars}.")


def _mark(person_id: int, kind: Kind, number: int, **values: object) -> None:
    table, owner, column = _MARKS[kind]
    with write() as session:
        if not _there(session, owner, number):
            raise StoreError(f"There is no {kind} {number} in the library.")
        new = insert(table).values(person_id=person_id, **{column: number}, **values)
        keys = ["person_id", column]
        rows(session, new.on_conflict_do_update(index_elements=keys, set_=values))


def _there(session: Session, owner: Any, number: int) -> bool:
    return has_row(session, select(col(owner.id)).where(col(owner.id) == number))
