"""The stored raw stage of an analysis, and tracks whose stages are of another version."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.records import RawStage
from store.tables.analysis import TrackMIRRaw


def read_raw_stage(track_id: int) -> RawStage | None:
    """Return the raw stage of a track; None when it was not analysed."""
    with read() as session:
        row = session.get(TrackMIRRaw, track_id)
    if row is None:
        return None
    return RawStage(
        tags=tuple(row.tags),
        source=row.source,
        version=row.version,
        features_raw=row.features_raw,
        stage_versions=row.stage_versions,
    )


def outdated_tracks(current: Mapping[str, int]) -> list[int]:
    """Return the tracks of which a stored stage has another version than in `current`."""
    with read() as session:
        statement = select(col(TrackMIRRaw.track_id), col(TrackMIRRaw.stage_versions))
        found = rows(session, statement)
    return [row.track_id for row in found if row.stage_versions != current]
