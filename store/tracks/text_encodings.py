"""Code pages of the texts in tags: what was repaired, and what a person chose for a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Select, delete, func, or_, select
from sqlmodel import col

from store.database.db import read, rows, write
from store.paths import decode_path, encode_path
from store.tables.tracks import Feedback, Track, TrackMetadata

REPAIRED: Final = "repaired:"
"""Begins the source of a metadata row that holds a text as the file has it, before the codec."""
CHOICE: Final = "text_encoding"
"""Field of the feedback that holds the choice of a person."""


@dataclass(frozen=True, slots=True)
class RepairedTag:
    """A text of a file's tags that is shown in another code page than they say.

    Attributes:
        name: Plain name of the tag, such as "title".
        original: The text as the tag says.
        codec: The code page that it is read in.
    """

    name: str
    original: str
    codec: str


def chosen_encoding(path: Path) -> str | None:
    """Return the code page that a person chose for the file at a path; None without a choice."""
    with read() as session:
        found = rows(
            session,
            select(col(Feedback.value))
            .join(Track, col(Track.id) == col(Feedback.track_id))
            .where(col(Track.path) == encode_path(path), col(Feedback.field) == CHOICE)
            .order_by(col(Feedback.id).desc())
            .limit(1),
        )
    return found[0].value if found else None


def choose_encoding(under: Path, codec: str | None) -> tuple[Path, ...]:
    """Set the code page of the files of a folder, or of one file, and return their paths.

    Args:
        under: A folder or a file, absolute.
        codec: None takes the choice back.
    """
    with write() as session:
        found = rows(session, _tracks(under))
        ids = [row.id for row in found]
        of_tracks = (col(Feedback.track_id).in_(ids), col(Feedback.field) == CHOICE)
        rows(session, delete(Feedback).where(*of_tracks))
        if codec is not None:
            session.add_all(Feedback(track_id=one, field=CHOICE, value=codec) for one in ids)
    return tuple(decode_path(row.path) for row in found)


def repaired_tags(under: Path | None) -> tuple[tuple[Path, RepairedTag], ...]:
    """Return the repaired texts of a folder, of a file, or of the library, with their files."""
    value = TrackMetadata
    with read() as session:
        found = rows(
            session,
            _tracks(under)
            .add_columns(col(value.key), col(value.value), col(value.source))
            .join(value, col(value.track_id) == col(Track.id))
            .where(col(value.source).startswith(REPAIRED))
            .order_by(col(Track.path), col(value.id)),
        )
    return tuple(
        (decode_path(row.path), repaired_tag(row.key, row.value, row.source)) for row in found
    )


def repaired_tag(key: str, value: str, source: str) -> RepairedTag:
    """Return a metadata row of a repaired text as what it means."""
    return RepairedTag(key, value, source.removeprefix(REPAIRED))


def _tracks(under: Path | None) -> Select:
    columns = select(col(Track.id), col(Track.path)).where(col(Track.missing).is_(False))
    if under is None:
        return columns
    path = encode_path(under)
    begins = func.substr(col(Track.path), 1, len(path) + 1) == path + "/"
    return columns.where(or_(col(Track.path) == path, begins))
