"""Audio files under a folder, listed without opening them.

Paths are text as `store.paths.encode_path` writes it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from indexer.files.cue.cue_finding import SUFFIX as CUE_SUFFIX
from indexer.files.cue.cue_finding import cue_beside, cue_stamp
from indexer.jobs.watching.leave_out import (
    PatternList,
    Reason,
    lists_in,
    own_patterns,
    reason_of,
)
from store.paths import encode_path
from store.vocabulary import AUDIO_SUFFIXES, OTHER_AUDIO_SUFFIXES

REPORT_EVERY: Final = 1000
"""Files between two calls of `on_count`."""


class Stamp(NamedTuple):
    """Size and modification time, with a cue sheet's: equal for a file that is unchanged."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FolderListing:
    """Content of a folder.

    Attributes:
        files: Path → stamp of each audio file.
        unreadable: Folder or file → why it could not be read.
        left_out: Folder or file → why it is left out.
        not_taken: Suffix → number of files with audio that cannot be decoded.
    """

    files: Mapping[str, Stamp]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, Reason] = field(default_factory=dict)
    not_taken: Mapping[str, int] = field(default_factory=dict)

    def leaves_out(self, path: str) -> bool:
        """Whether a file, or a folder around it, is left out."""
        while path:
            if path in self.left_out:
                return True
            path = path.rpartition("/")[0]
        return False


def is_audio_name(name: str) -> bool:
    """Whether a file of this name is listed: audio by its suffix, not hidden.

    Partial downloads (`song.mp3.part`, `.crdownload`, `.tmp`) do not end in an audio suffix.
    """
    return not name.startswith(".") and Path(name).suffix.lower() in AUDIO_SUFFIXES


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or inside it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def walk(
    folder: Path, *, patterns: str = "", on_count: Callable[[int], None] = lambda _: None
) -> FolderListing:
    """List the audio files under `folder`; one `stat` a file, links followed, loops cut.

    A folder that is also linked to is listed under its own name, in whatever order entries come.

    Args:
        folder: Where to start. When it cannot be read, it is the one unreadable entry.
        patterns: What is left out besides (`leave_out.own_patterns`).
        on_count: Gets the number of files found so far, every `REPORT_EVERY` files.
    """
    found = _Found()
    visited: set[tuple[int, int]] = set()
    start = os.fspath(folder)
    waiting, links = [(start, own_patterns(start, patterns))], list[_Waiting]()
    while waiting or links:
        current, above = (waiting or links).pop()
        try:
            status = Path(current).stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            with os.scandir(current) as entries:
                inside = list(entries)
            names = {entry.name for entry in inside}
            cues = [name for name in names if name.lower().endswith(CUE_SUFFIX)]
            lists = lists_in(current, names, above, at_root=current == start)
            if isinstance(lists, str):
                found.left_out[encode_path(current)] = lists
                continue
            for entry in inside:
                if _add(entry, lists, found, cues):
                    (links if entry.is_symlink() else waiting).append((entry.path, lists))
                if found.files and len(found.files) % REPORT_EVERY == 0:
                    on_count(len(found.files))
        except OSError as error:
            found.unreadable[encode_path(current)] = describe_os_error(error)
    return FolderListing(found.files, found.unreadable, found.left_out, found.not_taken)


@dataclass(slots=True)
class _Found:
    files: dict[str, Stamp] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, Reason] = field(default_factory=dict)
    not_taken: Counter[str] = field(default_factory=Counter)


_Waiting = tuple[str, tuple[PatternList, ...]]


def _add(
    entry: os.DirEntry[str], lists: tuple[PatternList, ...], found: _Found, cues: Sequence[str]
) -> bool:
    """Add a file where it holds audio; return whether the entry is a folder to look into."""
    path = encode_path(entry.path)
    try:
        is_folder = entry.is_dir()
        suffix = Path(entry.name).suffix.lower()
        if not is_folder and suffix not in AUDIO_SUFFIXES | OTHER_AUDIO_SUFFIXES:
            return False
        if reason := reason_of(entry.path, entry.name, lists, folder=is_folder):
            if is_folder or reason != "hidden":  # hidden files are those of programs
                found.left_out[path] = reason
            return False
        if not is_folder and suffix in OTHER_AUDIO_SUFFIXES:
            found.not_taken[suffix] += 1
        elif not is_folder and entry.is_file():
            cue = cue_beside(Path(entry.path), cues) if cues else None
            found.files[path] = Stamp(*cue_stamp(entry.stat(), cue))
    except OSError as error:
        found.unreadable[path] = describe_os_error(error)
        return False
    return is_folder


def describe_os_error(error: OSError) -> str:
    """Return why a file or folder cannot be read, as part of a sentence."""
    if isinstance(error, PermissionError):
        return "you may not read it; change its permissions"
    if isinstance(error, FileNotFoundError):
        return "it is not there (is its disk connected?)"
    return error.strerror or str(error)
