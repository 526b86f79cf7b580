"""What the files themselves say of tracks, for programs that read nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.tables.tracks import Track, TrackMetadata

_NAMES: Final = ("genre", "mood", "bpm")


@dataclass(frozen=True, slots=True)
class TagsInFile:
    """Tags of a file as they stand: genres, moods, tempo, MusicBrainz recording."""

    genre: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    bpm: tuple[str, ...] = ()
    recording_id: str | None = field(default=None)


def file_tags(track_ids: Sequence[int]) -> dict[int, TagsInFile]:
    """Return track → the tags of its file."""
    tag = TrackMetadata
    values = select(col(tag.track_id), col(tag.key), col(tag.value)).where(
        among(col(tag.track_id), track_ids), col(tag.key).in_(_NAMES)
    )
    recordings = select(col(Track.id), col(Track.musicbrainz_id)).where(
        among(col(Track.id), track_ids)
    )
    with read() as session:
        found: dict[int, dict[str, tuple[str, ...]]] = {}
        for row in rows(session, values.order_by(col(tag.id))):
            named = found.setdefault(row.track_id, {})
            named[row.key] = (*named.get(row.key, ()), row.value)
        ids = {row.id: row.musicbrainz_id for row in rows(session, recordings)}
    return {
        number: TagsInFile(**found.get(number, {}), recording_id=recording)
        for number, recording in ids.items()
    }
