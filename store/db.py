"""The database file: one engine that writes, one that reads, and the upgrade on start.

SQLite lets one process write at a time. The write engine takes that turn at the start of a
transaction (`BEGIN IMMEDIATE`), so a read followed by a write never works on an old value; the
read engine cannot write at all and never waits (WAL).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, Row, create_engine, event, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session

from store.results import StoreError
from store.settings import StoreSettings

HEAD: Final = "0007"
"""The newest revision in `migrations/versions`; a test keeps it so."""

BUSY_TIMEOUT_MS: Final = 30_000
"""Longer than any write of the indexer takes on an SD card."""

_engines: dict[tuple[Path, int, bool], Engine] = {}


@contextmanager
def read() -> Iterator[Session]:
    """A session that only reads; sees one state of the database throughout.

    Raises:
        StoreError: The database cannot be opened or read.
    """
    with _session(writing=False) as session:
        yield session


@contextmanager
def write() -> Iterator[Session]:
    """A session in one transaction: committed at the end, undone on any exception.

    Raises:
        StoreError: Disk full, read-only, locked for too long or damaged.
    """
    with _session(writing=True) as session:
        yield session


def rows(session: Session, sql: str, **values: object) -> Sequence[Row[Any]]:
    """Run one statement with bound `:values` and fetch what it returns."""
    result = session.connection().execute(text(sql), values)
    return result.all() if result.returns_rows else ()


@contextmanager
def _session(*, writing: bool) -> Iterator[Session]:
    settings = StoreSettings()
    try:
        database = settings.database
    except OSError as error:
        raise StoreError(
            f"The data folder {settings.data} cannot be used ({error.strerror}). "
            "Choose another one with BACKBEAT_DATA."
        ) from error
    with (
        spoken(database),
        Session(_engine(database, writing=writing), expire_on_commit=False) as session,
    ):
        yield session
        if writing:
            session.commit()


@contextmanager
def spoken(database: Path) -> Iterator[None]:
    """Turn the database's own errors into a StoreError that a person understands."""
    try:
        yield
    except IntegrityError:
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise StoreError(_in_words(error, database)) from error


def _in_words(error: Exception, database: Path) -> str:
    cause = str(getattr(error, "orig", None) or error)
    for part, words in _CAUSES:
        if part in cause:
            return words.format(database=database, folder=database.parent)
    return f"The library database {database} gave an error: {cause}"


_CAUSES: Final = (
    ("disk is full", "The disk that holds {folder} is full. Free some space and try again."),
    (
        "readonly database",
        "The library database {database} is read-only. Give yourself the right to write there, "
        "or choose another folder with BACKBEAT_DATA.",
    ),
    (
        "unable to open",
        "The library database {database} cannot be opened. Check that the folder exists and that "
        "you may write there, or choose another one with BACKBEAT_DATA.",
    ),
    (
        "malformed",
        "The library database {database} is damaged. Move it away and index again, or put back "
        "a copy of it (backbeat.db.before-…).",
    ),
    (
        "not a database",
        "{database} is not a Backbeat library. Move it away and index again.",
    ),
    (
        "disk I/O error",
        "The disk that holds {folder} does not answer properly. Check its space and its health.",
    ),
    (
        "database is locked",
        "Another program keeps the library database {database} busy. Try again in a moment.",
    ),
)


def _engine(database: Path, *, writing: bool) -> Engine:
    """The cached engine; a forked process makes its own, a connection must not be shared."""
    name = (database, os.getpid(), writing)
    if name not in _engines or not database.exists():
        upgrade()
        _engines[name] = new_engine(database, writing=writing)
    return _engines[name]


def new_engine(database: Path, *, writing: bool) -> Engine:
    """An engine on `database`, apart from the cached ones."""
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


def reset() -> None:
    """Forget the engines, e.g. after BACKBEAT_DATA changed."""
    for (_, process, _), engine in _engines.items():
        engine.dispose(close=process == os.getpid())
    _engines.clear()


def upgrade() -> None:
    """Bring the database to the newest revision; safe when two processes start at once.

    Raises:
        StoreError: The database is damaged, not writable, or made by a newer Backbeat.
    """
    from store.upgrading import bring_up

    bring_up(StoreSettings().database)


def revision(database: Path) -> str | None:
    """The stored revision; None for an empty or missing file."""
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


def check() -> list[str]:
    """What is wrong with the database, in words; empty when all is well."""
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
