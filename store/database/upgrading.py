"""The upgrade on start: migrations under a lock, with a copy of the database before them.

Alembic is imported only when there is something to do: a start at the newest revision costs one
read of one row.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from store.database.db import HEAD, new_engine, revision, spoken
from store.results import StoreError


def bring_up(database: Path) -> None:
    """Bring `database` to `HEAD`.

    Raises:
        StoreError: It is damaged, not writable, or made by a newer Backbeat.
    """
    with spoken(database):
        if revision(database) == HEAD:
            return
        with _lock(database):
            stored = revision(database)
            if stored != HEAD:
                if stored is not None:
                    _copy_aside(database, stored)
                _migrate(database, stored)


@contextmanager
def _lock(database: Path) -> Iterator[None]:
    place = database.with_name(database.name + ".lock")
    try:
        with place.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise StoreError(
            f"Nothing can be written in {database.parent} ({error.strerror}). "
            "Check the rights and the space there, or choose another folder with BACKBEAT_DATA."
        ) from error


def _copy_aside(database: Path, stored: str) -> None:
    aside = database.with_name(f"{database.name}.before-{HEAD}-was-{stored}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(aside)) as copy:
        source.backup(copy)


def _migrate(database: Path, stored: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    engine = new_engine(database, writing=True)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The library database {database} was made by another version of Backbeat "
            f"(revision {stored}). Install the newest Backbeat, or move the database away "
            "and index again."
        ) from error
    finally:
        engine.dispose()
