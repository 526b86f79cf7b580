"""The cookie of a login: who makes a request, signed so that it outlives a restart."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import cookie_parser

from store.people.users import Account

COOKIE: Final = "backbeat_session"
SESSION_S: Final = 30 * 24 * 3600
_ALGORITHM: Final = "HS256"
_PERSON: Final = "person"
_STAMP: Final = "stamp"


@dataclass(frozen=True, slots=True)
class Session:
    """A login; `stamp` is that of the password that it began with."""

    person: int
    stamp: str


def session_in(cookie: str) -> Session | None:
    """Return the session in a Cookie header; None without one that this server signed."""
    import jwt

    key, token = _key(), cookie_parser(cookie).get(COOKIE, "")
    if not key or not token:
        return None
    try:
        values = jwt.decode(token, key, algorithms=[_ALGORITHM], options={"require": ["exp"]})
    except jwt.PyJWTError:
        return None
    metadata = values.get("metadata") or {}
    person, stamp = metadata.get(_PERSON), metadata.get(_STAMP, "")
    return Session(person, stamp) if isinstance(person, int) and isinstance(stamp, str) else None


def session_header(account: Account, *, secure: bool) -> str:
    """Return the Set-Cookie header of a new session, in the form that Chainlit reads."""
    import jwt

    time = datetime.now(UTC)
    values = {
        "identifier": account.person.name,
        "display_name": None,
        "metadata": {_PERSON: account.person.id, _STAMP: account.stamp},
        "exp": time + timedelta(seconds=SESSION_S),
        "iat": time,
    }
    token = jwt.encode(values, _key(), algorithm=_ALGORITHM)
    attributes = f"HttpOnly; Max-Age={SESSION_S}; Path=/; SameSite=lax"
    return f"{COOKIE}={token}; {attributes}{'; Secure' if secure else ''}"


def _key() -> str:
    return os.environ.get("CHAINLIT_AUTH_SECRET", "")
