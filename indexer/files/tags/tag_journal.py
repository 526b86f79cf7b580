"""What tag writing changed, file by file, so that it can be undone: one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self, TextIO

from indexer.files.tags.tag_writing import Values, put, values_of
from store.paths import decode_path, encode_path

UNDONE: Final = ".undone"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: what the touched names said before, and after."""

    path: Path
    before: dict[str, Values]
    after: dict[str, Values]


class Journal:
    """The journal of one run; every line is on disk before its file changes.

    A run that changes nothing leaves none.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.jsonl"
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def add(self, path: Path, before: Mapping[str, Values], after: Mapping[str, Values]) -> None:
        """Note a change that is about to happen."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8")
        line = {"path": encode_path(path), "before": dict(before), "after": dict(after)}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def newest(folder: Path) -> Path | None:
    """The journal of the last run that changed something and was not undone."""
    runs = sorted(folder.glob("*.jsonl"), reverse=True)
    return next((run for run in runs if next(entries(run), None)), None)


def entries(journal: Path) -> Iterator[Entry]:
    """What a journal holds, the last change first; a line that was cut off is left out."""
    for line in reversed(journal.read_text(encoding="utf-8").splitlines()):
        try:
            said = json.loads(line)
            yield Entry(decode_path(said["path"]), _values(said["before"]), _values(said["after"]))
        except (ValueError, KeyError, TypeError):
            continue


def undo(entry: Entry) -> bool:
    """Put back what a file said; false where somebody changed it since.

    Raises:
        TagError: The file cannot be read or written.
    """
    now = values_of(entry.path, entry.after)
    if now == entry.before:
        return True  # the run was killed before it came to this file
    if any(now[name] != value for name, value in entry.after.items()):
        return False
    put(entry.path, entry.before)
    return True


def close(journal: Path) -> None:
    """Remember that a journal was undone."""
    journal.rename(journal.with_suffix(UNDONE))


def _values(said: Mapping[str, list[str]]) -> dict[str, Values]:
    return {name: tuple(values) for name, values in said.items()}
