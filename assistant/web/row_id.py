"""A number of something in the store, as it comes in an address."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path

_LARGEST: Final = 2**63 - 1
"""SQLite has no larger integer; a larger one would end in an error inside."""

RowId = Annotated[int, Path(ge=1, le=_LARGEST)]
