"""Saved playlists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.db import read, rows, write
from store.details import rows_of
from store.folding import fold
from store.plain import clean, moment, plain, stamp
from store.results import PlaylistDetail, PlaylistEntryRow, PlaylistSummary, StoreError

LAST: Final = ("last", "latest", "derniere", "dernier")
"""Words, folded, for the playlist made last."""


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
        for position, (track_id, reason) in enumerate(entries):
            _add(session, made[0].id, position, track_id, reason)
        return _detail(session, rows(session, f"{_SELECT} WHERE id = :id", id=made[0].id)[0])


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
_ENTRIES: Final = """
SELECT track_id, position, reason FROM playlistentry JOIN track ON track.id = track_id
WHERE playlist_id = :id AND NOT track.missing ORDER BY position"""


def _free_name(session: Session, name: str) -> str:
    candidate, number = name, 2
    while rows(session, "SELECT 1 FROM playlist WHERE folded = :name", name=fold(candidate)):
        candidate, number = f"{name} {number}", number + 1
    return candidate


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
        request=json.loads(row.request),
    )
