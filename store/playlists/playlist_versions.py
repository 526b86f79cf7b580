"""Undoing changes of playlists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select, update
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.folding import fold
from store.playlists.playlist_reading import detail, row_of
from store.playlists.playlist_writing import Entry, free_name, replace_entries
from store.results import PlaylistDetail
from store.tables.playlists import Playlist, PlaylistVersion
from store.tables.tracks import Track


@dataclass(frozen=True, slots=True)
class Undone:
    """A playlist as it was before its last change.

    Attributes:
        kind: The change that was undone.
        former: The name it had before the undoing.
        wanted: The name it had before the change; another playlist may have it meanwhile.
    """

    playlist: PlaylistDetail
    kind: str
    former: str
    wanted: str


_CHOSEN: Final = frozenset({"refill", "refresh"})
"""Kinds of the changes in which the tracks are chosen by the request."""


def chosen_tracks(playlist_id: int, *, but: str) -> list[int] | None:
    """Return the tracks that the request chose last, before any change by hand.

    Args:
        playlist_id: The playlist.
        but: One more kind of change in which the request chooses.

    Returns:
        Their ids; None where nothing was changed by hand since.
    """
    version = PlaylistVersion
    kept = select(col(version.kind), col(version.entries))
    kept = kept.where(col(version.playlist_id) == playlist_id).order_by(col(version.id).desc())
    first: list[int] | None = None
    with read() as session:
        for row in rows(session, kept):
            if row.kind in {*_CHOSEN, but}:
                break
            first = [track_id for track_id, *_ in row.entries]
    return first


def undo_change(playlist_id: int) -> Undone | None:
    """Undo the last change of a playlist, also its deletion; None when there is none to undo.

    Tracks that left the library meanwhile are left out. Where another playlist has its name
    meanwhile, it gets a number.

    Raises:
        StoreError: The playlist is not there.
    """
    version = PlaylistVersion
    with write() as session:
        row = row_of(session, playlist_id)
        of_playlist = select(
            col(version.id),
            col(version.kind),
            col(version.name),
            col(version.request),
            col(version.entries),
        ).where(col(version.playlist_id) == playlist_id)
        found = rows(session, of_playlist.order_by(col(version.id).desc()).limit(1))
        if not found:
            return None
        before = found[0]
        name = before.name
        if row.deleted_at or fold(name) != fold(row.name):
            name = free_name(session, name, row.person_id)
        values = {
            "name": name, "folded": fold(name), "request": before.request, "deleted_at": None,
        }  # fmt: skip
        rows(session, update(Playlist).where(col(Playlist.id) == playlist_id).values(values))
        wanted = among(col(Track.id), [track_id for track_id, *_ in before.entries])
        stored = {track.id for track in rows(session, select(col(Track.id)).where(wanted))}
        entries = [Entry(*entry) for entry in before.entries if entry[0] in stored]
        replace_entries(session, playlist_id, entries)
        rows(session, delete(version).where(col(version.id) == before.id))
        after = detail(session, row_of(session, playlist_id))
    return Undone(after, before.kind, row.name, before.name)
