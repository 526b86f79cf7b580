"""Tracks as lists and pages show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows
from store.database.tables import TrackMIRNormalized, TrackMIRRaw, TrackMIRScores
from store.paths import decode_path, shown_path
from store.results import StoreError, TrackDetail, TrackRow
from store.track_structure import Course, course_of

MOOD_SHOWN: Final = 0.5
"""From this strength on a mood belongs to a track: filters and lists agree on it."""

_ROWS: Final = """
SELECT track.id, track.title, artist.name AS artist, album.title AS album, track.year,
    track.duration_s, features.bpm, features.bpm_alternative, features.camelot_key,
    features.energy, track.cover_id IS NOT NULL AS has_cover, track.recording,
    track.audio_format, track.bit_rate,
    (SELECT name FROM genretag JOIN genre ON genre.id = genre_id
        WHERE track_id = track.id ORDER BY main DESC, weight DESC LIMIT 1) AS genre,
    (SELECT count(*) FROM drumchart WHERE track_id = track.id) AS chart_count
FROM json_each(:ids) AS wanted JOIN track ON track.id = wanted.value
LEFT JOIN artist ON artist.id = track.artist_id
LEFT JOIN album ON album.id = track.album_id
LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id
ORDER BY wanted.key"""

_MOODS: Final = """
SELECT track_id, mood, strength FROM moodtag
WHERE track_id IN (SELECT value FROM json_each(:ids)) ORDER BY strength DESC, mood"""


def track_rows(ids: Sequence[int]) -> tuple[TrackRow, ...]:
    """The tracks in the order of `ids`; unknown ones are left out."""
    with read() as session:
        return rows_of(session, ids)


def rows_of(session: Session, ids: Sequence[int]) -> tuple[TrackRow, ...]:
    """As `track_rows`, within the caller's session."""
    moods = moods_of(session, ids)
    found = rows(session, _ROWS, ids=json.dumps(list(ids)))
    return tuple(_track_row(row, moods.get(row.id, {})) for row in found)


def moods_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """Track → mood → strength, the strongest first."""
    moods: dict[int, dict[str, float]] = {}
    for row in rows(session, _MOODS, ids=json.dumps(list(ids))):
        moods.setdefault(row.track_id, {})[row.mood] = row.strength
    return moods


def _track_row(row: Row[Any], moods: Mapping[str, float]) -> TrackRow:
    return TrackRow(
        id=row.id,
        title=row.title,
        artist=row.artist,
        album=row.album,
        year=row.year,
        duration_s=row.duration_s,
        bpm=row.bpm,
        bpm_alternative=row.bpm_alternative,
        camelot=row.camelot_key,
        genre=row.genre,
        moods=tuple(mood for mood, strength in moods.items() if strength >= MOOD_SHOWN),
        energy=row.energy,
        has_cover=bool(row.has_cover),
        chart_count=row.chart_count,
        recording=row.recording,
        audio_format=row.audio_format,
        bit_rate=row.bit_rate,
    )


def track(track_id: int) -> TrackDetail | None:
    """Everything known of a track."""
    with read() as session:
        found = rows_of(session, [track_id])
        if not found:
            return None
        base = rows(session, _BASE, id=track_id)[0]
        normalized = session.get(TrackMIRNormalized, track_id)
        scores = session.get(TrackMIRScores, track_id)
        raw = session.get(TrackMIRRaw, track_id)
        return TrackDetail(
            row=found[0],
            path=shown_path(base.path),
            audio_format=base.audio_format,
            key=base.key,
            scale=base.scale,
            bpm_confidence=base.bpm_confidence,
            genres=tuple(row.name for row in rows(session, _GENRES, id=track_id)),
            normalized=normalized.model_dump(exclude={"track_id"}) if normalized else {},
            scores=scores.model_dump(exclude={"track_id"}) if scores else {},
            synthetic_tags=tuple(
                (row.tag, row.score, row.category, row.reason)
                for row in rows(session, _SYNTHETIC, id=track_id)
            ),
            moods=moods_of(session, [track_id]).get(track_id, {}),
            source=raw.source if raw else "",
            charts=tuple(row.id for row in rows(session, _CHARTS, id=track_id)),
            course=course_of(raw.features_raw) if raw else Course(),
        )


_BASE: Final = """
SELECT track.path, track.audio_format, features.key, features.scale, features.bpm_confidence
FROM track LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id
WHERE track.id = :id"""
_GENRES: Final = """
SELECT name FROM genretag JOIN genre ON genre.id = genre_id
WHERE track_id = :id ORDER BY main DESC, weight DESC, name"""
_SYNTHETIC: Final = """
SELECT tag, score, category, reason FROM trackmirsynthetictag
WHERE track_id = :id ORDER BY score DESC, tag"""
_CHARTS: Final = "SELECT id FROM drumchart WHERE track_id = :id ORDER BY id DESC"


def track_file(track_id: int) -> Path:
    """The audio file of a track.

    Raises:
        StoreError: The track or its file is not there.
    """
    with read() as session:
        found = rows(session, "SELECT path FROM track WHERE id = :id", id=track_id)
    if not found:
        raise StoreError(f"There is no track {track_id} in the library.")
    place = decode_path(found[0].path)
    if not place.is_file():
        raise StoreError(
            f"The file of this track is not there: {shown_path(found[0].path)}. "
            "Is its disk connected?"
        )
    return place


def cover(track_id: int) -> tuple[str, bytes] | None:
    """(mime, bytes) of a track's cover."""
    with read() as session:
        found = rows(
            session,
            "SELECT mime, data FROM cover JOIN track ON track.cover_id = cover.id "
            "WHERE track.id = :id",
            id=track_id,
        )
    return (found[0].mime, bytes(found[0].data)) if found else None
