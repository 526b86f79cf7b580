"""Who makes a request."""

from __future__ import annotations

from fastapi import Request

from store.tables.people import OWNER_ID


def person_of(request: Request) -> int:
    """Return the person of the session; on localhost the owner."""
    return getattr(request.state, "person", OWNER_ID)
