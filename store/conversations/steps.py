"""The steps and elements of a conversation, as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col

from store.conversations.conversations import begin
from store.database.db import read, rows, write
from store.folding import fold
from store.stored_values import plain
from store.tables.conversations import ConversationElement, ConversationStep, KeptConversation

_LONGEST_SEARCHED: Final = 20_000  # characters of a message that a search looks through


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step; `feedback` is empty where there is none."""

    body: dict[str, Any]
    feedback: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that is new or changed; `said` is what a search looks through."""

    id: str
    body: Mapping[str, Any]
    said: str = ""


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element of a step that is new or changed."""

    id: str
    step_id: str
    body: Mapping[str, Any]


def save(
    conversation_id: str, person_id: int, changes: Iterable[StepChange | ElementChange]
) -> None:
    """Add steps and elements to a conversation, or change them, in one transaction.

    Raises:
        StoreError: The conversation is somebody else's.
    """
    with write() as session:
        begin(session, conversation_id, person_id)
        for change in changes:
            if isinstance(change, StepChange):
                _save_step(session, conversation_id, change)
            else:
                _save_element(session, conversation_id, change)


def _save_step(session: Session, conversation_id: str, step: StepChange) -> None:
    values = {"folded": fold(step.said[:_LONGEST_SEARCHED]), "body": plain(step.body)}
    new = insert(ConversationStep).values(
        id=step.id, conversation_id=conversation_id, feedback={}, **values,
        place=_next_place(ConversationStep, conversation_id),
    )  # fmt: skip
    rows(
        session,
        new.on_conflict_do_update(
            index_elements=[col(ConversationStep.id)],
            set_=values,
            where=col(ConversationStep.conversation_id) == conversation_id,
        ),
    )


def delete_step(step_id: str) -> None:
    """Delete a step and its elements."""
    with write() as session:
        shown = col(ConversationElement.step_id) == step_id
        rows(session, delete(ConversationElement).where(shown))
        rows(session, delete(ConversationStep).where(col(ConversationStep.id) == step_id))


def steps_of(conversation_id: str) -> list[StepRow]:
    """Return the steps of a conversation in their order."""
    step = ConversationStep
    found = select(col(step.body), col(step.feedback)).where(
        col(step.conversation_id) == conversation_id
    )
    with read() as session:
        return [
            StepRow(dict(row.body), dict(row.feedback))
            for row in rows(session, found.order_by(col(step.place)))
        ]


def save_feedback(step_id: str, feedback: Mapping[str, Any], *, person_id: int) -> bool:
    """Keep what a person thinks of an answer, {} for nothing.

    Returns:
        Whether the answer is there, in a conversation of this person.
    """
    own = select(col(KeptConversation.id)).where(col(KeptConversation.person_id) == person_id)
    with write() as session:
        kept = update(ConversationStep).where(
            col(ConversationStep.id) == step_id, col(ConversationStep.conversation_id).in_(own)
        )
        changed = kept.values(feedback=plain(feedback)).returning(col(ConversationStep.id))
        return bool(rows(session, changed))


def _save_element(session: Session, conversation_id: str, element: ElementChange) -> None:
    body = plain(element.body)
    new = insert(ConversationElement).values(
        id=element.id, conversation_id=conversation_id, step_id=element.step_id, body=body,
        place=_next_place(ConversationElement, conversation_id),
    )  # fmt: skip
    rows(
        session,
        new.on_conflict_do_update(
            index_elements=[col(ConversationElement.id)],
            set_={"body": body},
            where=col(ConversationElement.conversation_id) == conversation_id,
        ),
    )


def delete_element(element_id: str) -> None:
    """Delete an element."""
    with write() as session:
        rows(session, delete(ConversationElement).where(col(ConversationElement.id) == element_id))


def elements_of(conversation_id: str) -> list[dict[str, Any]]:
    """Return the elements of a conversation in their order."""
    element = ConversationElement
    found = select(col(element.body)).where(col(element.conversation_id) == conversation_id)
    with read() as session:
        return [dict(row.body) for row in rows(session, found.order_by(col(element.place)))]


def _next_place(table: type[SQLModel], conversation_id: str) -> Any:
    place = table.__table__.c  # type: ignore[attr-defined]
    last: Select[Any] = select(func.coalesce(func.max(place.place), 0) + 1)
    return last.where(place.conversation_id == conversation_id).scalar_subquery()
