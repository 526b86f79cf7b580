"""Single parts of what is stored of a track: features, vectors, metadata."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import has_track
from store.tables.analysis import TrackAudioFeatures, TrackEmbedding
from store.tables.tracks import Track, TrackMetadata


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A vector of a track.

    Attributes:
        kind: "audio" or "text".
        source: The program that computed it.
        values: None where they were not asked for.
    """

    kind: str
    source: str
    model: str
    version: int
    dimension: int
    values: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """A value read from a file, such as "LABEL" → "Blue Note", and where it came from."""

    key: str
    value: str
    source: str


def audio_features(track_id: int) -> dict[str, Any] | None:
    """Return column → value of the features that filters and lists use.

    All are None for a track that was not analysed; None when there is no such track.
    """
    with read() as session:
        if not has_track(session, track_id):
            return None
        row = session.get(TrackAudioFeatures, track_id) or TrackAudioFeatures(track_id=track_id)
        return row.model_dump(exclude={"track_id"})


def stored_vectors(track_id: int, *, values: bool) -> tuple[StoredVector, ...] | None:
    """Return the vectors of a track, with their values where asked; None without such a track."""
    vector = TrackEmbedding
    columns = [
        col(vector.kind), col(vector.source), col(vector.model), col(vector.version),
        col(vector.dimension),
    ]  # fmt: skip
    if values:
        columns.append(col(vector.vector))
    found = select(*columns).where(col(vector.track_id) == track_id)
    with read() as session:
        if not has_track(session, track_id):
            return None
        return tuple(
            StoredVector(
                row.kind, row.source, row.model, row.version, row.dimension,
                struct.unpack(f"<{row.dimension}f", row.vector) if values else None,
            )
            for row in rows(session, found.order_by(col(vector.kind), col(vector.model)))
        )  # fmt: skip


def metadata(track_id: int) -> tuple[MetadataValue, ...] | None:
    """Return what else was read from the file of a track; None when there is no such track."""
    value = TrackMetadata
    found = select(col(value.key), col(value.value), col(value.source))
    with read() as session:
        if not has_track(session, track_id):
            return None
        of_track = found.where(col(value.track_id) == track_id).order_by(col(value.id))
        return tuple(MetadataValue(*row) for row in rows(session, of_track))


def file_facts(track_id: int) -> dict[str, Any] | None:
    """Return column → value of what is known of the file but where it is; None without a track."""
    track = Track
    columns = select(
        col(track.size_bytes), col(track.duration_s), col(track.audio_format),
        col(track.sample_rate_hz), col(track.channels), col(track.bit_rate), col(track.track_no),
        col(track.disc_no), col(track.year), col(track.musicbrainz_id),
        col(track.musicbrainz_album_id), col(track.musicbrainz_artist_id),
        col(track.acoustid_fingerprint), col(track.content_hash),
    )  # fmt: skip
    with read() as session:
        found = rows(session, columns.where(col(track.id) == track_id))
    return dict(found[0]._mapping) if found else None
