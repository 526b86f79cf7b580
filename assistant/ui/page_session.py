"""State of one browser's chat session: its conversation and its language."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import chainlit as cl

import prompts
from assistant.answers import Language
from assistant.settings import current
from assistant.turns import kept_conversation
from assistant.turns.conversation import Conversation
from assistant.ui.history import person_of_session
from store.conversations import conversations
from store.people.preferences import preferences


def current_conversation() -> Conversation:
    """Return the conversation of this session; a new one where there is none."""
    found = cl.user_session.get("conversation")
    if not isinstance(found, Conversation):
        found = Conversation(person=person_of_session())
        cl.user_session.set("conversation", found)
    return found


async def begin_conversation() -> None:
    """Begin a new conversation in the language and with the model that the person chose."""
    await _take_up(Conversation(person=person_of_session()))


async def keep_conversation(message: cl.Message) -> None:
    """Keep what the next turn needs, and the buttons below the last answer."""
    actions = [_action_json(action) for action in message.actions or ()]
    values = kept_conversation.to_json(current_conversation())
    values["buttons"] = {"step": message.id, "actions": actions}
    thread, person = cl.context.session.thread_id, person_of_session()
    await asyncio.to_thread(conversations.keep_state, thread, person, values)


async def tell_address() -> None:
    """Let the page put the conversation into its address, so that a reload finds it."""
    await cl.send_window_message({"backbeat": "conversation", "id": cl.context.session.thread_id})


async def resume_conversation(thread_id: str) -> None:
    """Restore what was kept of a conversation."""
    values = await asyncio.to_thread(conversations.state_of, thread_id)
    await _take_up(kept_conversation.from_json(values, person=person_of_session()))
    buttons = values.get("buttons") or {}
    for action in _actions(buttons.get("actions") or ()):
        await action.send(for_id=buttons["step"])


async def _take_up(talk: Conversation) -> None:
    chosen = await asyncio.to_thread(preferences, talk.person)
    talk.language = chosen.language if chosen.language in prompts.languages() else None
    talk.model = chosen.model
    cl.user_session.set("conversation", talk)


def _action_json(action: cl.Action) -> dict[str, Any]:
    return {"name": action.name, "label": action.label, "payload": action.payload}


def _actions(kept: Sequence[dict[str, Any]]) -> list[cl.Action]:
    return [cl.Action(**values) for values in kept]


def page_language(browser: str | None) -> Language:
    """Return the language of the settings, else that of the browser ("fr-CH")."""
    locale = current().locale
    if locale != "auto":
        return locale
    return prompts.language_for(browser) or prompts.FALLBACK


def session_language() -> Language:
    """Return the page's language in this session."""
    return page_language(getattr(cl.context.session, "language", None))
