"""What people think of tracks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import has_row, has_track
from store.results import StoreError
from store.stored_values import now
from store.tables.people import Person, TrackLike

Like = Literal[1, -1]
LIKED: Final[Like] = 1
DISLIKED: Final[Like] = -1


def set_like(person_id: int, track_id: int, value: Like) -> int:
    """Note that a person likes (1) or dislikes (-1) a track; return the value before, or 0.

    Raises:
        StoreError: The person or the track is not there.
    """
    with write() as session:
        if not has_track(session, track_id):
            raise StoreError(f"There is no track {track_id} in the library.")
        if not has_row(session, select(col(Person.id)).where(col(Person.id) == person_id)):
            raise StoreError(f"There is no person with the number {person_id}.")
        before = rows(session, _LIKES.where(_of(person_id, track_id)))
        new = insert(TrackLike).values(
            person_id=person_id, track_id=track_id, value=value, created_at=now()
        )
        changed = {"value": value, "created_at": now()}
        keys = [col(TrackLike.person_id), col(TrackLike.track_id)]
        rows(session, new.on_conflict_do_update(index_elements=keys, set_=changed))
        return before[0].value if before else 0


def clear_like(person_id: int, track_id: int) -> int:
    """Forget what a person thinks of a track; return the value before, or 0."""
    with write() as session:
        gone = delete(TrackLike).where(_of(person_id, track_id))
        before = rows(session, gone.returning(col(TrackLike.value)))
        return before[0].value if before else 0


def likes_of(person_id: int) -> Mapping[int, int]:
    """Return track id → 1 (liked) or -1 (disliked), the newest first."""
    with read() as session:
        newest = _LIKES.order_by(col(TrackLike.created_at).desc(), col(TrackLike.track_id))
        found = rows(session, newest.where(col(TrackLike.person_id) == person_id))
        return {row.track_id: row.value for row in found}


_LIKES: Final = select(col(TrackLike.track_id), col(TrackLike.value))


def _of(person_id: int, track_id: int) -> ColumnElement[bool]:
    return and_(col(TrackLike.person_id) == person_id, col(TrackLike.track_id) == track_id)
