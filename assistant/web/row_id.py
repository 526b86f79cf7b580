"""A row id as a path parameter."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path

_LARGEST: Final = 2**63 - 1
"""The largest integer of SQLite; a larger one would cause a server error."""

RowId = Annotated[int, Path(ge=1, le=_LARGEST)]
