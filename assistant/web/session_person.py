"""Who makes a request."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from fastapi import Request

from store.tables.people import OWNER_ID

calling_person: Final = ContextVar("calling_person", default=OWNER_ID)
"""For code that is given no request, such as Chainlit's data layer."""


def person_of(request: Request) -> int:
    """Return the person of the session; on localhost the owner."""
    return getattr(request.state, "person", OWNER_ID)
