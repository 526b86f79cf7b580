"""Tracks as lists and pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select
from sqlmodel import Session, col

from store.database.db import read, rows
from store.database.expressions import among, value_table
from store.paths import decode_path, shown_path
from store.results import StoreError, TrackDetail, TrackRow
from store.tables.analysis import (
    Genre,
    GenreTag,
    MoodTag,
    TrackAudioFeatures,
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
    TrackMIRSyntheticTag,
)
from store.tables.charts import DrumChart
from store.tables.tracks import Album, Artist, CoverImage, Track
from store.track_structure import TrackStructure, read_structure

MOOD_SHOWN: Final = 0.5
"""Strength 0..1 from which on a mood belongs to a track, in filters and lists."""

_GENRE: Final = (
    select(col(Genre.name))
    .join(GenreTag, col(GenreTag.genre_id) == col(Genre.id))
    .order_by(col(GenreTag.main).desc(), col(GenreTag.weight).desc())
)
_FIRST_GENRE: Final = (
    _GENRE.where(col(GenreTag.track_id) == col(Track.id), col(GenreTag.main).is_(True))
    .limit(1)
    .scalar_subquery()
)
_CHART_COUNT: Final = (
    select(func.count()).where(col(DrumChart.track_id) == col(Track.id)).scalar_subquery()
)
_ROWS: Final = (
    select(
        col(Track.id),
        col(Track.title),
        col(Artist.name).label("artist"),
        col(Album.title).label("album"),
        col(Track.year),
        col(Track.duration_s),
        col(TrackAudioFeatures.bpm),
        col(TrackAudioFeatures.bpm_alternative),
        col(TrackAudioFeatures.camelot_key),
        col(TrackAudioFeatures.energy),
        col(Track.cover_id).is_not(None).label("has_cover"),
        col(Track.recording),
        col(Track.audio_format),
        col(Track.bit_rate),
        col(Track.kind),
        _FIRST_GENRE.label("genre"),
        _CHART_COUNT.label("chart_count"),
    )
    .select_from(Track)
    .outerjoin(Artist, col(Artist.id) == col(Track.artist_id))
    .outerjoin(Album, col(Album.id) == col(Track.album_id))
    .outerjoin(TrackAudioFeatures, col(TrackAudioFeatures.track_id) == col(Track.id))
)


def track_rows(ids: Sequence[int]) -> tuple[TrackRow, ...]:
    """Return the tracks in the order of `ids`; unknown ones are left out."""
    with read() as session:
        return rows_of(session, ids)


def rows_of(session: Session, ids: Sequence[int]) -> tuple[TrackRow, ...]:
    """Return what `track_rows` does, within the caller's session."""
    moods = moods_of(session, ids)
    wanted = value_table(ids)
    statement = _ROWS.join(wanted, col(Track.id) == wanted.c.value).order_by(wanted.c.key)
    found = rows(session, statement)
    return tuple(_track_row(row, moods.get(row.id, {})) for row in found)


def moods_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """Return track → mood → strength, the strongest first."""
    moods: dict[int, dict[str, float]] = {}
    statement = select(col(MoodTag.track_id), col(MoodTag.mood), col(MoodTag.strength))
    ordered = statement.order_by(col(MoodTag.strength).desc(), col(MoodTag.mood))
    for row in rows(session, ordered.where(among(col(MoodTag.track_id), ids))):
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
        kind=row.kind,
    )


def track(track_id: int) -> TrackDetail | None:
    """Return all stored values of a track."""
    with read() as session:
        found = rows_of(session, [track_id])
        if not found:
            return None
        base = rows(session, _BASE.where(col(Track.id) == track_id))[0]
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
            genres=tuple(row.name for row in rows(session, _genres(track_id))),
            normalized=normalized.model_dump(exclude={"track_id"}) if normalized else {},
            scores=scores.model_dump(exclude={"track_id"}) if scores else {},
            synthetic_tags=tuple(
                (row.tag, row.score, row.category, row.reason)
                for row in rows(session, _synthetic_tags(track_id))
            ),
            moods=moods_of(session, [track_id]).get(track_id, {}),
            source=raw.source if raw else "",
            charts=tuple(row.id for row in rows(session, _charts(track_id))),
            structure=read_structure(raw.features_raw)
            if raw and found[0].kind is None
            else TrackStructure(),
        )


