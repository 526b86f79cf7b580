"""Saved playlists by id, by name and by person."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, Select, and_, func, select
from sqlmodel import Session, col

from store.database.db import read, rows
from store.folding import fold
from store.results import PlaylistDetail, PlaylistEntryRow, PlaylistSummary, StoreError
from store.stored_values import as_utc, clean
from store.tables.people import OWNER_ID
from store.tables.playlists import Playlist, PlaylistEntry, PlaylistVersion
from store.tables.tracks import Track
from store.tracks.track_details import rows_of

LAST: Final = ("last", "latest", "derniere", "dernier")
"""Words, folded, for the playlist made last."""
LEGACY_VERSIONS: Final = "before"
"""Key of the request under which earlier versions of Backbeat stored entries; not an argument."""

PLAYLISTS: Final = select(
    col(Playlist.id),
    col(Playlist.name),
    col(Playlist.request),
    col(Playlist.person_id),
    col(Playlist.deleted_at),
    col(Playlist.refreshed_at),
    col(Playlist.created_at),
)
NOT_DELETED: Final = col(Playlist.deleted_at).is_(None)
_SHOWN: Final = col(Track.missing).is_(False)


def playlist(playlist_id: int, *, deleted: bool = False) -> PlaylistDetail | None:
    """Return a playlist; a deleted one only where `deleted` allows it."""
    with read() as session:
        found = rows(session, PLAYLISTS.where(col(Playlist.id) == playlist_id))
        if not found or (found[0].deleted_at and not deleted):
            return None
        return detail(session, found[0])


def playlist_named(name: str, *, person: int = OWNER_ID) -> PlaylistDetail | None:
    """Return a person's playlist by its name, without case and accents."""
    return _first(_named(name, person).where(NOT_DELETED).order_by(col(Playlist.id).desc()))


def deleted_playlist(name: str, *, person: int = OWNER_ID) -> PlaylistDetail | None:
    """Return the playlist of this name that a person deleted last."""
    deleted = _named(name, person).where(col(Playlist.deleted_at).is_not(None))
    return _first(deleted.order_by(col(Playlist.deleted_at).desc()))


def newest_playlist(*, person: int = OWNER_ID) -> PlaylistDetail | None:
    """Return the playlist that a person made last."""
    of_person = PLAYLISTS.where(col(Playlist.person_id) == person, NOT_DELETED)
    return _first(of_person.order_by(col(Playlist.id).desc()))


def playlist_asked(name: str, *, person: int = OWNER_ID) -> PlaylistDetail | None:
    """Return a person's playlist by its name, or the newest one for "last"."""
    folded = fold(clean(name) or "")
    found = None if folded == LAST[0] else playlist_named(name, person=person)
    return found or (newest_playlist(person=person) if folded in LAST else None)


def last_changed(*, person: int = OWNER_ID) -> PlaylistDetail | None:
    """Return the playlist that a person changed last, also one deleted; None without a change."""
    changed = PLAYLISTS.join(PlaylistVersion, col(PlaylistVersion.playlist_id) == col(Playlist.id))
    of_person = changed.where(col(Playlist.person_id) == person)
    return _first(of_person.order_by(col(PlaylistVersion.id).desc()))


def playlists(*, person: int = OWNER_ID) -> tuple[PlaylistSummary, ...]:
    """Return a person's playlists, the newest first."""
    with read() as session:
        found = rows(session, _SUMMARIES.where(col(Playlist.person_id) == person))
    return tuple(
        PlaylistSummary(row.id, row.name, row.tracks, row.duration_s, as_utc(row.created_at))
        for row in found
    )


def row_of(session: Session, playlist_id: int) -> Row[Any]:
    """Return the row of a playlist, also of a deleted one.

    Raises:
        StoreError: There is no such playlist.
    """
    found = rows(session, PLAYLISTS.where(col(Playlist.id) == playlist_id))
    if not found:
        raise StoreError(f"There is no playlist with the number {playlist_id}.")
    return found[0]


def detail(session: Session, row: Row[Any]) -> PlaylistDetail:
    """Return the playlist of a row of `PLAYLISTS`, without the tracks whose files are missing."""
    entries = rows(session, _SHOWN_ENTRIES.where(col(PlaylistEntry.playlist_id) == row.id))
    tracks = {shown.id: shown for shown in rows_of(session, [e.track_id for e in entries])}
    return PlaylistDetail(
        id=row.id,
        name=row.name,
        entries=tuple(
            PlaylistEntryRow(entry.position, tracks[entry.track_id], entry.reason, entry.locked)
            for entry in entries
        ),
        duration_s=sum(tracks[entry.track_id].duration_s for entry in entries),
        request={name: v for name, v in row.request.items() if name != LEGACY_VERSIONS},
        person=row.person_id,
        deleted=row.deleted_at is not None,
    )


def hidden_entries(playlist_id: int) -> int:
    """Return how many entries of a playlist are not shown, as their files were deleted."""
    missing = select(col(Track.id)).where(col(Track.missing))
    of_playlist = select(func.count().label("entries")).where(
        col(PlaylistEntry.playlist_id) == playlist_id, col(PlaylistEntry.track_id).in_(missing)
    )
    with read() as session:
        return int(rows(session, of_playlist)[0].entries)


_SUMMARIES: Final = (
    select(
        col(Playlist.id),
        col(Playlist.name),
        col(Playlist.created_at),
        func.count(col(Track.id)).label("tracks"),
        func.coalesce(func.sum(col(Track.duration_s)), 0.0).label("duration_s"),
    )
    .select_from(Playlist)
    .outerjoin(PlaylistEntry, col(PlaylistEntry.playlist_id) == col(Playlist.id))
    .outerjoin(Track, and_(col(Track.id) == col(PlaylistEntry.track_id), _SHOWN))
    .where(NOT_DELETED)
    .group_by(col(Playlist.id))
    .order_by(col(Playlist.id).desc())
)
_SHOWN_ENTRIES: Final = (
    select(
        col(PlaylistEntry.track_id),
        col(PlaylistEntry.position),
        col(PlaylistEntry.reason),
        col(PlaylistEntry.locked),
    )
    .join(Track, col(Track.id) == col(PlaylistEntry.track_id))
    .where(_SHOWN)
    .order_by(col(PlaylistEntry.position))
)


def _named(name: str, person: int) -> Select:
    folded = fold(clean(name) or "")
    return PLAYLISTS.where(col(Playlist.folded) == folded, col(Playlist.person_id) == person)


def _first(statement: Select) -> PlaylistDetail | None:
    with read() as session:
        found = rows(session, statement.limit(1))
        return detail(session, found[0]) if found else None
