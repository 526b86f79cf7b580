"""Code pages of the texts in tags: what was repaired, and what a person chose for a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Select, func, or_, select, update
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.paths import decode_path, encode_path
from store.tables.tracks import Track, TrackMetadata

REPAIRED: Final = "repaired:"
"""Begins the source of a metadata row that holds a text as the file has it, before the codec."""


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
    chosen = select(col(Track.text_encoding)).where(col(Track.path) == encode_path(path))
    with read() as session:
        found = rows(session, chosen)
    return found[0].text_encoding if found else None


def choose_encoding(under: Path, codec: str | None) -> tuple[Path, ...]:
    """Set the code page of the files of a folder, or of one file, and return their paths.

    Args:
        under: A folder or a file, absolute.
        codec: None takes the choice back.
    """
    with write() as session:
        found = rows(session, _tracks(under))
        chosen = update(Track).where(among(col(Track.id), [row.id for row in found]))
        rows(session, chosen.values(text_encoding=codec))
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
