"""When playlists that renew themselves are due, and when tracks were added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from store.database.db import read, rows
from store.database.expressions import among
from store.playlists.playlist_reading import NOT_DELETED, PLAYLISTS
from store.stored_values import as_utc, now
from store.tables.people import OWNER_ID
from store.tables.playlists import Playlist
from store.tables.tracks import Track

Refresh = Literal["never", "daily", "weekly", "on_new"]
REFRESH: Final = "refresh"
"""Key of a stored request: how often the playlist renews itself."""


def is_due(playlist_id: int, *, at: datetime | None = None) -> bool:
    """Return whether a playlist is to be filled anew: on a new day, in a new week, on new tracks.

    Args:
        playlist_id: The playlist.
        at: The time to compare with; now without it. Days and weeks are those of this machine.
    """
    with read() as session:
        found = rows(session, PLAYLISTS.where(col(Playlist.id) == playlist_id, NOT_DELETED))
        return bool(found) and _due(session, found[0], at or now())


def due_playlists(*, person: int = OWNER_ID, at: datetime | None = None) -> tuple[int, ...]:
    """Return the ids of a person's playlists that are to be filled anew."""
    with read() as session:
        found = rows(session, PLAYLISTS.where(col(Playlist.person_id) == person, NOT_DELETED))
        return tuple(row.id for row in found if _due(session, row, at or now()))


def added_times(track_ids: Sequence[int]) -> dict[int, datetime]:
    """Return track → when it was added."""
    statement = select(col(Track.id), col(Track.added_at))
    with read() as session:
        found = rows(session, statement.where(among(col(Track.id), track_ids)))
    return {row.id: as_utc(row.added_at) for row in found}


def _due(session: Session, row: Row[Any], at: datetime) -> bool:
    refresh = row.request.get(REFRESH)
    if refresh not in get_args(Refresh) or refresh == "never":
        return False
    chosen = as_utc(row.refreshed_at or row.created_at)
    if refresh == "on_new":
        newest = rows(session, select(func.max(col(Track.added_at)).label("at")))[0].at
        return newest is not None and as_utc(newest) > chosen
    then, today = chosen.astimezone(), at.astimezone()
    if refresh == "daily":
        return today.date() > then.date()
    return today.isocalendar()[:2] > then.isocalendar()[:2]
