"""Tokens with which other programs speak for a person; only their hashes are kept.

A token has 256 random bits, so that a plain SHA-256 protects it: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.people.people import LONGEST_NAME
from store.results import StoreError
from store.stored_values import as_utc, clean, now
from store.tables.people import ApiToken, Person

PREFIX: Final = "bb_"
"""So that a token is known for one where it lies about."""
_BYTES: Final = 32
_USE_NOTED: Final = timedelta(minutes=1)
"""A use is noted once in this time: a program may ask many times a second."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token without its secret.

    Attributes:
        person: Name of whose it is.
        used_at: When a program last used it, to the minute; None before the first time.
    """

    id: int
    name: str
    person_id: int
    person: str
    created_at: datetime
    used_at: datetime | None


def add_token(name: str, person_id: int) -> tuple[TokenRow, str]:
    """Make a token for a person; return it with its secret, which is not kept.

    Raises:
        StoreError: The name is empty, too long or taken, or there is no such person.
    """
    title = clean(name) or ""
    if not title or len(title) > LONGEST_NAME:
        raise StoreError(f"A token needs a name of 1 to {LONGEST_NAME} characters.")
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    with write() as session:
        if not rows(session, select(1).where(col(Person.id) == person_id)):
            raise StoreError(f"There is no person with the number {person_id}.")
        taken = _TOKENS.where(col(ApiToken.person_id) == person_id, col(ApiToken.name) == title)
        if rows(session, taken):
            raise StoreError(f"There is a token “{title}” already.")
        new = insert(ApiToken).values(
            person_id=person_id, name=title, digest=_digest(secret), created_at=now()
        )
        made = rows(session, new.returning(col(ApiToken.id)))[0].id
        return _token(rows(session, _TOKENS.where(col(ApiToken.id) == made))[0]), secret


def tokens(person_id: int | None = None) -> tuple[TokenRow, ...]:
    """Return the tokens of a person, or of everyone, the oldest first."""
    wanted = _TOKENS.order_by(col(ApiToken.id))
    if person_id is not None:
        wanted = wanted.where(col(ApiToken.person_id) == person_id)
    with read() as session:
        return tuple(map(_token, rows(session, wanted)))


def revoke_token(token_id: int) -> bool:
    """Delete a token: programs that use it are refused from now on."""
    with write() as session:
        gone = delete(ApiToken).where(col(ApiToken.id) == token_id)
        return bool(rows(session, gone.returning(col(ApiToken.id))))


def revoke_tokens_of(session: Session, person_id: int) -> None:
    """Delete all tokens of a person."""
    rows(session, delete(ApiToken).where(col(ApiToken.person_id) == person_id))


def person_of_token(secret: str) -> int | None:
    """Return the id of the person for whom a token speaks, and note its use; None for no token."""
    if not secret.startswith(PREFIX):
        return None
    of_secret = col(ApiToken.digest) == _digest(secret)
    with read() as session:
        found = rows(session, _TOKENS.where(of_secret))
    if not found:
        return None
    used = found[0].used_at
    if used is None or now() - as_utc(used) > _USE_NOTED:
        with suppress(StoreError):  # a full disk or a busy database refuses no valid token
            _note_use(found[0].id)
    return int(found[0].person_id)


def _note_use(token_id: int) -> None:
    time = now()
    late = or_(col(ApiToken.used_at).is_(None), col(ApiToken.used_at) < time - _USE_NOTED)
    noted = update(ApiToken).where(col(ApiToken.id) == token_id, late).values(used_at=time)
    with write() as session:
        rows(session, noted)


_TOKENS: Final = select(
    col(ApiToken.id),
    col(ApiToken.name),
    col(ApiToken.person_id),
    col(Person.name).label("person"),
    col(ApiToken.created_at),
    col(ApiToken.used_at),
).join(Person, col(Person.id) == col(ApiToken.person_id))


def _token(row: Row[Any]) -> TokenRow:
    used = None if row.used_at is None else as_utc(row.used_at)
    created = as_utc(row.created_at)
    return TokenRow(row.id, row.name, row.person_id, row.person, created, used)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
