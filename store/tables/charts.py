"""Tables of the drum charts, their corrections, and how they were played."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column, utc_now


class DrumChart(SQLModel, table=True):
    """A finished chart; `folder`, `zip_file`, `picture` are relative to the charts folder.

    `chart_version` is the version of the drum code and its networks that made it; NULL for charts
    made before it was stored, which have the number `version` alone.
    """

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = owner_column("track.id")
    folder: str
    zip_file: str
    picture: str | None = None
    bpm: float
    levels: dict[str, Any] = json_column()
    version: int = 1
    chart_version: str | None = None
    created_at: datetime = Field(default_factory=utc_now)


class ChartCorrection(SQLModel, table=True):
    """A corrected chart of a track; `file` is relative to the corrections folder.

    `start_s` is the recording time of its first bar, `automatic` the F-measures of the automatic
    chart against it: {"F": …, "KD": …}, made by `automatic_version`, `automatic_chart_version` (as
    `DrumChart` has them).
    """

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = owner_column("track.id")
    file: str
    start_s: float
    notes: int
    automatic: dict[str, Any] = json_column()
    automatic_version: int
    automatic_chart_version: str | None = None
    created_at: datetime = Field(default_factory=utc_now)


class ChartTiming(SQLModel, table=True):
    """Tempo and offset of the charts of a track, as a person corrected them.

    `bpm` is an even tempo; without it the tempo that was found counts `factor` times. All bars
    begin `shift_s` later.
    """

    track_id: int = owner_column("track.id", primary=True)
    bpm: float | None = None
    factor: float = 1.0
    shift_s: float = 0.0
    changed_at: datetime = Field(default_factory=utc_now)


class ChartResult(SQLModel, table=True):
    """How a person played a level of a track's chart; it outlives a chart that is made again.

    `accuracy` is 0..1, `speed` the share of the music's own tempo, `counts` are hits by judgement,
    `lanes` lane → {"hits", "misses", "mean_ms"}; times in ms are positive where hits were late.
    """

    __table_args__ = (Index("ix_chartresult_person", "person_id", "track_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = owner_column("person.id", index=False)
    track_id: int = owner_column("track.id")
    level: str
    score: int
    accuracy: float
    speed: float
    longest_combo: int
    counts: dict[str, Any] = json_column()
    lanes: dict[str, Any] = json_column()
    mean_ms: float | None = None
    played_at: datetime = Field(default_factory=utc_now)
