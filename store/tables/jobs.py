"""Tables of the jobs and of the state of the indexer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, utc_now


class Job(SQLModel, table=True):
    """A piece of work: queued → running → done or failed. Lower `priority` goes first."""

    __table_args__ = (
        Index("ix_job_state_priority", "state", "priority", "id"),
        Index("ix_job_kind_state", "kind", "state"),
        Index(
            "ux_job_open",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
        ),
        Index(
            "ix_job_interrupted",
            "state",
            "priority",
            "interruptions",
            "id",
            sqlite_where=text("interruptions > 0"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(description="analyse or chart")
    key: str = Field(index=True, description="path or track: one open job a key and kind")
    state: str = "queued"
    priority: int = 100
    attempts: int = 0
    interruptions: int = Field(
        default=0,
        sa_column=Column(Integer, nullable=False, server_default="0"),
        description="how often the job ended with its worker through no fault of its own",
    )
    reason: str | None = None
    progress: float = 0.0
    step: str = ""
    track_id: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("track.id", ondelete="CASCADE"), index=True),
    )
    payload: dict[str, Any] = json_column()
    result: dict[str, Any] = json_column()
    worker: str | None = None
    heartbeat_at: datetime | None = None
    created_at: datetime = Field(default_factory=utc_now)
    finished_at: datetime | None = None


class IndexerState(SQLModel, table=True):
    """One row a named value of the indexer: heartbeat, watched folder, paused."""

    name: str = Field(primary_key=True)
    value: str
    updated_at: datetime = Field(default_factory=utc_now)
