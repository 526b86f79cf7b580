"""People with a password: who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.folding import fold
from store.people.passwords import hashed, stamp
from store.people.people import LONGEST_NAME, insert_person
from store.people.tokens import revoke_tokens_of
from store.results import PersonRow, StoreError
from store.stored_values import as_utc, clean
from store.tables.people import OWNER_ID, AppPassword, Person
from store.tables.playlists import Playlist


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the login sees them.

    Attributes:
        person: Who.
        password: The hash; None for somebody who cannot sign in.
        created_at: When the person was added.
    """

    person: PersonRow
    password: str | None
    created_at: datetime

    @property
    def stamp(self) -> str:
        """What a session of this person carries; it changes with the password."""
        return stamp(self.password)


_ACCOUNTS: Final = select(
    col(Person.id), col(Person.name), col(Person.password), col(Person.created_at)
)


def accounts() -> tuple[Account, ...]:
    """Return everyone, those known longest first."""
    with read() as session:
        return tuple(map(_account, rows(session, _ACCOUNTS.order_by(col(Person.id)))))


def account(person_id: int) -> Account | None:
    """Return the account of a person."""
    with read() as session:
        found = rows(session, _ACCOUNTS.where(col(Person.id) == person_id))
        return _account(found[0]) if found else None


def account_named(name: str) -> Account | None:
    """Return the account of a name, without case and accents."""
    with read() as session:
        return _named(session, name)


def users_exist() -> bool:
    """Return whether anybody has a password."""
    with read() as session:
        return _users_exist(session)


def add_user(name: str, password: str) -> Account:
    """Add a user, or give a person without a password one.

    The first user of a new name takes over what was collected without a login: playlists, likes,
    history.

    Raises:
        StoreError: There is such a user, or name or password cannot be used.
    """
    title, kept = _checked(name), hashed(password)
    with write() as session:
        found = _named(session, title)
        if found and found.password is not None:
            raise StoreError(f"There is a user “{found.person.name}” already.")
        if found:
            _set(session, found.person.id, password=kept)
            return _reread(session, found.person.id)
        if not _users_exist(session):
            _set(session, OWNER_ID, name=title, folded=fold(title), password=kept)
            return _reread(session, OWNER_ID)
        person = insert_person(session, title)
        _set(session, person.id, password=kept)
        return _reread(session, person.id)


def set_password(name: str, password: str) -> Account:
    """Change the password of a user; sessions that it began end.

    Raises:
        StoreError: There is no such user, or the password cannot be used.
    """
    kept = hashed(password)
    with write() as session:
        found = _user(session, name)
        _set(session, found.person.id, password=kept)
        return _reread(session, found.person.id)


def remove_user(name: str) -> bool:
    """Remove a user with playlists, likes and history; sessions, tokens and app passwords end.

    The person who was there before any user keeps all of it and only loses what signs in.

    Returns:
        Whether everything is deleted.

    Raises:
        StoreError: There is no such user.
    """
    with write() as session:
        number = _user(session, name).person.id
        if number == OWNER_ID:
            _set(session, number, password=None)
            revoke_tokens_of(session, number)
            rows(session, delete(AppPassword).where(col(AppPassword.person_id) == number))
            return False
        rows(session, delete(Playlist).where(col(Playlist.person_id) == number))
        rows(session, delete(Person).where(col(Person.id) == number))
        return True


def _checked(name: str) -> str:
    title = clean(name) or ""
    if not fold(title):
        raise StoreError("Expected a name of a person, not an empty one.")
    if len(title) > LONGEST_NAME:
        raise StoreError(f"A name has {LONGEST_NAME} characters at most.")
    return title


def _user(session: Session, name: str) -> Account:
    found = _named(session, name)
    if found is None or found.password is None:
        raise StoreError(f"There is no user “{clean(name) or ''}”.")
    return found


def _users_exist(session: Session) -> bool:
    return bool(rows(session, select(1).where(col(Person.password).is_not(None)).limit(1)))


def _named(session: Session, name: str) -> Account | None:
    folded = fold(clean(name) or "")
    found = rows(session, _ACCOUNTS.where(col(Person.folded) == folded))
    return _account(found[0]) if found else None


def _reread(session: Session, person_id: int) -> Account:
    return _account(rows(session, _ACCOUNTS.where(col(Person.id) == person_id))[0])


def _set(session: Session, person_id: int, **values: Any) -> None:
    rows(session, update(Person).where(col(Person.id) == person_id).values(**values))


def _account(row: Row[Any]) -> Account:
    return Account(PersonRow(row.id, row.name), row.password, as_utc(row.created_at))
