"""Saving, changing and deleting playlists. Every change keeps the version before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, delete, insert, literal, select, update
from sqlmodel import Session, col

from store.database.db import rows, write
from store.database.expressions import has_row
from store.folding import fold
from store.playlists.playlist_reading import (
    LEGACY_VERSIONS,
    NOT_DELETED,
    PLAYLISTS,
    detail,
    row_of,
)
from store.results import PlaylistDetail, StoreError
from store.stored_values import clean, now, plain
from store.tables.people import OWNER_ID
from store.tables.playlists import Playlist, PlaylistEntry, PlaylistVersion
from store.tables.tracks import Track

KEPT_VERSIONS: Final = 20
"""Changes of a playlist that can be undone."""
DELETED_KEPT: Final = timedelta(days=30)
"""A deleted playlist can be brought back for so long."""


class NameTakenError(StoreError):
    """Another playlist of the person has this name."""


class Entry(NamedTuple):
    """One entry of a playlist, in its order."""

    track_id: int
    reason: str
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed of a playlist; None leaves a part as it is.

    Attributes:
        kind: Name of the edit, told when it is undone.
        refreshed: Whether the tracks were chosen anew by the request.
    """

    kind: str
    entries: Sequence[Entry] | None = None
    name: str | None = None
    request: Mapping[str, object] | None = None
    refreshed: bool = False


def save_playlist(
    name: str,
    entries: Sequence[tuple[int, str]],
    request: Mapping[str, object],
    *,
    person: int = OWNER_ID,
) -> PlaylistDetail:
    """Save (track id, reason) in this order. A name the person has already becomes "name 2".

    Raises:
        StoreError: A track is not there.
    """
    with write() as session:
        title = free_name(session, clean(name) or "Playlist", person)
        time = now()
        new = insert(Playlist).values(
            name=title,
            folded=fold(title),
            request=plain(request),
            person_id=person,
            created_at=time,
            refreshed_at=time,
        )
        made = rows(session, new.returning(col(Playlist.id)))[0].id
        replace_entries(session, made, [Entry(*entry) for entry in entries])
        return detail(session, row_of(session, made))


def change_playlist(playlist_id: int, change: Change) -> PlaylistDetail:
    """Change a playlist in place. Entries whose files are missing stay in it.

    Raises:
        NameTakenError: The person has another playlist of this name.
        StoreError: The playlist or a track is not there.
    """
    with write() as session:
        row = _present(session, playlist_id)
        store_version(session, row, change.kind)
        values: dict[str, Any] = {}
        if change.name is not None:
            values |= _renamed(session, row, change.name)
        request = row.request if change.request is None else change.request
        values["request"] = plain({k: v for k, v in request.items() if k != LEGACY_VERSIONS})
        if change.refreshed:
            values["refreshed_at"] = now()
        rows(session, update(Playlist).where(col(Playlist.id) == playlist_id).values(values))
        if change.entries is not None:
            entries = list(change.entries)
            for position, hidden in _hidden_entries(session, playlist_id):
                entries.insert(min(position, len(entries)), hidden)
            replace_entries(session, playlist_id, entries)
        return detail(session, row_of(session, playlist_id))


def delete_playlist(playlist_id: int) -> bool:
    """Delete a playlist; return False when there is none of this id. It can be brought back.

    Playlists deleted longer ago than `DELETED_KEPT` are removed for good.
    """
    with write() as session:
        found = rows(session, PLAYLISTS.where(col(Playlist.id) == playlist_id, NOT_DELETED))
        if not found:
            return False
        time = now()
        rows(session, delete(Playlist).where(col(Playlist.deleted_at) < time - DELETED_KEPT))
        store_version(session, found[0], "delete")
        deleted = update(Playlist).where(col(Playlist.id) == playlist_id)
        rows(session, deleted.values(deleted_at=time))
        return True


def mark_refreshed(playlist_id: int) -> None:
    """Store that a playlist was looked at for new tracks and stays as it is."""
    changed = update(Playlist).where(col(Playlist.id) == playlist_id)
    with write() as session:
        rows(session, changed.values(refreshed_at=now()))


