"""Conversations of other programs: kept as those of the page, and listed there."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import prompts
from assistant.turns import kept_conversation
from assistant.turns.conversation import Conversation
from store.conversations import conversations, steps
from store.conversations.steps import StepChange
from store.people.preferences import preferences

_NAMES = {"user_message": "User", "assistant_message": "Backbeat"}


def take_up(conversation_id: str | None, person: int) -> tuple[str, Conversation] | None:
    """Return a conversation of a person with its id; a new one for None.

    None where the person has no conversation of this id.
    """
    if conversation_id is None:
        return str(uuid.uuid4()), _with_preferences(Conversation(person=person))
    row = conversations.conversation(conversation_id)
    if row is None or row.person_id != person:
        return None
    values = conversations.state_of(conversation_id)
    return row.id, _with_preferences(kept_conversation.from_json(values, person=person))


def keep(conversation_id: str, talk: Conversation, *, asked: str, answer: str) -> None:
    """Keep what was said, and what the next turn needs."""
    person = talk.person
    if conversations.conversation(conversation_id) is None:
        conversations.note_conversation(conversation_id, person, name=asked)
    for kind, text in (("user_message", asked), ("assistant_message", answer)):
        _keep_message(conversation_id, person, kind, text)
    state = {**conversations.state_of(conversation_id), **kept_conversation.to_json(talk)}
    state.pop("buttons", None)  # they belong to an earlier answer
    conversations.keep_state(conversation_id, person, state)


def _keep_message(conversation_id: str, person: int, kind: str, text: str) -> None:
    number, time = str(uuid.uuid4()), datetime.now(UTC).isoformat().replace("+00:00", "Z")
    body = {
        "id": number, "threadId": conversation_id, "parentId": None, "name": _NAMES[kind],
        "type": kind, "input": "", "output": text, "createdAt": time, "start": time, "end": time,
        "streaming": False, "isError": False, "waitForAnswer": False, "metadata": {},
    }  # fmt: skip
    steps.save(conversation_id, person, [StepChange(number, body, text)])


def _with_preferences(talk: Conversation) -> Conversation:
    chosen = preferences(talk.person)
    talk.language = chosen.language if chosen.language in prompts.languages() else None
    talk.model = chosen.model
    return talk
