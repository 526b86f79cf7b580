"""Check the data folder, the database, the vectors and the music folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from store.backup import leftovers
from store.database import db
from store.jobs import indexer_state, library_status
from store.paths import decode_path
from store.results import StoreError
from store.settings import StoreSettings
from store.vectors import vector_tables

LOW_DISK_BYTES: Final = 2 * 2**30
FULL_DISK_BYTES: Final = 20 * 2**20
"""SQLite's journal alone grows to some MB."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        state: "ok", "warn" (works with less) or "bad" (does not work).
        text: What was found, for a person.
        fix: What to do about it; "" where nothing is to be done.
    """

    state: Literal["ok", "warn", "bad"]
    text: str
    fix: str = ""


def check_folders() -> Iterator[Finding]:
    """Check that the data folder can be written and that its disk has room."""
    try:
        folder = StoreSettings().folder
    except OSError as error:
        yield Finding(
            "bad", f"The data folder cannot be made: {error}",
            "Set BACKBEAT_DATA to a folder that you may write to.",
        )  # fmt: skip
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("bad", f"The data folder is read-only: {folder}", f"chown -R $USER {folder}")
        return
    yield Finding("ok", f"Data folder: {folder}")
    free = shutil.disk_usage(folder).free
    if free < FULL_DISK_BYTES:
        yield Finding(
            "bad", f"The disk is full: {free / 1e6:.0f} MB are free",
            "Make room, or move BACKBEAT_DATA; then start Backbeat again. Nothing is lost.",
        )  # fmt: skip
    elif free < LOW_DISK_BYTES:
        yield Finding(
            "warn", f"Only {free / 1e9:.1f} GB of disk are free",
            "Make room, or move BACKBEAT_DATA.",
        )  # fmt: skip
    else:
        yield Finding("ok", f"Disk: {free / 1e9:.0f} GB free")


def check_store() -> Iterator[Finding]:
    """Check the database, the vectors and the music folders that are watched."""
    try:
        db.upgrade()
        problems = db.check()
        for problem in problems:
            yield Finding(
                "bad",
                f"Database: {problem}",
                "backbeat restore FILE, with a file that `backbeat backup` wrote.",
            )
        if not problems:
            status = library_status.read_status()
            yield Finding(
                "ok", f"Database: {status.tracks} tracks, {status.analysed} analysed, "
                f"{status.queued} waiting, {status.failed} failed",
            )  # fmt: skip
        for path in leftovers(StoreSettings().folder):
            yield Finding(
                "warn", f"A killed backup or restore left {path}", "backbeat doctor --fix"
            )
        for problem in vector_tables.check():
            yield Finding("warn", f"Vectors: {problem}", "backbeat doctor --fix")
        for music in indexer_state.watched_folders():
            yield _music_folder(decode_path(music))
    except StoreError as error:
        yield Finding("bad", f"Database: {error}")  # the message says what to do


def _music_folder(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding(
            "bad", f"Music folder is gone: {folder}", "Mount the disk; nothing is forgotten."
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        return Finding("bad", f"Music folder cannot be read: {folder}", f"chmod -R u+rX {folder}")
    return Finding("ok", f"Music folder: {folder}")


def fix_store() -> Iterator[str]:
    """Mend what needs no decision of a person; yield what was done."""
    folder = StoreSettings().folder
    for path in leftovers(folder):
        shutil.rmtree(path)
        yield f"Removed what a killed backup or restore left: {path.name}"
    db.upgrade()
    if db.check():
        return  # a damaged database is restored, not mended
    if problems := list(vector_tables.check()):
        yield f"Rebuilt {vector_tables.rebuild()} vectors ({problems[0]})"


def rebuild_vectors() -> int:
    """Build the vector index anew from the database; return the number of vectors."""
    db.upgrade()
    return vector_tables.rebuild()
