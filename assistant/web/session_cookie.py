"""The cookie of a login: who makes a request, signed so that it outlives a restart."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import cookie_parser

from store.results import PersonRow

COOKIE: Final = "backbeat_session"
SESSION_S: Final = 30 * 24 * 3600
_ALGORITHM: Final = "HS256"
_PERSON: Final = "person"


def person_in(cookie: str) -> int | None:
    """Return the person of the session in a Cookie header; None without a valid one."""
    import jwt

    key, token = _key(), cookie_parser(cookie).get(COOKIE, "")
    if not key or not token:
        return None
    try:
        values = jwt.decode(token, key, algorithms=[_ALGORITHM], options={"require": ["exp"]})
    except jwt.PyJWTError:
        return None
    person = (values.get("metadata") or {}).get(_PERSON)
    return person if isinstance(person, int) else None


def session_header(person: PersonRow) -> str:
    """Return the Set-Cookie header of a new session, in the form that Chainlit reads."""
    import jwt

    time = datetime.now(UTC)
    values = {
        "identifier": person.name,
        "display_name": None,
        "metadata": {_PERSON: person.id},
        "exp": time + timedelta(seconds=SESSION_S),
        "iat": time,
    }
    token = jwt.encode(values, _key(), algorithm=_ALGORITHM)
    return f"{COOKIE}={token}; HttpOnly; Max-Age={SESSION_S}; Path=/; SameSite=lax"


def _key() -> str:
    return os.environ.get("CHAINLIT_AUTH_SECRET", "")
