"""Whether something changed in a person's playlists: for pages that show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.stored_values import as_utc
from store.tables.playlists import Playlist, PlaylistEntry, PlaylistVersion
from store.tables.tracks import Track

PICTURED: Final = 4
"""Tracks whose covers stand for a playlist."""


def changes_mark(*, person: int) -> str:
    """Return a text that is another one after each change of a person's playlists."""
    version = PlaylistVersion
    newest = (
        select(
            func.max(col(version.id)).label("version"),
            func.max(col(version.created_at)).label("at"),
        )
        .join(Playlist, col(Playlist.id) == col(version.playlist_id))
        .where(col(Playlist.person_id) == person)
    )
    there = select(
        func.max(col(Playlist.id)).label("newest"),
        func.count().label("playlists"),
        func.max(col(Playlist.refreshed_at)).label("refreshed"),
    ).where(col(Playlist.person_id) == person, col(Playlist.deleted_at).is_(None))
    with read() as session:
        change, present = rows(session, newest)[0], rows(session, there)[0]
    return ":".join(str(value) for value in (*change, *present))


def last_change(playlist_id: int) -> str | None:
    """Return the kind of change that `undo_change` would take back; None without one."""
    version = PlaylistVersion
    kinds = select(col(version.kind)).where(col(version.playlist_id) == playlist_id)
    with read() as session:
        found = rows(session, kinds.order_by(col(version.id).desc()).limit(1))
    return found[0].kind if found else None


def changed_at(playlist_ids: Sequence[int]) -> dict[int, datetime]:
    """Return playlist → when it was changed last; those never changed are left out."""
    version = PlaylistVersion
    newest = select(col(version.playlist_id), func.max(col(version.created_at)).label("at"))
    of_playlists = newest.where(among(col(version.playlist_id), playlist_ids))
    with read() as session:
        found = rows(session, of_playlists.group_by(col(version.playlist_id)))
    return {row.playlist_id: as_utc(row.at) for row in found}


def first_tracks(playlist_ids: list[int]) -> dict[int, list[int]]:
    """Return playlist → its first `PICTURED` tracks whose files are there."""
    entry = PlaylistEntry
    place = func.row_number().over(
        partition_by=col(entry.playlist_id), order_by=col(entry.position)
    )
    ranked = (
        select(col(entry.playlist_id), col(entry.track_id), place.label("place"))
        .join(Track, col(Track.id) == col(entry.track_id))
        .where(among(col(entry.playlist_id), playlist_ids), col(Track.missing).is_(False))
        .subquery()
    )
    first = select(ranked.c.playlist_id, ranked.c.track_id).where(ranked.c.place <= PICTURED)
    tracks: dict[int, list[int]] = {}
    with read() as session:
        for row in rows(session, first.order_by(ranked.c.playlist_id, ranked.c.place)):
            tracks.setdefault(row.playlist_id, []).append(row.track_id)
    return tracks
