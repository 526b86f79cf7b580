"""Journal of the changes of tags, to undo them: one JSON object a line, one line a file."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self, TextIO

from indexer.files.tags.former_bytes import FormerBytes
from indexer.files.tags.tag_fields import Values
from indexer.files.tags.tag_marks import same_values
from indexer.files.tags.tag_writing import read_values, replace_values, restore_bytes
from store.paths import decode_path, encode_path

UNDONE: Final = ".undone"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One file: the values of the changed names before and after, and its bytes before.

    Attributes:
        former: None in journals of earlier versions.
    """

    path: Path
    before: dict[str, Values]
    after: dict[str, Values]
    former: FormerBytes | None = None


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

    def add(
        self,
        path: Path,
        before: Mapping[str, Values],
        after: Mapping[str, Values],
        former: FormerBytes | None = None,
    ) -> None:
        """Record a change that is about to be made."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8")
        self._file.write(_line(JournalEntry(path, dict(before), dict(after), former)))
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
                decode_path(stored["path"]),
                _values(stored["before"]),
                _values(stored["after"]),
                _former(stored.get("former")),
            )
        except (ValueError, KeyError, TypeError):
            continue


def undo(entry: JournalEntry, *, keep_date: bool = False) -> bool:
    """Restore a file, or where other tags changed since its values; False where these changed.

    Raises:
        TagError: The file cannot be read or written.
    """
    if entry.former and restore_bytes(entry.path, entry.former, keep_date=keep_date):
        return True
    now = read_values(entry.path, entry.after)
    if now == entry.before:
        return True  # the run ended before it changed this file
    if not all(same_values(now[name], value) for name, value in entry.after.items()):
        return False
    made = entry.former is not None and entry.former.made_tags
    replace_values(entry.path, entry.before, keep_date=keep_date, drop_empty=made)
    return True


def keep_entries(journal: Path, kept: Collection[JournalEntry]) -> None:
    """Leave in a journal what could not be undone, the last first; retire it where that is all."""
    if not kept:
        journal.rename(journal.with_suffix(UNDONE))
        return
    part = journal.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(_line(entry) for entry in reversed(list(kept)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(journal)


def _line(entry: JournalEntry) -> str:
    line = {"path": encode_path(entry.path), "before": entry.before, "after": entry.after}
    if entry.former:
        line["former"] = asdict(entry.former)
    return json.dumps(line) + "\n"


def _former(stored: dict[str, Any] | None) -> FormerBytes | None:
    if stored is None:
        return None
    parts = stored["parts"]
    return FormerBytes(
        before=stored["before"],
        after=stored["after"],
        parts=parts
        if parts is None
        else tuple(p if isinstance(p, str) else tuple(p) for p in parts),
        made_tags=stored["made_tags"],
    )


def _values(stored: Mapping[str, list[str]]) -> dict[str, Values]:
    return {name: tuple(values) for name, values in stored.items()}
