"""The people of the house."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row, insert, select
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.folding import fold
from store.results import PersonRow, StoreError
from store.stored_values import clean, now
from store.tables.people import Person

LONGEST_NAME: Final = 100
"""Characters; a longer name is no name."""

_PEOPLE: Final = select(col(Person.id), col(Person.name))


def person(name: str) -> PersonRow:
    """Return the person of a name (without case and accents); one who is new is added.

    Raises:
        StoreError: The name is empty.
    """
    title = (clean(name) or "")[:LONGEST_NAME].rstrip()
    folded = fold(title)
    if not folded:
        raise StoreError("Expected a name of a person, not an empty one.")
    with read() as session:
        if found := _by_name(session, folded):
            return found
    with write() as session:
        if found := _by_name(session, folded):  # added meanwhile by another process
            return found
        return insert_person(session, title)


def insert_person(session: Session, name: str) -> PersonRow:
    """Insert a person of a name that nobody has yet."""
    new = insert(Person).values(name=name, folded=fold(name), preferences={}, created_at=now())
    return _person(rows(session, new.returning(col(Person.id), col(Person.name)))[0])


def people() -> tuple[PersonRow, ...]:
    """Return everyone, those known longest first."""
    with read() as session:
        return tuple(_person(row) for row in rows(session, _PEOPLE.order_by(col(Person.id))))


def _by_name(session: Session, folded: str) -> PersonRow | None:
    found = rows(session, _PEOPLE.where(col(Person.folded) == folded))
    return _person(found[0]) if found else None


def _person(row: Row[Any]) -> PersonRow:
    return PersonRow(row.id, row.name)
