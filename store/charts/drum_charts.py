"""Finished drum charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, func, inspect, select
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.library.track_writing import require
from store.records import ChartRecord
from store.results import ChartDetail
from store.stored_values import plain
from store.tables.charts import DrumChart
from store.tables.tracks import Artist, Track

_SELECT: Final = (
    select(*inspect(DrumChart).columns, col(Track.title), col(Artist.name).label("artist"))
    .join(Track, col(Track.id) == col(DrumChart.track_id))
    .join(Artist, col(Artist.id) == col(Track.artist_id), isouter=True)
)


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
        found = rows(session, _SELECT.where(col(DrumChart.id) == chart_id))
    return _details(found)[0] if found else None


def charts_of(track_id: int) -> tuple[ChartDetail, ...]:
    """Return the charts of a track, the newest first."""
    with read() as session:
        mine = _SELECT.where(col(DrumChart.track_id) == track_id)
        found = rows(session, mine.order_by(col(DrumChart.id).desc()))
    return _details(found)


def charted(track_ids: Sequence[int]) -> frozenset[int]:
    """Return which of the tracks have a chart."""
    mine = select(col(DrumChart.track_id)).where(among(col(DrumChart.track_id), track_ids))
    with read() as session:
        return frozenset(row.track_id for row in rows(session, mine))


def all_charts() -> tuple[ChartDetail, ...]:
    """Return all charts, the oldest first."""
    with read() as session:
        found = rows(session, _SELECT.order_by(col(DrumChart.id)))
    return _details(found)


def remove_charts(track_id: int, prefix: str) -> tuple[str, ...]:
    """Delete the charts of a track whose folder begins with `prefix`; return their folders."""
    with write() as session:
        statement = delete(DrumChart).where(
            col(DrumChart.track_id) == track_id,
            func.substr(col(DrumChart.folder), 1, len(prefix)) == prefix,
        )
        found = rows(session, statement.returning(col(DrumChart.folder)))
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
            levels=row.levels,
            chart_version=row.chart_version,
        )
        for row in found
    )
