"""Tables of the conversations: their steps and the elements that the page shows in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column, utc_now


def _conversation_column() -> Any:
    key = ForeignKey("conversation.id", ondelete="CASCADE")
    return Field(sa_column=Column(String, key, nullable=False, index=True))


class KeptConversation(SQLModel, table=True):
    """A conversation of a person with Backbeat; `state` is what its next turn needs."""

    __tablename__: ClassVar[Any] = "conversation"

    __table_args__ = (Index("ix_conversation_person", "person_id", "changed_at"),)

    id: str = Field(primary_key=True)
    person_id: int = owner_column("person.id", index=False)
    name: str = ""
    folded: str = ""
    state: dict[str, Any] = json_column()
    created_at: datetime = Field(default_factory=utc_now)
    changed_at: datetime = Field(default_factory=utc_now)


class ConversationStep(SQLModel, table=True):
    """A message, or a step between two messages; `body` is as the page shows it.

    `folded` is the text that a search looks through, "" for what is no message.
    """

    id: str = Field(primary_key=True)
    conversation_id: str = _conversation_column()
    place: int
    folded: str = ""
    body: dict[str, Any] = json_column()
    feedback: dict[str, Any] = json_column()


class ConversationElement(SQLModel, table=True):
    """A table, card or list that belongs to a step."""

    id: str = Field(primary_key=True)
    conversation_id: str = _conversation_column()
    step_id: str = Field(index=True)
    place: int
    body: dict[str, Any] = json_column()
