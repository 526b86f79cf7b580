"""Values from the world outside made fit for SQLite and JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

LONGEST_TEXT: Final = 1000
"""A name longer than this is a broken tag or an attack."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMAT: Final = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLAlchemy writes a moment into SQLite, always in UTC."""


def clean(text: str | None) -> str | None:
    """One line of text that SQLite takes; None when nothing is left."""
    if text is None:
        return None
    line = _CONTROL.sub(" ", _SURROGATE.sub("\ufffd", text)).strip()
    return line[:LONGEST_TEXT].rstrip() or None


def plain(value: object) -> Any:
    """`value` with numpy scalars as Python's, tuples as lists and what is not finite as None."""
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
    """A moment, or now, as the database writes it."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime(_FORMAT)


def moment(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
