"""Journal of the changes of tags, to undo them: one JSON object a line, one line a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self, TextIO

from indexer.files.tags.tag_fields import Values
from indexer.files.tags.tag_marks import same_values
from indexer.files.tags.tag_writing import read_values, replace_values
from store.paths import decode_path, encode_path

UNDONE: Final = ".undone"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One file: the values of the changed names before and after."""

    path: Path
    before: dict[str, Values]
    after: dict[str, Values]


class TagJournal:
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
        """Record a change that is about to be made."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8")
        line = {"path": encode_path(path), "before": dict(before), "after": dict(after)}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def newest_journal(folder: Path) -> Path | None:
    """Return the journal of the last run that changed something and was not undone."""
    runs = sorted(folder.glob("*.jsonl"), reverse=True)
    return next((run for run in runs if next(entries(run), None)), None)


def entries(journal: Path) -> Iterator[JournalEntry]:
    """Yield the entries of a journal, the last first; an incomplete line is left out."""
    for line in reversed(journal.read_text(encoding="utf-8").splitlines()):
        try:
            stored = json.loads(line)
            yield JournalEntry(
                decode_path(stored["path"]), _values(stored["before"]), _values(stored["after"])
            )
        except (ValueError, KeyError, TypeError):
            continue


def undo(entry: JournalEntry) -> bool:
    """Restore the values of a file; return False where they were changed since.

    Raises:
        TagError: The file cannot be read or written.
    """
    now = read_values(entry.path, entry.after)
    if now == entry.before:
        return True  # the run ended before it changed this file
    if not all(same_values(now[name], value) for name, value in entry.after.items()):
        return False
    replace_values(entry.path, entry.before)
    return True


def mark_undone(journal: Path) -> None:
    """Rename a journal that was undone, so that it is not found again."""
    journal.rename(journal.with_suffix(UNDONE))


def _values(stored: Mapping[str, list[str]]) -> dict[str, Values]:
    return {name: tuple(values) for name, values in stored.items()}
