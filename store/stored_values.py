"""Conversion of outside values (tags, numpy numbers, times) to what SQLite and JSON store."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

LONGEST_TEXT: Final = 1000
"""Characters; a longer name is a broken tag or an attack."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMAT: Final = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLAlchemy writes a time into SQLite, always in UTC."""


def clean(text: str | None) -> str | None:
    """Return one line of text without control characters; None when nothing is left."""
    if text is None:
        return None
    line = _CONTROL.sub(" ", _SURROGATE.sub("\ufffd", text)).strip()
    return line[:LONGEST_TEXT].rstrip() or None


def plain(value: object) -> Any:
    """Return `value` for JSON: numpy scalars as Python's, tuples as lists, None for not finite."""
    if hasattr(value, "item"):
        value = getattr(value, "item")()  # noqa: B009 - any array scalar has it
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return value


def stamp(moment: datetime | None = None) -> str:
    """Return a time, or now, as the text that SQLAlchemy writes into SQLite."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime(_FORMAT)


def moment(text: str) -> datetime:
    """Return the time that `stamp` wrote."""
    return as_utc(datetime.strptime(text, _FORMAT))


def now() -> datetime:
    """Return the time now, in UTC as every time in the database."""
    return datetime.now(UTC)


def as_utc(stored: datetime) -> datetime:
    """Return a time read from the database with its time zone, which SQLite drops."""
    return stored.replace(tzinfo=UTC)
