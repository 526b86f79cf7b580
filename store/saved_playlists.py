"""Saved playlists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows, write
from store.folding import fold
from store.results import PlaylistDetail, PlaylistEntryRow, PlaylistSummary, StoreError
from store.stored_values import clean, moment, plain, stamp
from store.tracks.track_details import rows_of

LAST: Final = ("last", "latest", "derniere", "dernier")
"""Words, folded, for the playlist made last."""
BEFORE: Final = "before"
"""Where a playlist's row keeps its earlier entries, beside the wishes of its request."""
KEPT_VERSIONS: Final = 20
"""So many changes can be taken back."""


def save_playlist(
    name: str, entries: Sequence[tuple[int, str]], request: Mapping[str, object]
) -> PlaylistDetail:
    """Save (track id, reason) in this order. A name already used becomes "name 2".

    Raises:
        StoreError: A track is not there.
    """
    with write() as session:
        title = _free_name(session, clean(name) or "Playlist")
        made = rows(
            session,
            "INSERT INTO playlist (name, folded, request, created_at) "
            "VALUES (:name, :folded, :request, :now) RETURNING id",
            name=title,
            folded=fold(title),
            request=json.dumps(plain(request)),
            now=stamp(),
        )
        _fill(session, made[0].id, entries)
        return _detail(session, _row(session, made[0].id))


def change_playlist(playlist_id: int, entries: Sequence[tuple[int, str]]) -> PlaylistDetail:
    """Replace the (track id, reason) of a playlist; `restore_playlist` takes that back.

    Raises:
        StoreError: The playlist or a track is not there.
    """
    with write() as session:
        row = _row(session, playlist_id)
        request = json.loads(row.request)
        now = [[entry.track_id, entry.reason] for entry in rows(session, _EVERY, id=playlist_id)]
        request[BEFORE] = [*request.get(BEFORE, ()), now][-KEPT_VERSIONS:]
        _replace(session, playlist_id, entries, request)
        return _detail(session, _row(session, playlist_id))


def restore_playlist(playlist_id: int) -> PlaylistDetail | None:
    """Take back the last `change_playlist`; None when there is none to take back.

    Tracks that left the library meanwhile stay away.

    Raises:
        StoreError: The playlist is not there.
    """
    with write() as session:
        request = json.loads(_row(session, playlist_id).request)
        versions = request.pop(BEFORE, [])
        if not versions:
            return None
        if versions[:-1]:
            request[BEFORE] = versions[:-1]
        there = {
            row.id
            for row in rows(
                session,
                "SELECT id FROM track WHERE id IN (SELECT value FROM json_each(:ids))",
                ids=json.dumps([track_id for track_id, _ in versions[-1]]),
            )
        }
        entries = [(track_id, reason) for track_id, reason in versions[-1] if track_id in there]
        _replace(session, playlist_id, entries, request)
        return _detail(session, _row(session, playlist_id))


def playlist(name: str | int) -> PlaylistDetail | None:
    """A playlist by id, by name (case and accents aside), or "last"."""
    with read() as session:
        if isinstance(name, int):
            found = rows(session, f"{_SELECT} WHERE id = :id", id=name)
        else:
            folded = fold(clean(name) or "")
            found = rows(session, f"{_SELECT} WHERE folded = :name ORDER BY id DESC", name=folded)
            if not found and folded in LAST:
                found = rows(session, f"{_SELECT} ORDER BY id DESC LIMIT 1")
        return _detail(session, found[0]) if found else None


def playlists() -> tuple[PlaylistSummary, ...]:
    """All playlists, the newest first."""
    with read() as session:
        found = rows(session, _SUMMARIES)
    return tuple(
        PlaylistSummary(row.id, row.name, row.tracks, row.duration_s, moment(row.created_at))
        for row in found
    )


def delete_playlist(playlist_id: int) -> bool:
    """Forget a playlist; False when it is not there."""
    with write() as session:
        return bool(
            rows(session, "DELETE FROM playlist WHERE id = :id RETURNING id", id=playlist_id)
        )


_SELECT: Final = "SELECT id, name, request FROM playlist"
_SUMMARIES: Final = """
SELECT playlist.id, playlist.name, playlist.created_at, count(track.id) AS tracks,
    coalesce(sum(track.duration_s), 0.0) AS duration_s
FROM playlist LEFT JOIN playlistentry ON playlist_id = playlist.id
LEFT JOIN track ON track.id = track_id AND NOT track.missing
GROUP BY playlist.id ORDER BY playlist.id DESC"""
_EVERY: Final = """
SELECT track_id, reason FROM playlistentry WHERE playlist_id = :id ORDER BY position"""
_ENTRIES: Final = """
SELECT track_id, position, reason FROM playlistentry JOIN track ON track.id = track_id
WHERE playlist_id = :id AND NOT track.missing ORDER BY position"""


def _free_name(session: Session, name: str) -> str:
    candidate, number = name, 2
    while rows(session, "SELECT 1 FROM playlist WHERE folded = :name", name=fold(candidate)):
        candidate, number = f"{name} {number}", number + 1
    return candidate


def _row(session: Session, playlist_id: int) -> Row[Any]:
    found = rows(session, f"{_SELECT} WHERE id = :id", id=playlist_id)
    if not found:
        raise StoreError(f"There is no playlist with the number {playlist_id}.")
    return found[0]


def _replace(
    session: Session,
    playlist_id: int,
    entries: Sequence[tuple[int, str]],
    request: Mapping[str, object],
) -> None:
    rows(session, "DELETE FROM playlistentry WHERE playlist_id = :id", id=playlist_id)
    rows(
        session,
        "UPDATE playlist SET request = :request WHERE id = :id",
        id=playlist_id,
        request=json.dumps(plain(request)),
    )
    _fill(session, playlist_id, entries)


def _fill(session: Session, playlist_id: int, entries: Sequence[tuple[int, str]]) -> None:
    for position, (track_id, reason) in enumerate(entries):
        _add(session, playlist_id, position, track_id, reason)


def _add(session: Session, playlist_id: int, position: int, track_id: int, reason: str) -> None:
    added = rows(
        session,
        "INSERT INTO playlistentry (playlist_id, track_id, position, reason) "
        "SELECT :playlist, id, :position, :reason FROM track WHERE id = :track RETURNING id",
        playlist=playlist_id,
        track=track_id,
        position=position,
        reason=clean(reason) or "",
    )
    if not added:
        raise StoreError(f"There is no track {track_id} in the library.")


def _detail(session: Session, row: Row[Any]) -> PlaylistDetail:
    entries = rows(session, _ENTRIES, id=row.id)
    tracks = {shown.id: shown for shown in rows_of(session, [e.track_id for e in entries])}
    return PlaylistDetail(
        id=row.id,
        name=row.name,
        entries=tuple(
            PlaylistEntryRow(entry.position, tracks[entry.track_id], entry.reason)
            for entry in entries
        ),
        duration_s=sum(tracks[entry.track_id].duration_s for entry in entries),
        request={name: value for name, value in json.loads(row.request).items() if name != BEFORE},
    )