def store_version(session: Session, row: Row[Any], kind: str) -> None:
    """Store a playlist as it is before a change; the oldest versions are dropped."""
    version = PlaylistVersion
    entries = [[e.track_id, e.reason, e.locked] for e in _entries(session, row.id)]
    values = {
        "playlist_id": row.id,
        "kind": kind,
        "name": row.name,
        "request": {k: v for k, v in row.request.items() if k != LEGACY_VERSIONS},
        "entries": entries,
        "created_at": now(),
    }
    rows(session, insert(version).values(values))
    of_playlist = select(col(version.id)).where(col(version.playlist_id) == row.id)
    newest = of_playlist.order_by(col(version.id).desc()).limit(KEPT_VERSIONS)
    dropped = delete(version).where(col(version.playlist_id) == row.id)
    rows(session, dropped.where(col(version.id).not_in(newest)))


def replace_entries(session: Session, playlist_id: int, entries: Sequence[Entry]) -> None:
    """Store the entries of a playlist.

    Raises:
        StoreError: A track is not there.
    """
    rows(session, delete(PlaylistEntry).where(col(PlaylistEntry.playlist_id) == playlist_id))
    for position, entry in enumerate(entries):
        _add_entry(session, playlist_id, position, entry)


def free_name(session: Session, name: str, person: int) -> str:
    """Return `name`, or "name 2" and so on where the person has a playlist of that name."""
    candidate, number = name, 2
    while _is_taken(session, candidate, person):
        candidate, number = f"{name} {number}", number + 1
    return candidate


def _is_taken(session: Session, name: str, person: int, *, but: int | None = None) -> bool:
    taken = PLAYLISTS.where(
        col(Playlist.folded) == fold(name), col(Playlist.person_id) == person, NOT_DELETED
    )
    return has_row(session, taken if but is None else taken.where(col(Playlist.id) != but))


def _present(session: Session, playlist_id: int) -> Row[Any]:
    row = row_of(session, playlist_id)
    if row.deleted_at:
        raise StoreError(f"The playlist with the number {playlist_id} was deleted.")
    return row


def _renamed(session: Session, row: Row[Any], name: str) -> dict[str, str]:
    title = clean(name)
    if not title:
        raise StoreError("A playlist needs a name.")
    if _is_taken(session, title, row.person_id, but=row.id):
        raise NameTakenError(f"There is a playlist called {title!r} already.")
    return {"name": title, "folded": fold(title)}


def _entries(session: Session, playlist_id: int) -> Sequence[Row[Any]]:
    entry = PlaylistEntry
    every = select(
        col(entry.track_id), col(entry.reason), col(entry.locked), col(entry.position)
    ).where(col(entry.playlist_id) == playlist_id)
    return rows(session, every.order_by(col(entry.position)))


def _hidden_entries(session: Session, playlist_id: int) -> list[tuple[int, Entry]]:
    """Return (index, entry) of those whose files are missing."""
    missing = select(col(Track.id)).where(col(Track.missing))
    there = col(PlaylistEntry.playlist_id) == playlist_id
    entry = PlaylistEntry
    statement = select(col(entry.track_id)).where(there, col(entry.track_id).in_(missing))
    hidden = {row.track_id for row in rows(session, statement)}
    return [
        (index, Entry(row.track_id, row.reason, row.locked))
        for index, row in enumerate(_entries(session, playlist_id))
        if row.track_id in hidden
    ]


def _add_entry(session: Session, playlist_id: int, position: int, entry: Entry) -> None:
    track = select(
        literal(playlist_id),
        col(Track.id),
        literal(position),
        literal(clean(entry.reason) or ""),
        literal(entry.locked),
    ).where(col(Track.id) == entry.track_id)
    names = ["playlist_id", "track_id", "position", "reason", "locked"]
    new = insert(PlaylistEntry).from_select(names, track)
    if not rows(session, new.returning(col(PlaylistEntry.id))):
        raise StoreError(f"There is no track {entry.track_id} in the library.")
