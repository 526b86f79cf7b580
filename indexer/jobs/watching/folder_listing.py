"""Audio files under a folder, listed without opening them.

Paths are text as `store.paths.encode_path` writes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from store.paths import encode_path
from store.vocabulary import AUDIO_SUFFIXES

SYSTEM_FOLDERS: Final = frozenset({"@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found"})
"""Folders that storage devices use for thumbnails and deleted files."""

REPORT_EVERY: Final = 1000
"""Files between two calls of `on_count`."""


class Stamp(NamedTuple):
    """Size and modification time: equal for a file that is unchanged."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FolderListing:
    """Content of a folder.

    Attributes:
        files: Path → stamp of each audio file.
        unreadable: Folder or file → why it could not be read.
        is_empty: Whether the folder has no entry at all, as the mount point of an absent disk.
    """

    files: Mapping[str, Stamp]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    is_empty: bool = False


def is_audio_name(name: str) -> bool:
    """Whether a file of this name is listed: audio by its suffix, not hidden.

    Partial downloads (`song.mp3.part`, `.crdownload`, `.tmp`) do not end in an audio suffix.
    """
    return not name.startswith(".") and Path(name).suffix.lower() in AUDIO_SUFFIXES


def is_walked(path: Path, *, root: Path) -> bool:
    """Whether the walk of `root` reaches `path`: inside, and under no hidden folder."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    return not any(part.startswith(".") or part in SYSTEM_FOLDERS for part in parts)


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or inside it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def walk(folder: Path, *, on_count: Callable[[int], None] = lambda _: None) -> FolderListing:
    """List the audio files under `folder`; one `stat` a file, links followed, loops cut.

    A folder that is also linked to is listed under its own name, in whatever order entries come.

    Args:
        folder: Where to start. When it cannot be read, it is the one unreadable entry.
        on_count: Gets the number of files found so far, every `REPORT_EVERY` files.
    """
    files: dict[str, Stamp] = {}
    unreadable: dict[str, str] = {}
    visited: set[tuple[int, int]] = set()
    waiting, links = [os.fspath(folder)], list[str]()
    entries_at_top = 0
    while waiting or links:
        current = (waiting or links).pop()
        try:
            status = Path(current).stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            with os.scandir(current) as entries:
                for entry in entries:
                    entries_at_top += len(visited) == 1
                    _add(entry, files, unreadable, links if entry.is_symlink() else waiting)
                    if files and len(files) % REPORT_EVERY == 0:
                        on_count(len(files))
        except OSError as error:
            unreadable[encode_path(current)] = describe_os_error(error)
    return FolderListing(files, unreadable, is_empty=entries_at_top == 0)


def _add(
    entry: os.DirEntry[str],
    files: dict[str, Stamp],
    unreadable: dict[str, str],
    folders: list[str],
) -> None:
    """Add an audio file to `files` and a folder to `folders`; ignore anything else."""
    if entry.name.startswith(".") or entry.name in SYSTEM_FOLDERS:
        return
    try:
        if entry.is_dir():
            folders.append(entry.path)
        elif is_audio_name(entry.name) and entry.is_file():
            status = entry.stat()
            files[encode_path(entry.path)] = Stamp(status.st_size, status.st_mtime_ns)
    except OSError as error:
        unreadable[encode_path(entry.path)] = describe_os_error(error)


def describe_os_error(error: OSError) -> str:
    """Return why a file or folder cannot be read, as part of a sentence."""
    if isinstance(error, PermissionError):
        return "you may not read it; change its permissions"
    if isinstance(error, FileNotFoundError):
        return "it is not there (is its disk connected?)"
    return error.strerror or str(error)
