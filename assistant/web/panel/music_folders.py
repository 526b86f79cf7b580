"""The folders that may be chosen on the page: the home folder, and where disks are mounted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.vocabulary import AUDIO_SUFFIXES

MOUNTS: Final = (Path("/media"), Path("/mnt"), Path("/run/media"), Path("/Volumes"))
LISTED: Final = 500
"""Folders that are listed; a folder of music rarely has more."""
_LOOKED_AT: Final = 2000
"""Entries that are looked at to see whether a folder holds music."""


@dataclass(frozen=True, slots=True)
class InnerFolder:
    """A folder inside the one that is shown."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class ShownFolder:
    """A folder and those inside it.

    Attributes:
        path: Of the folder.
        parent: The folder that holds it; None at the top.
        folders: Those inside, by name.
        roots: Where a walk can begin.
        songs: Audio files directly in it.
    """

    path: str
    parent: str | None
    folders: tuple[InnerFolder, ...]
    roots: tuple[InnerFolder, ...]
    songs: int


def roots() -> tuple[Path, ...]:
    """Return the folders in which a person can look for music."""
    return (Path.home().resolve(), *(mount for mount in MOUNTS if mount.is_dir()))


def allowed(path: Path) -> Path | None:
    """Return the real path of a folder inside `roots`; None for any other."""
    try:
        real = path.resolve(strict=True)
        root = next((root for root in roots() if real.is_relative_to(root)), None)
        if root is None or not real.is_dir():
            return None
    except (OSError, ValueError, RuntimeError):
        return None
    hidden = any(part.startswith(".") for part in real.relative_to(root).parts)
    return None if hidden else real


def listing(path: Path) -> ShownFolder | None:
    """Return a folder and those inside it; None where it may not be shown or cannot be read."""
    real = allowed(path)
    if real is None:
        return None
    inner: list[InnerFolder] = []
    songs = 0
    try:
        for number, entry in enumerate(_entries(real)):
            if entry.is_dir():
                inner.append(InnerFolder(entry.name, entry.path))
            elif number < _LOOKED_AT and Path(entry.name).suffix.lower() in AUDIO_SUFFIXES:
                songs += 1
    except OSError:
        return None
    inner.sort(key=lambda folder: folder.name.casefold())
    parent = allowed(real.parent)
    return ShownFolder(
        path=str(real),
        parent=None if parent is None or parent == real else str(parent),
        folders=tuple(inner[:LISTED]),
        roots=tuple(InnerFolder(root.name or str(root), str(root)) for root in roots()),
        songs=songs,
    )


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Return the entries with names that can be shown, hidden ones left out."""
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                entry.name.encode("utf-8")
            except UnicodeEncodeError:
                continue
            if not entry.name.startswith("."):
                yield entry
