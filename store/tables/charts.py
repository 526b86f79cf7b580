"""Tables of the drum charts and their corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
