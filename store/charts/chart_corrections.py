"""Corrected charts: rows of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, inspect, select
from sqlmodel import col

from store.database.db import read, rows, write
from store.library.track_writing import require
from store.stored_values import as_utc, plain
from store.tables.charts import ChartCorrection
from store.tables.tracks import Artist, Track


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """A correction to save; see `store.tables.charts.ChartCorrection`."""

    track_id: int
    file: str
    start_s: float
    notes: int
    automatic: Mapping[str, float]
    automatic_version: int
    automatic_chart_version: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectionDetail:
    """A stored correction, with the names of its track."""

    id: int
    track_id: int
    title: str
    artist: str | None
    file: str
    start_s: float
    notes: int
    automatic: Mapping[str, float]
    automatic_version: int
    automatic_chart_version: str | None
    created_at: datetime


_SELECT: Final = (
    select(*inspect(ChartCorrection).columns, col(Track.title), col(Artist.name).label("artist"))
    .join(Track, col(Track.id) == col(ChartCorrection.track_id))
    .join(Artist, col(Artist.id) == col(Track.artist_id), isouter=True)
)


def save_correction(record: CorrectionRecord) -> int:
    """Save a correction; return its id.

    Raises:
        StoreError: There is no such track.
    """
    row = ChartCorrection(
        track_id=record.track_id,
        file=record.file,
        start_s=record.start_s,
        notes=record.notes,
        automatic=plain(record.automatic),
        automatic_version=record.automatic_version,
        automatic_chart_version=record.automatic_chart_version,
    )
    with write() as session:
        require(session, record.track_id)
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def corrections(track_id: int | None = None) -> tuple[CorrectionDetail, ...]:
    """Return the stored corrections, of one track or of all, the newest first."""
    with read() as session:
        statement = _SELECT.order_by(col(ChartCorrection.id).desc())
        if track_id is not None:
            statement = statement.where(col(ChartCorrection.track_id) == track_id)
        found = rows(session, statement)
    return tuple(
        CorrectionDetail(
            id=row.id,
            track_id=row.track_id,
            title=row.title,
            artist=row.artist,
            file=row.file,
            start_s=row.start_s,
            notes=row.notes,
            automatic=row.automatic,
            automatic_version=row.automatic_version,
            automatic_chart_version=row.automatic_chart_version,
            created_at=as_utc(row.created_at),
        )
        for row in found
    )


def remove_correction(correction_id: int) -> CorrectionDetail | None:
    """Delete a correction and return it; None if there is none of this number."""
    correction = next((found for found in corrections() if found.id == correction_id), None)
    with write() as session:
        rows(session, delete(ChartCorrection).where(col(ChartCorrection.id) == correction_id))
    return correction
