"""Cursors of lists: where a page ends, as text that a client only passes on."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from typing import Any, Final

from fastapi import HTTPException

_LARGEST: Final = 2**63
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""Half a character, which SQLite does not store; JSON can hold it as an escape."""
FOREIGN: Final = "This cursor belongs to another list: begin again without it."


def cursor(of: object, values: list[Any] | tuple[Any, ...]) -> str:
    """Return the cursor of a place in a list that a request (`of`, JSON-able) describes."""
    text = json.dumps([_mark(of), *values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(of: object, text: str) -> list[Any]:
    """Return the values that `cursor` was made of.

    Raises:
        HTTPException: 422, it is no cursor of this list.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        mark, *values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")).decode())
    except (ValueError, TypeError, RecursionError):
        raise HTTPException(422, FOREIGN) from None
    if mark != _mark(of) or not values or not all(map(_is_plain, values)):
        raise HTTPException(422, FOREIGN)
    return values


def _is_plain(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return -_LARGEST <= value < _LARGEST
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        return _SURROGATE.search(value) is None
    return value is None


def _mark(of: object) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()[:12]
