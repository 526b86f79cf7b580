"""Errors of SQLite as an `UnavailableError` whose message tells a person what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DatabaseError, IntegrityError

from store.results import UnavailableError

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


@contextmanager
def translate_errors(database: Path) -> Iterator[None]:
    """Raise an UnavailableError for an error of the database, except for a broken constraint."""
    try:
        yield
    except IntegrityError:
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise UnavailableError(_describe_error(error, database)) from error


def _describe_error(error: Exception, database: Path) -> str:
    cause = str(getattr(error, "orig", None) or error)
    for part, message in _CAUSES:
        if part in cause:
            return message.format(database=database, folder=database.parent)
    return f"The library database {database} gave an error: {cause}"
