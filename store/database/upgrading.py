"""Migrations at start, under a lock, after a backup of the database.

Alembic is imported only for a database of an older revision: a start at the newest one reads one
row.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event

from store.database.engines import BUSY_TIMEOUT_MS, new_engine
from store.database.errors import translate_errors
from store.results import UnavailableError

HEAD: Final = "0022"
"""The newest revision in `migrations/versions`; a test keeps it so."""


def upgrade(database: Path) -> None:
    """Run the migrations that `database` lacks; safe when two processes start at once.

    Raises:
        UnavailableError: It is damaged, not writable, or made by a newer Backbeat.
    """
    with translate_errors(database):
        if revision(database) == HEAD:
            return
        with _lock(database):
            stored = revision(database)
            if stored != HEAD:
                if stored is not None:
                    _back_up(database, stored)
                _migrate(database, stored)


def revision(database: Path) -> str | None:
    """Return the stored revision; None for an empty or missing file."""
    if not database.exists() or database.stat().st_size == 0:
        return None
    with closing(sqlite3.connect(database, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
    return row[0] if row else None


@contextmanager
def _lock(database: Path) -> Iterator[None]:
    lock_file = database.with_name(database.name + ".lock")
    try:
        with lock_file.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise UnavailableError(
            f"Nothing can be written in {database.parent} ({error.strerror}). "
            "Check the rights and the space there, or choose another folder with BACKBEAT_DATA."
        ) from error


def _back_up(database: Path, stored: str) -> None:
    backup = database.with_name(f"{database.name}.before-{HEAD}-was-{stored}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)


@contextmanager
def migrating(database: Path) -> Iterator[Connection]:
    """Open one transaction for migrations, with foreign keys off.

    SQLite changes a column by dropping the table and making it anew; with foreign keys on, the drop
    would delete the rows of other tables that refer to it.
    """
    engine = new_engine(database, writing=True)
    event.listen(engine, "connect", _foreign_keys_off)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _foreign_keys_off(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")


def _migrate(database: Path, stored: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    try:
        with migrating(database) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise UnavailableError(
            f"The library database {database} was made by another version of Backbeat "
            f"(revision {stored}). Install the newest Backbeat, or move the database away "
            "and index again."
        ) from error
