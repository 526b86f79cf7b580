"""Tracks that are away: their files cannot be seen, but are expected back.

They stay in lists and playlists, unlike missing ones. Which tracks are away decides the indexer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.tables.tracks import Track


@dataclass(frozen=True, slots=True)
class AwayFolder:
    """A folder that cannot be seen: stored path text, and how many tracks are away with it.

    `id` is the lowest of these tracks; it names the folder where its path is not to be told.
    """

    id: int
    path: str
    tracks: int


def mark_away(folders: Mapping[str, Sequence[int]]) -> None:
    """Mark the tracks of folders (stored path text → track ids) that cannot be seen as away."""
    with write() as session:
        for folder, track_ids in folders.items():
            marked = update(Track).where(among(col(Track.id), track_ids))
            rows(session, marked.values(away_from=folder))


def away_folders(track_ids: Sequence[int] | None = None) -> tuple[AwayFolder, ...]:
    """Return the folders that cannot be seen, the most tracks first: of all, or of some tracks."""
    found = select(
        col(Track.away_from), func.min(col(Track.id)).label("id"), func.count().label("tracks")
    ).where(_AWAY)
    if track_ids is not None:
        found = found.where(among(col(Track.id), track_ids))
    with read() as session:
        counted = rows(session, found.group_by(col(Track.away_from)))
    folders = (AwayFolder(row.id, row.away_from, row.tracks) for row in counted)
    return tuple(sorted(folders, key=lambda each: (-each.tracks, each.path)))


def away_ids() -> frozenset[int]:
    """Return the tracks that are away."""
    with read() as session:
        return frozenset(row.id for row in rows(session, select(col(Track.id)).where(_AWAY)))


def confirm_gone(folder: str | None = None) -> int:
    """Take the tracks of a folder that cannot be seen, or of all, as deleted; return how many.

    They are hidden like every deleted file, and come back should their files be found again.
    """
    gone: list[ColumnElement[Any]] = [_AWAY]
    if folder is not None:
        gone.append(col(Track.away_from) == folder)
    hidden = update(Track).where(*gone).values(missing=True, away_from=None)
    with write() as session:
        return len(rows(session, hidden.returning(col(Track.id))))


_AWAY = col(Track.away_from).is_not(None)
