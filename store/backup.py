"""A copy of the data folder as one zip file, made while everything runs, and its way back.

The database is copied by SQLite's online backup, so it is consistent whatever is written
meanwhile; beside it go the drum charts, exports, networks and everything else that a person could
miss. What is rebuilt by itself (vectors, caches, the demo songs, the page) is left out.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

from store.database import upgrading
from store.results import StoreError, UnavailableError

MANIFEST: Final = "backbeat-backup.json"
_DATABASE: Final = "backbeat.db"
_REBUILT: Final = frozenset({"vectors", "cache", "demo", "evaluations", "map.npz"})
_CHAT_KEPT: Final = "chat/secret"
"""All else in the folder of the chat is unpacked again at each start."""
_UNPACKED: Final = "restoring"
_KEPT: Final = "before-restore-"
_SCRATCH: Final = ".backup-"
_STORED: Final = frozenset({".ogg", ".mp3", ".opus", ".flac", ".zip", ".png", ".jpg", ".tflite"})
"""Kinds of files that do not get smaller."""
_RUNNING_S: Final = 3600.0
"""A younger folder may be one that is being written."""
_MODE: Final = 0o600  # the key of the sessions and the hashes of passwords are in it


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        made_at: ISO date and time, UTC.
        revision: Revision of its database.
        tracks, files: How many there are.
        size_bytes: Of the zip file.
    """

    made_at: str
    revision: str
    tracks: int
    files: int
    size_bytes: int


def back_up(data: Path, target: Path, *, done: Callable[[str], None] = lambda _: None) -> Backup:
    """Write a backup of a data folder; it appears under its name only when it is whole.

    Args:
        data: The data folder; what runs on it may go on.
        target: The zip file; one that is there is not overwritten.
        done: Called with the name of each file that was written.

    Raises:
        StoreError: There is no library, or `target` exists.
        OSError: It cannot be written, such as on a full disk.
    """
    database = data / _DATABASE
    if upgrading.revision(database) is None:
        raise StoreError(f"There is no library in {data}.")
    if target.exists():
        raise StoreError(f"{target} is there already. Name another file.")
    part = target.with_name(f".{target.name}.part")
    try:
        made = _written(data, part, done)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return made


