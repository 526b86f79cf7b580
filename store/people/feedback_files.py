"""Feedback as CSV files: out for other programs and as a backup, and in again.

`prod_data.csv` is what people said, with what Backbeat predicted; `ref_data.csv` are the tracks of
the library as the mood model sees them, with the analytic moods.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.folding import fold
from store.moods.inputs import DESCRIPTORS, VECTOR_SIZE, library_inputs
from store.paths import shown_path
from store.people.given_feedback import PLAY, give, give_play, given_feedback
from store.results import StoreError
from store.tables.tracks import Artist, Track
from store.vocabulary import MOODS

PROD_FILE: Final = "prod_data.csv"
REF_FILE: Final = "ref_data.csv"
COLUMNS: Final = (
    "track_id", "content_hash", "path", "artist", "title", "field", "value", "predicted",
    "features_version", "created_at",
)  # fmt: skip
NEEDED: Final = frozenset({"field", "value"})


@dataclass(slots=True)
class FeedbackImport:
    """What came of an import; `skipped` says line by line what was left out, and why."""

    taken: int = 0
    skipped: list[str] = field(default_factory=list[str])


def export_feedback(person_id: int, folder: Path) -> tuple[int, int]:
    """Write both files; return how many (pieces of feedback, tracks).

    Raises:
        OSError: They cannot be written.
    """
    given = given_feedback(person_id, with_plays=True)
    about = _about({one.track_id for one in given})
    with (folder / PROD_FILE).open("w", encoding="utf-8", newline="") as file:
        table: csv.DictWriter[str] = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for one in reversed(given):
            table.writerow({
                **about[one.track_id], "track_id": one.track_id, "field": one.field,
                "value": one.value, "predicted": json.dumps(dict(one.predicted)),
                "features_version": one.features_version,
                "created_at": one.created_at.isoformat(),
            })  # fmt: skip
    return len(given), _export_reference(folder / REF_FILE)


def import_feedback(person_id: int, place: Path) -> FeedbackImport:
    """Take over what `export_feedback` wrote, or another table with at least field and value.

    A track is found by the content of its file, else its path, else artist and title, else its id
    together with the title. The newest word on a thing counts, as it stands last.

    Raises:
        StoreError: It is no such table.
    """
    done, known = FeedbackImport(), _Known()
    with place.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if not set(table.fieldnames or ()) >= NEEDED:
            raise StoreError(f"{place.name} has no columns {' and '.join(sorted(NEEDED))}.")
        try:
            for row in table:
                try:
                    _take(person_id, row, known)
                    done.taken += 1
                except (StoreError, ValueError) as error:
                    done.skipped.append(f"line {table.line_num}: {error}")
        except (csv.Error, UnicodeDecodeError) as error:
            done.skipped.append(f"line {table.line_num + 1} and what follows: {error}")
    return done


def _take(person_id: int, row: Mapping[str, Any], known: _Known) -> None:
    track_id = known.track(row)
    name, value = (row.get("field") or "").strip(), (row.get("value") or "").strip()
    if name == PLAY and row.get("created_at"):
        moment = datetime.fromisoformat(row["created_at"])
        if moment.tzinfo is None:
            raise StoreError("created_at has no time zone.")
        give_play(person_id, track_id, value, moment)
    else:
        give(person_id, track_id, name, value)


class _Known:
    """The tracks of the library by what a table may name them with."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, str], int | None] = {}
        for row in _tracks():
            names = {
                ("content", row.content_hash), ("path", shown_path(row.path)),
                ("name", f"{fold(row.artist or '')}\n{fold(row.title)}"),
                ("id", f"{row.id}\n{fold(row.title)}"),
            }  # fmt: skip
            for name in names:
                same = name in self._by and name[0] == "name"
                self._by[name] = None if same else row.id

    def track(self, row: Mapping[str, Any]) -> int:
        """Return the id of the track that a row names. Raises StoreError."""
        title, artist = row.get("title") or "", row.get("artist") or ""
        names = (
            ("content", row.get("content_hash") or ""), ("path", row.get("path") or ""),
            ("name", f"{fold(artist)}\n{fold(title)}"),
            ("id", f"{row.get('track_id') or ''}\n{fold(title)}"),
        )  # fmt: skip
        for name in names:
            if found := self._by.get(name):
                return found
        several = names[2] in self._by
        why = "several tracks are called" if several else "there is no track"
        raise StoreError(f"{why} “{artist} – {title}”.")


def _about(track_ids: set[int]) -> dict[int, dict[str, Any]]:
    return {
        row.id: {
            "content_hash": row.content_hash, "path": shown_path(row.path), "artist": row.artist,
            "title": row.title,
        }
        for row in _tracks(track_ids)
    }  # fmt: skip


def _tracks(track_ids: set[int] | None = None) -> Iterator[Any]:
    columns = select(
        col(Track.id), col(Track.path), col(Track.content_hash), col(Track.title),
        col(Artist.name).label("artist"),
    ).outerjoin(Artist, col(Artist.id) == col(Track.artist_id))  # fmt: skip
    wanted = () if track_ids is None else (among(col(Track.id), track_ids),)
    with read() as session:
        yield from rows(session, columns.where(*wanted))


def _export_reference(place: Path) -> int:
    names = [f"vector_{at}" for at in range(VECTOR_SIZE)]
    written = 0
    with place.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["track_id", *DESCRIPTORS, *(f"mood:{mood}" for mood in MOODS), *names])
        for piece in library_inputs():
            for at, number in enumerate(piece.ids):
                values = [*piece.values[at, VECTOR_SIZE:], *piece.analytic[at]]
                values += [*piece.values[at, :VECTOR_SIZE]]
                told = ["" if np.isnan(value) else f"{value:.6g}" for value in values]
                table.writerow([int(number), *told])
            written += len(piece.ids)
    return written
