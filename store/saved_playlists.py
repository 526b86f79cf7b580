"""Saved playlists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, and_, delete, func, insert, literal, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import among, has_row
from store.folding import fold
from store.results import PlaylistDetail, PlaylistEntryRow, PlaylistSummary, StoreError
from store.stored_values import as_utc, clean, now, plain
from store.tables.playlists import Playlist, PlaylistEntry
from store.tables.tracks import Track
from store.tracks.track_details import rows_of

LAST: Final = ("last", "latest", "derniere", "dernier")
"""Words, folded, for the playlist made last."""
BEFORE: Final = "before"
"""Key of the earlier entries in the stored request of a playlist, beside its filters."""
KEPT_VERSIONS: Final = 20
"""Changes that can be undone."""


def save_playlist(
    name: str, entries: Sequence[tuple[int, str]], request: Mapping[str, object]
) -> PlaylistDetail:
    """Save (track id, reason) in this order. A name already used becomes "name 2".

    Raises:
        StoreError: A track is not there.
    """
    with write() as session:
        title = _free_name(session, clean(name) or "Playlist")
        new = insert(Playlist).values(
            name=title, folded=fold(title), request=plain(request), created_at=now()
        )
        made = rows(session, new.returning(col(Playlist.id)))
        _add_entries(session, made[0].id, entries)
        return _detail(session, _row(session, made[0].id))


def change_playlist(playlist_id: int, entries: Sequence[tuple[int, str]]) -> PlaylistDetail:
    """Replace the (track id, reason) of a playlist; `restore_playlist` undoes that.

    Raises:
        StoreError: The playlist or a track is not there.
    """
    with write() as session:
        row = _row(session, playlist_id)
        request = dict(row.request)
        entry = PlaylistEntry
        every = select(col(entry.track_id), col(entry.reason)).order_by(col(entry.position))
        stored = rows(session, every.where(col(entry.playlist_id) == playlist_id))
        version = [[row.track_id, row.reason] for row in stored]
        request[BEFORE] = [*request.get(BEFORE, ()), version][-KEPT_VERSIONS:]
        _replace(session, playlist_id, entries, request)
        return _detail(session, _row(session, playlist_id))


def restore_playlist(playlist_id: int) -> PlaylistDetail | None:
    """Undo the last `change_playlist`; return None when there is none to undo.

    Tracks that left the library meanwhile are left out.

    Raises:
        StoreError: The playlist is not there.
    """
    with write() as session:
        request = dict(_row(session, playlist_id).request)
        versions = request.pop(BEFORE, [])
        if not versions:
            return None
        if versions[:-1]:
            request[BEFORE] = versions[:-1]
        wanted = among(col(Track.id), [track_id for track_id, _ in versions[-1]])
        stored = {row.id for row in rows(session, select(col(Track.id)).where(wanted))}
        entries = [(track_id, reason) for track_id, reason in versions[-1] if track_id in stored]
        _replace(session, playlist_id, entries, request)
        return _detail(session, _row(session, playlist_id))


def playlist(name: str | int) -> PlaylistDetail | None:
    """Return a playlist by id, by name (without case and accents), or "last"."""
    with read() as session:
        if isinstance(name, int):
            found = rows(session, _PLAYLISTS.where(col(Playlist.id) == name))
        else:
            folded = fold(clean(name) or "")
            newest = _PLAYLISTS.order_by(col(Playlist.id).desc())
            found = rows(session, newest.where(col(Playlist.folded) == folded))
            if not found and folded in LAST:
                found = rows(session, newest.limit(1))
        return _detail(session, found[0]) if found else None


def playlists() -> tuple[PlaylistSummary, ...]:
    """Return all playlists, the newest first."""
    with read() as session:
        found = rows(session, _SUMMARIES)
    return tuple(
        PlaylistSummary(row.id, row.name, row.tracks, row.duration_s, as_utc(row.created_at))
        for row in found
    )


def delete_playlist(playlist_id: int) -> bool:
    """Delete a playlist; return False when there is none of this id."""
    with write() as session:
        gone = delete(Playlist).where(col(Playlist.id) == playlist_id)
        return bool(rows(session, gone.returning(col(Playlist.id))))


_PLAYLISTS: Final = select(col(Playlist.id), col(Playlist.name), col(Playlist.request))
_SHOWN: Final = col(Track.missing).is_(False)
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
    .group_by(col(Playlist.id))
    .order_by(col(Playlist.id).desc())
)
_SHOWN_ENTRIES: Final = (
    select(col(PlaylistEntry.track_id), col(PlaylistEntry.position), col(PlaylistEntry.reason))
    .join(Track, col(Track.id) == col(PlaylistEntry.track_id))
    .where(_SHOWN)
    .order_by(col(PlaylistEntry.position))
)


def _free_name(session: Session, name: str) -> str:
    candidate, number = name, 2
    while has_row(session, _PLAYLISTS.where(col(Playlist.folded) == fold(candidate))):
        candidate, number = f"{name} {number}", number + 1
    return candidate


def _row(session: Session, playlist_id: int) -> Row[Any]:
    found = rows(session, _PLAYLISTS.where(col(Playlist.id) == playlist_id))
    if not found:
        raise StoreError(f"There is no playlist with the number {playlist_id}.")
    return found[0]


def _replace(
    session: Session,
    playlist_id: int,
    entries: Sequence[tuple[int, str]],
    request: Mapping[str, object],
) -> None:
    rows(session, delete(PlaylistEntry).where(col(PlaylistEntry.playlist_id) == playlist_id))
    changed = update(Playlist).where(col(Playlist.id) == playlist_id)
    rows(session, changed.values(request=plain(request)))
    _add_entries(session, playlist_id, entries)


def _add_entries(session: Session, playlist_id: int, entries: Sequence[tuple[int, str]]) -> None:
    for position, (track_id, reason) in enumerate(entries):
        _add_entry(session, playlist_id, position, track_id, reason)


def _add_entry(
    session: Session, playlist_id: int, position: int, track_id: int, reason: str
) -> None:
    track = select(
        literal(playlist_id), col(Track.id), literal(position), literal(clean(reason) or "")
    ).where(col(Track.id) == track_id)
    names = ["playlist_id", "track_id", "position", "reason"]
    new = insert(PlaylistEntry).from_select(names, track)
    if not rows(session, new.returning(col(PlaylistEntry.id))):
        raise StoreError(f"There is no track {track_id} in the library.")


def _detail(session: Session, row: Row[Any]) -> PlaylistDetail:
    of_playlist = col(PlaylistEntry.playlist_id) == row.id
    entries = rows(session, _SHOWN_ENTRIES.where(of_playlist))
    tracks = {shown.id: shown for shown in rows_of(session, [e.track_id for e in entries])}
    return PlaylistDetail(
        id=row.id,
        name=row.name,
        entries=tuple(
            PlaylistEntryRow(entry.position, tracks[entry.track_id], entry.reason)
            for entry in entries
        ),
        duration_s=sum(tracks[entry.track_id].duration_s for entry in entries),
        request={name: value for name, value in row.request.items() if name != BEFORE},
    )
