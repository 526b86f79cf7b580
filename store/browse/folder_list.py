"""The folders of the music as a tree, as their files are stored: no look at the disk.

Raw SQL: paths of one folder stand together in the index of paths, so that folders are found by
jumping from one to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from sqlmodel import Session

from store.database.db import read, rows
from store.paths import encode_path
from store.results import TrackRow
from store.tracks.measured_tracks import common_folder
from store.tracks.track_details import rows_of

_BEHIND: Final = "0"
"""The character after "/": all paths inside a folder come before the folder's name with it."""
_FOLDERS: Final = """
WITH RECURSIVE inside (name) AS (
    SELECT (SELECT substr(path, :length, instr(substr(path, :length), '/') - 1) FROM track
        WHERE path > :first AND path < :last AND instr(substr(path, :length), '/') > 0
        ORDER BY path LIMIT 1)
    UNION ALL
    SELECT (SELECT substr(path, :length, instr(substr(path, :length), '/') - 1) FROM track
        WHERE path >= :first || inside.name || '0' AND path < :last
        AND instr(substr(path, :length), '/') > 0 ORDER BY path LIMIT 1)
    FROM inside WHERE inside.name IS NOT NULL
)
SELECT name, (SELECT count(*) FROM track
    WHERE path > :first || name || '/' AND path < :first || name || '0') AS tracks
FROM inside WHERE name IS NOT NULL"""
_ALL: Final = "SELECT count(*) AS tracks FROM track WHERE path > :first AND path < :last"
_GONE: Final = """
SELECT substr(path, :length) AS rest FROM track WHERE missing = 1
AND +path > :first AND +path < :last"""
_FILES: Final = """
SELECT id FROM track WHERE path > :first AND path < :last AND +missing = 0
AND instr(substr(path, :length), '/') = 0 ORDER BY path LIMIT :limit OFFSET :offset"""
_BELOW: Final = """
SELECT id FROM track WHERE path > :first AND path < :last AND +missing = 0
ORDER BY path LIMIT :limit OFFSET :offset"""


@dataclass(frozen=True, slots=True)
class InsideFolder:
    """A folder inside another: its name as stored, and the tracks in it and below."""

    name: str
    tracks: int


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A folder of the music.

    Attributes:
        path: As stored, from the top folder on; "" is the top.
        folders: Those directly inside, by name.
        tracks: In it and below.
        files: Directly in it.
    """

    path: str
    folders: tuple[InsideFolder, ...]
    tracks: int
    files: int


def top_folder() -> str | None:
    """Return the stored path of the deepest folder that holds all music; None without any."""
    found = common_folder()
    return None if found is None else encode_path(found)


def folder_entry(path: str = "") -> FolderEntry | None:
    """Return a folder by its path from the top; None where there is no track in it."""
    bounds = _bounds(path)
    if bounds is None:
        return None
    with read() as session:
        total = rows(session, _ALL, first=bounds["first"], last=bounds["last"])[0].tracks
        gone = [row.rest for row in rows(session, _GONE, **bounds)]
        if total == len(gone):
            return None
        found = rows(session, _FOLDERS, **bounds)
    missing: dict[str, int] = {}
    for rest in gone:
        head = rest.split("/", 1)[0] if "/" in rest else ""
        missing[head] = missing.get(head, 0) + 1
    files = total - sum(row.tracks for row in found) - missing.get("", 0)
    inside = (InsideFolder(row.name, row.tracks - missing.get(row.name, 0)) for row in found)
    folders = sorted((one for one in inside if one.tracks), key=lambda one: one.name.casefold())
    return FolderEntry(path, tuple(folders), total - len(gone), files)


def folder_tracks(path: str, *, offset: int, limit: int) -> tuple[TrackRow, ...]:
    """Return tracks directly in a folder, by file name."""
    bounds = _bounds(path)
    if bounds is None:
        return ()
    with read() as session:
        return rows_of(session, _ids(session, _FILES, bounds, offset=offset, limit=limit))


def track_ids_below(path: str, *, limit: int) -> tuple[int, ...]:
    """Return the first tracks in a folder and below, by path."""
    bounds = _bounds(path)
    if bounds is None:
        return ()
    del bounds["length"]
    with read() as session:
        return tuple(_ids(session, _BELOW, bounds, offset=0, limit=limit))


def path_from_top(stored: str) -> PurePath:
    """Return the stored path of a file, from the top folder on."""
    top = top_folder()
    file = PurePath(stored)
    return file.relative_to(top) if top and file.is_relative_to(top) else PurePath(file.name)


def _ids(
    session: Session, sql: str, bounds: dict[str, str | int], *, offset: int, limit: int
) -> Sequence[int]:
    return [row.id for row in rows(session, sql, **bounds, offset=offset, limit=limit)]


def _bounds(path: str) -> dict[str, str | int] | None:
    top = top_folder()
    if top is None:
        return None
    folder = f"{top.rstrip('/')}/{path}".rstrip("/") if path else top.rstrip("/")
    first = f"{folder}/"
    return {"first": first, "last": folder + _BEHIND, "length": len(first) + 1}
