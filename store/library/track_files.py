"""Which files the store knows, and what becomes of them on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, text
from sqlmodel import Session

from store.database.db import read, rows, write
from store.library import catalogue
from store.paths import encode_path
from store.records import KnownFile

_COLUMNS: Final = (
    "path, size_bytes, mtime_ns, content_hash, id, missing, analysed_at IS NOT NULL AS analysed"
)


def move_track(old_path: Path, new_path: Path) -> bool:
    """The file has another name now; False when `old_path` is not known.

    Another track known at `new_path` is gone with the file that was there.
    """
    with write() as session:
        return _move(session, encode_path(old_path), encode_path(new_path))


def move_folder(old_folder: Path, new_folder: Path) -> int:
    """A folder has another name: move every track under it; returns how many."""
    old, new = _inside(old_folder), _inside(new_folder)
    with write() as session:
        found = rows(
            session,
            "SELECT path FROM track WHERE path >= :low AND path < :high",
            low=old,
            high=_after(old),
        )
        for row in found:
            _move(session, row.path, new + row.path[len(old) :])
        return len(found)


def mark_missing(track_ids: Sequence[int], *, missing: bool = True) -> None:
    """Files that are not there (any more), or are back: hidden from every search meanwhile."""
    with write() as session:
        rows(
            session,
            "UPDATE track SET missing = :missing "
            "WHERE id IN (SELECT value FROM json_each(:ids)) AND missing != :missing",
            missing=missing,
            ids=json.dumps(list(track_ids)),
        )


def find_by_hash(content_hash: str) -> tuple[KnownFile, ...]:
    """Tracks of the same audio, the analysed ones first."""
    with read() as session:
        found = rows(
            session,
            f"SELECT {_COLUMNS} FROM track WHERE content_hash = :hash ORDER BY analysed DESC, id",
            hash=content_hash,
        )
    return tuple(_known(row) for row in found)


def find_by_path(path: Path) -> KnownFile | None:
    """The track at a path."""
    with read() as session:
        found = rows(
            session, f"SELECT {_COLUMNS} FROM track WHERE path = :path", path=encode_path(path)
        )
    return _known(found[0]) if found else None


def known_files(under: Path | None = None) -> dict[str, KnownFile]:
    """Stored path text (`store.paths.encode_path`) → what is known; all, or those in a folder."""
    low = "" if under is None else _inside(under)
    high = "\U0010ffff" if under is None else _after(low)
    statement = text(
        f"SELECT {_COLUMNS} FROM track WHERE path >= :low AND path < :high ORDER BY path"
    )
    with read() as session:
        found = session.connection().execute(statement, {"low": low, "high": high})
        return {row.path: _known(row) for row in found}


def path_of(track_id: int) -> str | None:
    """The stored path text of a track."""
    with read() as session:
        found = rows(session, "SELECT path FROM track WHERE id = :id", id=track_id)
    return found[0].path if found else None


def paths_of(track_ids: Sequence[int]) -> dict[int, str]:
    """Track → stored path text, of those that are known."""
    with read() as session:
        found = rows(
            session,
            "SELECT id, path FROM track WHERE id IN (SELECT value FROM json_each(:ids))",
            ids=json.dumps(list(track_ids)),
        )
    return {row.id: row.path for row in found}


def _move(session: Session, old: str, new: str) -> bool:
    if old == new:
        return bool(rows(session, "SELECT 1 FROM track WHERE path = :old", old=old))
    if not rows(session, "SELECT 1 FROM track WHERE path = :old", old=old):
        return False
    left = catalogue.owners(session, new)
    rows(session, "DELETE FROM track WHERE path = :new", new=new)
    rows(session, "UPDATE track SET path = :new, missing = 0 WHERE path = :old", old=old, new=new)
    catalogue.sweep(session, left)
    return True


def _inside(folder: Path) -> str:
    return encode_path(folder).rstrip("/") + "/"


def _after(prefix: str) -> str:
    """The first text behind all that begin with `prefix`, which ends in "/"."""
    return prefix[:-1] + chr(ord("/") + 1)


def _known(row: Row[Any]) -> KnownFile:
    return KnownFile(
        size_bytes=row.size_bytes,
        mtime_ns=row.mtime_ns,
        content_hash=row.content_hash,
        track_id=row.id,
        missing=bool(row.missing),
        analysed=bool(row.analysed),
    )
