"""Sessions of the database: one engine that writes, one that reads, and the upgrade at start."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Executable, Row, text
from sqlmodel import Session

from store.database import upgrading
from store.database.engines import new_engine
from store.database.errors import translate_errors
from store.results import StoreError, UnavailableError
from store.settings import StoreSettings
from store.tables import all_tables  # noqa: F401 - foreign keys need every table

_engines: dict[tuple[Path, int, bool], Engine] = {}


@contextmanager
def read() -> Iterator[Session]:
    """Open a session that only reads and sees one state of the database throughout.

    Raises:
        UnavailableError: The database cannot be opened or read.
    """
    with _session(writing=False) as session:
        yield session


@contextmanager
def write() -> Iterator[Session]:
    """Open a session in one transaction: committed at the end, rolled back on any exception.

    Raises:
        UnavailableError: Disk full, read-only, locked for too long or damaged.
    """
    with _session(writing=True) as session:
        yield session


def rows(session: Session, statement: Executable | str, **values: object) -> Sequence[Row[Any]]:
    """Execute an expression, or SQL with bound `:values`, and fetch the rows it returns."""
    executable = text(statement) if isinstance(statement, str) else statement
    result = session.connection().execute(executable, values)
    return result.all() if result.returns_rows else ()


@contextmanager
def _session(*, writing: bool) -> Iterator[Session]:
    settings = _settings(os.environ.get("BACKBEAT_DATA"), os.environ.get("HOME"))
    try:
        database = settings.database
    except OSError as error:
        raise UnavailableError(
            f"The data folder {settings.data} cannot be used ({error.strerror}). "
            "Choose another one with BACKBEAT_DATA."
        ) from error
    with (
        translate_errors(database),
        Session(_engine(database, writing=writing), expire_on_commit=False) as session,
    ):
        yield session
        if writing:
            session.commit()


@cache
def _settings(data: str | None, home: str | None) -> StoreSettings:
    """Return the settings of an environment; reading them takes longer than a query."""
    return StoreSettings()


def _engine(database: Path, *, writing: bool) -> Engine:
    """Return the cached engine; a forked process makes its own, as connections are not shared."""
    name = (database, os.getpid(), writing)
    if name not in _engines or not database.exists():
        upgrade()
        _engines[name] = new_engine(database, writing=writing)
    return _engines[name]


def reset() -> None:
    """Dispose of the cached engines, e.g. after BACKBEAT_DATA changed."""
    for (_, process, _), engine in _engines.items():
        engine.dispose(close=process == os.getpid())
    _engines.clear()


def upgrade() -> None:
    """Bring the database to the newest revision; safe when two processes start at once.

    Raises:
        UnavailableError: It is damaged, not writable, or made by a newer Backbeat.
    """
    upgrading.upgrade(StoreSettings().database)


def check() -> list[str]:
    """Return the problems of the database as messages; empty when there are none."""
    problems: list[str] = []
    try:
        with read() as session:
            connection = session.connection()
            for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(10)"):
                if line != "ok":
                    problems.append(f"The database is damaged: {line}")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                problems.append(f"{len(broken)} rows belong to something that is not there.")
    except StoreError as error:
        problems.append(str(error))
    return problems
