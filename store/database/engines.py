"""SQLAlchemy engines on the database file.

SQLite lets one process write at a time. A write engine takes that turn at the start of a
transaction (`BEGIN IMMEDIATE`), so a read followed by a write never works on an old value; a read
engine cannot write at all and never waits (WAL).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event

BUSY_TIMEOUT_MS: Final = 30_000
"""Longer than any write of the indexer takes on an SD card."""


def new_engine(database: Path, *, writing: bool) -> Engine:
    """Return an engine of its own on `database`; one not `writing` refuses every write."""
    engine = create_engine(
        f"sqlite:///{database}",
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in _pragmas(writing=writing):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _pragmas(*, writing: bool) -> tuple[str, ...]:
    shared = (f"busy_timeout = {BUSY_TIMEOUT_MS}", "foreign_keys = ON")
    if writing:
        return (*shared, "journal_mode = WAL", "synchronous = NORMAL")
    return (*shared, "query_only = ON")
