"""Corrected charts: rows of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from store.database.db import read, rows, write
from store.library.track_writing import require
from store.stored_values import moment, plain
from store.tables.charts import ChartCorrection


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
        found = rows(
            session,
            """
            SELECT chartcorrection.*, track.title, artist.name AS artist
            FROM chartcorrection JOIN track ON track.id = chartcorrection.track_id
            LEFT JOIN artist ON artist.id = track.artist_id
            WHERE :track_id IS NULL OR track_id = :track_id ORDER BY chartcorrection.id DESC""",
            track_id=track_id,
        )
    return tuple(
        CorrectionDetail(
            id=row.id,
            track_id=row.track_id,
            title=row.title,
            artist=row.artist,
            file=row.file,
            start_s=row.start_s,
            notes=row.notes,
            automatic=json.loads(row.automatic),
            automatic_version=row.automatic_version,
            automatic_chart_version=row.automatic_chart_version,
            created_at=moment(row.created_at),
        )
        for row in found
    )


def remove_correction(correction_id: int) -> CorrectionDetail | None:
    """Delete a correction and return it; None if there is none of this number."""
    correction = next((found for found in corrections() if found.id == correction_id), None)
    with write() as session:
        rows(session, "DELETE FROM chartcorrection WHERE id = :id", id=correction_id)
    return correction
