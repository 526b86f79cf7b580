"""Exported playlists as files on this machine: written at once, and no fuller file is lost."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_COUNTED: Final = {
    ".m3u8": re.compile(rb"^#EXTINF", re.MULTILINE),
    ".xspf": re.compile(rb"<track>"),
    ".xml": re.compile(rb"<TRACK Key="),
}
"""What stands once an entry in the files that are written here."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """Where a playlist was written; `kept` is the fuller file that it stands beside."""

    path: Path
    kept: Path | None = None
    kept_entries: int = 0


def write_export(
    target: Path, content: bytes, *, incomplete: bool, replace: bool = False
) -> WrittenFile:
    """Write a playlist file, beside the one there where that one has more tracks.

    Args:
        target: The file.
        content: Of it.
        incomplete: Whether tracks of the playlist are left out, as their files are gone.
        replace: Replace a fuller file all the same.

    Raises:
        OSError: Nothing can be written there.
    """
    before = entries_in(target) if incomplete and not replace else 0
    if before <= _entries(content, target.suffix):
        _write(target, content)
        return WrittenFile(target)
    number = 2
    while (beside := target.with_stem(f"{target.stem} {number}")).exists():
        number += 1
    _write(beside, content)
    return WrittenFile(beside, target, before)


def entries_in(file: Path) -> int:
    """Return how many tracks a playlist file has; 0 where there is none."""
    try:
        return _entries(file.read_bytes(), file.suffix)
    except OSError:
        return 0


def _entries(content: bytes, suffix: str) -> int:
    if counted := _COUNTED.get(suffix):
        return len(counted.findall(content))
    return content.count(b"\n")


def _write(target: Path, content: bytes) -> None:
    """Write the file atomically, so that a player never reads half of it."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as half:
        half.write(content)
    written = Path(half.name)
    written.chmod(0o644)  # a temporary file is private; a player may run as somebody else
    written.replace(target)
