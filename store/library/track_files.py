"""Files of the tracks: look-up by path and content, moves, missing files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, Select, delete, or_, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.library import catalogue
from store.library.albums.regrouping import regroup
from store.paths import encode_path
from store.records import KnownFile
from store.tables.tracks import Track

_FILES: Final[Select] = select(
    col(Track.path),
    col(Track.size_bytes),
    col(Track.mtime_ns),
    col(Track.content_hash),
    col(Track.id),
    col(Track.missing),
    col(Track.away_from),
    col(Track.duration_s),
    col(Track.analysed_at).is_not(None).label("analysed"),
)
_PARTS: Final = (col(Track.missing), col(Track.start_s))


def move_track(old_path: Path, new_path: Path) -> bool:
    """Store another path of a file; return False when `old_path` is not known.

    Another track at `new_path` is deleted, its file was overwritten.
    """
    with write() as session:
        keys: set[str | None] = set()
        moved = _move(session, encode_path(old_path), encode_path(new_path), keys)
        regroup(session, keys)
        return moved


def move_folder(old_folder: Path, new_folder: Path) -> int:
    """Store another path of a folder for every track in it; return how many tracks."""
    old, new = _inside(old_folder), _inside(new_folder)
    with write() as session:
        found = rows(
            session,
            select(col(Track.path)).where(old <= col(Track.path), _after(old) > col(Track.path)),
        )
        keys: set[str | None] = set()
        for row in found:
            _move(session, row.path, new + row.path[len(old) :], keys)
        regroup(session, keys)
        return len(found)


def mark_missing(track_ids: Sequence[int], *, missing: bool = True) -> None:
    """Mark tracks whose files are missing, or are back; missing ones are hidden from searches.

    None of them is away any more.
    """
    changed = or_(col(Track.missing) != missing, col(Track.away_from).is_not(None))
    marked = update(Track).where(among(col(Track.id), track_ids), changed)
    with write() as session:
        rows(session, marked.values(missing=missing, away_from=None))


def read_again(path: Path) -> None:
    """Let the next scan read a file anew, whatever its size and time are."""
    with write() as session:
        rows(session, update(Track).where(col(Track.path) == encode_path(path)).values(mtime_ns=0))


def find_by_hash(content_hash: str) -> tuple[KnownFile, ...]:
    """Return the tracks of the same audio, the analysed ones first."""
    statement = _FILES.where(col(Track.content_hash) == content_hash)
    with read() as session:
        found = rows(session, statement.order_by(col(Track.analysed_at).is_(None), col(Track.id)))
    return tuple(_known(row) for row in found)


def find_by_path(path: Path) -> KnownFile | None:
    """Return the track at a path."""
    with read() as session:
        found = rows(session, _FILES.where(col(Track.path) == encode_path(path)).order_by(*_PARTS))
    return _joined(found) if found else None


def known_files(under: Path | None = None) -> dict[str, KnownFile]:
    """Return stored path text → file, of all tracks or of those in a folder."""
    low = "" if under is None else _inside(under)
    high = "\U0010ffff" if under is None else _after(low)
    statement = _FILES.where(col(Track.path) >= low, col(Track.path) < high).order_by(
        col(Track.path), *_PARTS
    )
    with read() as session:
        found = session.connection().execute(statement)
        return {path: _joined(list(parts)) for path, parts in groupby(found, attrgetter("path"))}


@dataclass(frozen=True, slots=True)
class FilePart:
    """A track that is a file or a part of it, as it is stored."""

    track_id: int
    start_s: float
    end_s: float | None
    track_no: int | None
    missing: bool
    analysed: bool
    content_hash: str


def parts_of(path: Path) -> tuple[FilePart, ...]:
    """Return the tracks of a file in their order, also those that were parts of it before."""
    statement = select(
        col(Track.id).label("track_id"),
        col(Track.start_s),
        col(Track.end_s),
        col(Track.track_no),
        col(Track.missing),
        col(Track.analysed_at).is_not(None).label("analysed"),
        col(Track.content_hash),
    )
    with read() as session:
        of_path = statement.where(col(Track.path) == encode_path(path))
        found = rows(session, of_path.order_by(col(Track.start_s)))
    return tuple(FilePart(**row._mapping) for row in found)


def move_part(track_id: int, start_s: float) -> None:
    """Let a part of a file begin elsewhere, as its cue sheet was changed."""
    with write() as session:
        rows(session, update(Track).where(col(Track.id) == track_id).values(start_s=start_s))


def path_of(track_id: int) -> str | None:
    """Return the stored path text of a track."""
    with read() as session:
        found = rows(session, select(col(Track.path)).where(col(Track.id) == track_id))
    return found[0].path if found else None


def paths_of(track_ids: Sequence[int]) -> dict[int, str]:
    """Return track → stored path text, of those that are known."""
    statement = select(col(Track.id), col(Track.path)).where(among(col(Track.id), track_ids))
    with read() as session:
        found = rows(session, statement)
    return {row.id: row.path for row in found}


def _move(session: Session, old: str, new: str, keys: set[str | None]) -> bool:
    """Move a track; `keys` gets the titles of albums that may be others now."""
    known = rows(session, select(col(Track.album_key)).where(col(Track.path) == old))
    if old == new or not known:
        return bool(known)
    former = catalogue.references(session, new)
    rows(session, delete(Track).where(col(Track.path) == new))
    moved = update(Track).where(col(Track.path) == old)
    rows(session, moved.values(path=new, missing=False, away_from=None))
    catalogue.delete_unused(session, former)
    keys |= {known[0].album_key, former.album_key}
    return True


def _inside(folder: Path) -> str:
    return encode_path(folder).rstrip("/") + "/"


def _after(prefix: str) -> str:
    """Return the first text after all that begin with `prefix`, which ends in "/"."""
    return prefix[:-1] + chr(ord("/") + 1)


def _joined(parts: Sequence[Row[Any]]) -> KnownFile:
    """Return a file of its tracks: those that are shown, else those that are missing."""
    shown = [part for part in parts if not part.missing] or parts
    first = _known(shown[0])
    if len(shown) == 1:
        return first
    return replace(
        first,
        others=tuple(part.id for part in shown[1:]),
        analysed=all(part.analysed for part in shown),
    )


def _known(row: Row[Any]) -> KnownFile:
    return KnownFile(
        size_bytes=row.size_bytes,
        mtime_ns=row.mtime_ns,
        content_hash=row.content_hash,
        track_id=row.id,
        missing=bool(row.missing),
        analysed=bool(row.analysed),
        away_from=row.away_from,
        duration_s=row.duration_s,
    )