_BASE: Final = (
    select(
        col(Track.path),
        col(Track.audio_format),
        col(TrackAudioFeatures.key),
        col(TrackAudioFeatures.scale),
        col(TrackAudioFeatures.bpm_confidence),
    )
    .select_from(Track)
    .outerjoin(TrackAudioFeatures, col(TrackAudioFeatures.track_id) == col(Track.id))
)


def _genres(track_id: int) -> Select:
    return _GENRE.where(col(GenreTag.track_id) == track_id).order_by(col(Genre.name))


def _synthetic_tags(track_id: int) -> Select:
    tag = TrackMIRSyntheticTag
    columns = select(col(tag.tag), col(tag.score), col(tag.category), col(tag.reason))
    ordered = columns.order_by(col(tag.score).desc(), col(tag.tag))
    return ordered.where(col(tag.track_id) == track_id)


def _charts(track_id: int) -> Select:
    charts = select(col(DrumChart.id)).where(col(DrumChart.track_id) == track_id)
    return charts.order_by(col(DrumChart.id).desc())


def track_file(track_id: int) -> Path:
    """Return the path of the audio file of a track.

    Raises:
        StoreError: The track or its file is not there.
    """
    with read() as session:
        found = rows(session, select(col(Track.path)).where(col(Track.id) == track_id))
    if not found:
        raise StoreError(f"There is no track {track_id} in the library.")
    path = decode_path(found[0].path)
    if not path.is_file():
        raise StoreError(
            f"The file of this track is not there: {shown_path(found[0].path)}. "
            "Is its disk connected?"
        )
    return path


@dataclass(frozen=True, slots=True)
class TrackSound:
    """Where the sound of a track is: a file, or a part of it to `end_s` (None: its end)."""

    path: Path
    start_s: float = 0.0
    end_s: float | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is not all of the file."""
        return self.start_s > 0 or self.end_s is not None


def track_sound(track_id: int) -> TrackSound:
    """Return where the sound of a track is.

    Raises:
        StoreError: The track or its file is not there.
    """
    path = track_file(track_id)
    with read() as session:
        where = select(col(Track.start_s), col(Track.end_s)).where(col(Track.id) == track_id)
        found = rows(session, where)
    return TrackSound(path, found[0].start_s, found[0].end_s) if found else TrackSound(path)


def parts_among(track_ids: Sequence[int]) -> dict[int, TrackSound]:
    """Return those of the tracks that are parts of files; nothing is looked for on a disk."""
    is_part = or_(col(Track.start_s) > 0, col(Track.end_s).is_not(None))
    statement = select(col(Track.id), col(Track.path), col(Track.start_s), col(Track.end_s))
    with read() as session:
        found = rows(session, statement.where(among(col(Track.id), track_ids), is_part))
    return {r.id: TrackSound(decode_path(r.path), r.start_s, r.end_s) for r in found}


def cover(track_id: int) -> tuple[str, bytes] | None:
    """Return (mime, bytes) of a track's cover."""
    covers = select(col(CoverImage.mime), col(CoverImage.data))
    covers = covers.join(Track, col(Track.cover_id) == col(CoverImage.id))
    with read() as session:
        found = rows(session, covers.where(col(Track.id) == track_id))
    return (found[0].mime, bytes(found[0].data)) if found else None


def picture(cover_id: int) -> tuple[str, bytes] | None:
    """Return (mime, bytes) of a stored picture."""
    wanted = select(col(CoverImage.mime), col(CoverImage.data))
    with read() as session:
        found = rows(session, wanted.where(col(CoverImage.id) == cover_id))
    return (found[0].mime, bytes(found[0].data)) if found else None
