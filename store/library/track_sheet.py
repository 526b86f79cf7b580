"""What is known of a track's file and of where its values come from, for the page of a track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.library.corrections.correcting import corrections_of
from store.library.corrections.sound_values import OWNER
from store.stored_values import as_utc
from store.tables.analysis import TrackAudioFeatures, TrackMIRRaw
from store.tables.tracks import Album, Track, TrackMetadata
from store.tracks.text_encodings import REPAIRED, RepairedTag, repaired_tag

_FILE: Final = (
    "path", "size_bytes", "audio_format", "sample_rate_hz", "channels", "bit_rate", "track_no",
    "disc_no", "musicbrainz_id", "album_id", "artist_id", "cover_id", "missing",
    "added_at", "analysed_at",
)  # fmt: skip
_MEASURED: Final = (
    "bpm_confidence", "key_confidence", "loudness_lufs", "true_peak_dbtp", "onset_rate_hz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackSheet:
    """A track's file, its measured values and their sources.

    Attributes:
        file: Column of the track → value; `path` is stored path text.
        album_artist_id: Artist of its album.
        measured: Column of the audio features → value.
        metadata: (key, value) of the other tags of the file, in the order of the file.
        repaired: Texts of the tags that are read in another code page than they say.
        sources: Name of a value → its sources joined by "+" (`indexer.mir.types.ValueSource`).
        corrections: Name of a value → what a person said it is.
        tuning_cents: Offset from A = 440 Hz.
    """

    file: Mapping[str, Any]
    album_artist_id: int | None
    measured: Mapping[str, float | None]
    metadata: tuple[tuple[str, str], ...]
    repaired: tuple[RepairedTag, ...]
    sources: Mapping[str, str]
    corrections: Mapping[str, str]
    tuning_cents: float | None


@dataclass(frozen=True, slots=True)
class TrackPlaces:
    """Ids of the artist and the album of a track, None where it has none."""

    artist_id: int | None
    album_id: int | None


def track_places(track_id: int) -> TrackPlaces | None:
    """Return whose a track is and what album it is on; None if there is no such track."""
    columns = select(col(Track.artist_id), col(Track.album_id))
    with read() as session:
        found = rows(session, columns.where(col(Track.id) == track_id))
    return TrackPlaces(found[0].artist_id, found[0].album_id) if found else None


def track_sheet(track_id: int) -> TrackSheet | None:
    """Return the sheet of a track; None if there is no such track."""
    columns = (
        *(col(getattr(Track, name)) for name in _FILE),
        *(col(getattr(TrackAudioFeatures, name)) for name in _MEASURED),
        col(Album.artist_id).label("album_artist_id"),
        col(TrackMIRRaw.features_raw),
    )
    joined = (
        select(*columns)
        .select_from(Track)
        .outerjoin(TrackAudioFeatures, col(TrackAudioFeatures.track_id) == col(Track.id))
        .outerjoin(TrackMIRRaw, col(TrackMIRRaw.track_id) == col(Track.id))
        .outerjoin(Album, col(Album.id) == col(Track.album_id))
    )
    tags = select(*(col(getattr(TrackMetadata, name)) for name in ("key", "value", "source")))
    with read() as session:
        found = rows(session, joined.where(col(Track.id) == track_id))
        if not found:
            return None
        kept = tags.where(col(TrackMetadata.track_id) == track_id).order_by(col(TrackMetadata.id))
        stored = rows(session, kept)
    values = dict(found[0]._mapping)
    raw = values["features_raw"] or {}
    key = raw.get("key")
    corrections = corrections_of(track_id)
    return TrackSheet(
        file={name: _plain(values[name]) for name in _FILE},
        album_artist_id=values["album_artist_id"],
        measured={name: values[name] for name in _MEASURED},
        metadata=tuple((t.key, t.value) for t in stored if not t.source.startswith(REPAIRED)),
        repaired=tuple(repaired_tag(*t) for t in stored if t.source.startswith(REPAIRED)),
        sources=_texts(raw.get("sources")) | dict.fromkeys(corrections, OWNER),
        corrections=corrections,
        tuning_cents=key.get("tuning_cents") if isinstance(key, dict) else None,
    )


def _plain(value: Any) -> Any:
    return as_utc(value).isoformat() if isinstance(value, datetime) else value


def _texts(stored: object) -> dict[str, str]:
    if not isinstance(stored, dict):
        return {}
    return {str(name): source for name, source in stored.items() if isinstance(source, str)}
