"""Finished drum charts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row

from store.database.db import read, rows, write
from store.library.track_writing import require
from store.records import ChartRecord
from store.results import ChartDetail
from store.stored_values import plain
from store.tables.charts import DrumChart

_SELECT: Final = """
SELECT drumchart.*, track.title, artist.name AS artist
FROM drumchart JOIN track ON track.id = drumchart.track_id
LEFT JOIN artist ON artist.id = track.artist_id"""


def save_chart(record: ChartRecord) -> int:
    """Save a finished drum chart; return its id.

    Raises:
        StoreError: There is no such track.
    """
    row = DrumChart(
        track_id=record.track_id,
        folder=record.folder,
        zip_file=record.zip_file,
        picture=record.picture,
        bpm=record.bpm,
        levels=plain(record.levels),
        version=record.version,
        chart_version=record.chart_version,
    )
    with write() as session:
        require(session, record.track_id)
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def chart(chart_id: int) -> ChartDetail | None:
    """Return a finished drum chart; None if there is none of this id."""
    with read() as session:
        found = rows(session, f"{_SELECT} WHERE drumchart.id = :id", id=chart_id)
    return _details(found)[0] if found else None


def charts_of(track_id: int) -> tuple[ChartDetail, ...]:
    """Return the charts of a track, the newest first."""
    with read() as session:
        found = rows(
            session, f"{_SELECT} WHERE track_id = :id ORDER BY drumchart.id DESC", id=track_id
        )
    return _details(found)


def remove_charts(track_id: int, prefix: str) -> tuple[str, ...]:
    """Delete the charts of a track whose folder begins with `prefix`; return their folders."""
    with write() as session:
        found = rows(
            session,
            "DELETE FROM drumchart WHERE track_id = :id AND substr(folder, 1, :size) = :prefix "
            "RETURNING folder",
            id=track_id,
            size=len(prefix),
            prefix=prefix,
        )
    return tuple(row.folder for row in found)


def _details(found: Sequence[Row[Any]]) -> tuple[ChartDetail, ...]:
    return tuple(
        ChartDetail(
            id=row.id,
            track_id=row.track_id,
            title=row.title,
            artist=row.artist,
            folder=row.folder,
            zip_file=row.zip_file,
            picture=row.picture,
            bpm=row.bpm,
            levels=json.loads(row.levels),
            chart_version=row.chart_version,
        )
        for row in found
    )
