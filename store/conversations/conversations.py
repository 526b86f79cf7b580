"""Conversations of a person: list, search, rename, delete, and what the next turn needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import has_row
from store.folding import fold
from store.results import StoreError
from store.stored_values import LONGEST_TEXT, as_utc, clean, now, plain
from store.tables.conversations import ConversationStep, KeptConversation
from store.tables.people import Person

_LONGEST_NAME: Final = 80  # characters of the first request


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation without its steps."""

    id: str
    person_id: int
    person: str
    name: str
    changed_at: datetime


def conversation(conversation_id: str) -> ConversationRow | None:
    """Return a conversation."""
    with read() as session:
        found = rows(session, _ROWS.where(col(KeptConversation.id) == conversation_id))
        return _row(found[0]) if found else None


def conversations(
    person_id: int, *, search: str = "", after: str | None = None, limit: int = 35
) -> tuple[list[ConversationRow], bool]:
    """Return the conversations of a person, the latest first.

    Args:
        person_id: Whose.
        search: Words of its name or of a message, without case and accents; "" for all.
        after: Id of the last one that was given before.
        limit: The most that are returned.

    Returns:
        The conversations, and whether there are more.
    """
    found = _ROWS.where(col(KeptConversation.person_id) == person_id)
    if words := fold(search[:LONGEST_TEXT]):
        said = select(col(ConversationStep.conversation_id)).where(
            col(ConversationStep.folded).contains(words, autoescape=True)
        )
        named = col(KeptConversation.folded).contains(words, autoescape=True)
        found = found.where(or_(named, col(KeptConversation.id).in_(said)))
    with read() as session:
        latest = found.order_by(col(KeptConversation.changed_at).desc(), col(KeptConversation.id))
        ids = [_row(row) for row in rows(session, latest)]
    start = next((at + 1 for at, row in enumerate(ids) if row.id == after), 0)
    return ids[start : start + limit], len(ids) > start + limit


def note_conversation(conversation_id: str, person_id: int, *, name: str | None = None) -> None:
    """Begin a conversation, or note that it goes on; a name is kept from then on.

    Raises:
        StoreError: It is that of somebody else, or there is no such person.
    """
    with write() as session:
        begin(session, conversation_id, person_id)
        if title := _name(name):
            named = update(KeptConversation).where(col(KeptConversation.id) == conversation_id)
            rows(session, named.values(name=title, folded=fold(title)))


def begin(session: Session, conversation_id: str, person_id: int) -> None:
    """Insert a conversation where there is none of this id, else note the time of its change."""
    if not has_row(session, select(col(Person.id)).where(col(Person.id) == person_id)):
        raise StoreError(f"There is no person with the number {person_id}.")
    time = now()
    new = insert(KeptConversation).values(
        id=conversation_id, person_id=person_id, name="", folded="", state={},
        created_at=time, changed_at=time,
    )  # fmt: skip
    kept = new.on_conflict_do_update(
        index_elements=[col(KeptConversation.id)],
        set_={"changed_at": time},
        where=col(KeptConversation.person_id) == person_id,
    )
    if not rows(session, kept.returning(col(KeptConversation.id))):
        raise StoreError("This conversation is somebody else's.")


def rename_conversation(conversation_id: str, name: str) -> bool:
    """Give a conversation a name; return False where there is none of this id, or no name."""
    title = _name(name)
    if not title:
        return False
    with write() as session:
        named = update(KeptConversation).where(col(KeptConversation.id) == conversation_id)
        changed = named.values(name=title, folded=fold(title)).returning(col(KeptConversation.id))
        return bool(rows(session, changed))


def delete_conversation(conversation_id: str) -> bool:
    """Delete a conversation with all that was said; return False where there is none."""
    with write() as session:
        gone = delete(KeptConversation).where(col(KeptConversation.id) == conversation_id)
        return bool(rows(session, gone.returning(col(KeptConversation.id))))


def state_of(conversation_id: str) -> dict[str, Any]:
    """Return what the next turn needs, as it was kept last."""
    with read() as session:
        kept = select(col(KeptConversation.state)).where(
            col(KeptConversation.id) == conversation_id
        )
        found = rows(session, kept)
        return dict(found[0].state) if found else {}


def keep_state(conversation_id: str, person_id: int, state: Mapping[str, Any]) -> None:
    """Keep what the next turn needs.

    Raises:
        StoreError: The conversation is somebody else's.
    """
    with write() as session:
        begin(session, conversation_id, person_id)
        kept = update(KeptConversation).where(col(KeptConversation.id) == conversation_id)
        rows(session, kept.values(state=plain(state)))


_ROWS: Final = select(
    col(KeptConversation.id),
    col(KeptConversation.person_id),
    col(Person.name).label("person"),
    col(KeptConversation.name),
    col(KeptConversation.changed_at),
).join(Person, col(Person.id) == col(KeptConversation.person_id))


def _row(row: Row[Any]) -> ConversationRow:
    return ConversationRow(row.id, row.person_id, row.person, row.name, as_utc(row.changed_at))


def _name(name: str | None) -> str:
    return (clean(name) or "")[:_LONGEST_NAME].rstrip()
