"""What people played, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import has_track
from store.people.preferences import counts_plays
from store.results import StoreError
from store.stored_values import as_utc, clean, now
from store.tables.listening import Play
from store.tables.tracks import Track

PAGE: Final = "page"
"""Source of what the page's own player counts."""
SEARCH_S: Final = 3.0
"""Seconds; who leaves a track sooner is looking for another one."""
FULL_SHARE: Final = 0.5
"""Share of a track from which on it counts as played, not as skipped."""
LONGEST_SOURCE: Final = 100
"""Characters of the name of a player."""


def store_play(
    person_id: int,
    track_id: int,
    *,
    source: str,
    played_at: datetime | None = None,
    completed: bool = True,
) -> None:
    """Store that a person played a track; the same one at the same time is stored once.

    Args:
        person_id: Who.
        track_id: What.
        source: The player that reports it, or "page".
        played_at: When it began, with its time zone; now where that is not told. A time to come
            counts as now.
        completed: Whether most of it was heard.

    Raises:
        StoreError: The track is not there.
    """
    with write() as session:
        _store(session, person_id, track_id, source, played_at, completed=completed)


def store_plays(
    person_id: int, played: Iterable[tuple[int, datetime | None]], *, source: str
) -> None:
    """Store what `store_play` does for many (track id, time), all of them or none.

    Raises:
        StoreError: A track is not there.
    """
    with write() as session:
        for track_id, played_at in played:
            _store(session, person_id, track_id, source, played_at, completed=True)


def _store(
    session: Session, person_id: int, track_id: int, source: str, played_at: datetime | None,
    *, completed: bool,
) -> None:  # fmt: skip
    if not has_track(session, track_id):
        raise StoreError(f"There is no track {track_id} in the library.")
    time = min(played_at or now(), now())
    same = (
        col(Play.person_id) == person_id,
        col(Play.track_id) == track_id,
        col(Play.played_at) == time,
    )
    rows(session, delete(Play).where(*same))  # a player sends again what got no answer
    values = {
        "person_id": person_id,
        "track_id": track_id,
        "played_at": time,
        "source": (clean(source) or "player")[:LONGEST_SOURCE],
        "completed": completed,
    }
    rows(session, insert(Play).values(values))


def count_play(session: Session, person_id: int, track_id: int, heard_s: float | None) -> None:
    """Store that the page's player left a track, as a full play or as skipped.

    Args:
        session: The caller's transaction.
        person_id: Who; nothing is stored of a person who has turned that off.
        track_id: What.
        heard_s: How far it came; None for its end. Less than a few seconds is a search.
    """
    if not counts_plays(session, person_id):
        return
    found = rows(session, select(col(Track.duration_s)).where(col(Track.id) == track_id))
    if not found or (heard_s is not None and heard_s < SEARCH_S):
        return
    full = heard_s is None or heard_s >= FULL_SHARE * found[0].duration_s
    _store(session, person_id, track_id, PAGE, None, completed=full)


def forget_plays(person_id: int, track_id: int | None = None) -> int:
    """Forget when a person played a track, or all tracks; return how many plays."""
    gone = delete(Play).where(col(Play.person_id) == person_id)
    if track_id is not None:
        gone = gone.where(col(Play.track_id) == track_id)
    with write() as session:
        return len(rows(session, gone.returning(col(Play.id))))


def plays_of(person_id: int, *, limit: int = 100) -> tuple[tuple[int, datetime, str], ...]:
    """Return (track id, time, source) of what a person played last, the newest first."""
    played = select(col(Play.track_id), col(Play.played_at), col(Play.source))
    of_person = played.where(col(Play.person_id) == person_id)
    with read() as session:
        found = rows(session, of_person.order_by(col(Play.played_at).desc()).limit(limit))
    return tuple((row.track_id, as_utc(row.played_at), row.source) for row in found)