def read_backup(source: Path) -> Backup:
    """Check a backup whole, checksums included.

    Raises:
        StoreError: It is no backup, is damaged, or comes from a newer Backbeat.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            names = [_checked(name) for name in archive.namelist() if name != MANIFEST]
            broken = archive.testzip()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise StoreError(f"{source} is no backup of Backbeat, or is damaged ({error}).") from error
    if broken or _DATABASE not in names:
        raise StoreError(f"{source} is damaged: {broken or _DATABASE} cannot be read.")
    made = Backup(
        str(manifest["made_at"]), str(manifest["revision"]), int(manifest["tracks"]), len(names),
        source.stat().st_size,
    )  # fmt: skip
    if made.revision > upgrading.HEAD:
        raise StoreError(f"{source} was made by a newer Backbeat. Install that version first.")
    return made


def restore(source: Path, data: Path) -> Path | None:
    """Put a backup in the place of what is in a data folder.

    What was there is kept beside it. The database comes last: killed at any point before, the old
    one is there, and the same command begins anew.

    Returns:
        The folder with what was there before; None where there was nothing.

    Raises:
        StoreError: The backup cannot be used.
        UnavailableError: Something runs on the data folder.
        OSError: It cannot be written, such as on a full disk.
    """
    read_backup(source)
    data.mkdir(parents=True, exist_ok=True)
    _close(data / _DATABASE)
    unpacked = data / _UNPACKED
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(unpacked, [n for n in archive.namelist() if n != MANIFEST])
        kept = _moved_aside(data, [*_parts(unpacked), "vectors", "map.npz"])
        for name in _parts(unpacked):
            (data / name).parent.mkdir(exist_ok=True)
            (unpacked / name).replace(data / name)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    if (secret := data / _CHAT_KEPT).exists():
        secret.chmod(_MODE)
    return kept


def leftovers(data: Path) -> list[Path]:
    """Return the folders that a killed backup or restore left in a data folder an hour ago."""
    found = [path for path in (*data.glob(f"{_SCRATCH}*"), data / _UNPACKED) if path.is_dir()]
    return [path for path in found if path.stat().st_mtime < time.time() - _RUNNING_S]


def _written(data: Path, part: Path, done: Callable[[str], None]) -> Backup:
    files = 0
    with TemporaryDirectory(dir=data, prefix=_SCRATCH) as scratch, _opened(part) as archive:
        copy = Path(scratch) / _DATABASE
        source, target = sqlite3.connect(data / _DATABASE), sqlite3.connect(copy)
        with closing(source), closing(target):
            source.backup(target)
            tracks = int(target.execute("SELECT count(*) FROM track").fetchone()[0])
        revision = upgrading.revision(copy) or ""
        manifest: dict[str, Any] = {
            "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "revision": revision,
            "tracks": tracks,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        archive.write(copy, _DATABASE)
        done(_DATABASE)
        for path, name in _kept_files(data):
            files += _added(archive, path, name)
            done(name)
    return Backup(manifest["made_at"], revision, tracks, files + 1, part.stat().st_size)


def _opened(part: Path) -> zipfile.ZipFile:
    part.touch(mode=_MODE)
    return zipfile.ZipFile(
        part, "w", zipfile.ZIP_DEFLATED, compresslevel=6, strict_timestamps=False
    )


def _added(archive: zipfile.ZipFile, path: Path, name: str) -> int:
    kind = zipfile.ZIP_STORED if path.suffix.lower() in _STORED else zipfile.ZIP_DEFLATED
    try:
        archive.write(path, name, compress_type=kind)
    except FileNotFoundError:  # a chart that was made anew meanwhile
        return 0
    return 1


def _kept_files(data: Path) -> Iterator[tuple[Path, str]]:
    for folder, folders, files in os.walk(data):
        here = Path(folder)
        top = here == data
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not (
            top and (name in _REBUILT or name == _UNPACKED or name.startswith(_KEPT))
        ))  # fmt: skip
        for name in sorted(files):
            inside = (here / name).relative_to(data).as_posix()
            rebuilt = name.endswith((".lock", ".part")) or inside in _REBUILT
            chat = inside.startswith("chat/") and inside != _CHAT_KEPT
            if not (rebuilt or chat or (top and name.startswith(_DATABASE))):
                yield here / name, inside


def _checked(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise StoreError(f"The backup holds a file outside of its folder: {name!r}.")
    return name


def _close(database: Path) -> None:
    """Write the journal into the database, which only works while nobody else has it open."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=2)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise UnavailableError(
            "Backbeat runs on this data folder. Stop it first (Ctrl-C, or `make stop`)."
        ) from error
    except sqlite3.DatabaseError:
        return  # damaged: that is why a backup is wanted


def _parts(folder: Path) -> list[str]:
    """Return what is replaced as a whole, the database last."""
    names = [path.name for path in folder.iterdir() if path.name not in {"chat", _DATABASE}]
    return [*names, *(name for name in (_CHAT_KEPT, _DATABASE) if (folder / name).exists())]


def _moved_aside(data: Path, names: list[str]) -> Path | None:
    """Move what is to be replaced to a folder beside it; the database is copied there."""
    there = [name for name in names if (data / name).exists()]
    if not there:
        return None
    kept = Path(mkdtemp(prefix=f"{_KEPT}{datetime.now():%Y-%m-%d-%H%M%S}-", dir=data))
    for name in there:
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        if name == _DATABASE:
            shutil.copy2(data / name, kept / name)
        else:
            (data / name).replace(kept / name)
    for journal in ("-wal", "-shm"):
        (data / f"{_DATABASE}{journal}").unlink(missing_ok=True)
    return kept
