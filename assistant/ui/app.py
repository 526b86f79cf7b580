"""The chat page: Chainlit's handlers and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import chainlit as cl
from chainlit.types import ThreadDict

import prompts
from assistant import answers
from assistant.turns import pausing
from assistant.ui.buttons import text_of
from assistant.ui.chat_settings import NO_MODEL, keep_settings, pull_model, send_settings
from assistant.ui.history import History
from assistant.ui.kept_session import use_kept_sessions
from assistant.ui.page_emitter import use_page_emitter
from assistant.ui.page_messages import take_page_message
from assistant.ui.page_session import (
    begin_conversation,
    current_conversation,
    page_language,
    resume_conversation,
    session_language,
)
from assistant.ui.turn_display import TurnDisplay, resume_action
from store.search import track_search
from store.search.query import TrackQuery
from tools.text.untrusted import shown

use_page_emitter()
use_kept_sessions()


@cl.data_layer
def history() -> History:
    """Keep the conversations in the store."""
    return History()


@cl.set_starters
async def starters(user: cl.User | None, language: str | None) -> list[cl.Starter]:
    """Return suggested requests in the page's language; one names a track of the library."""
    shown_in = page_language(language)
    requests = list(answers.starters(shown_in))
    found = await asyncio.to_thread(track_search.search, TrackQuery(sort="random"), default_limit=1)
    for track in found.tracks:
        names = ("chart_starter", "chart_starter_message")
        label, message = (answers.page(shown_in, name, title=shown(track.title)) for name in names)
        requests.append((label, message))
    return [cl.Starter(label=label, message=message) for label, message in requests]


@cl.on_chat_start
async def start() -> None:
    """Start a new conversation."""
    await begin_conversation()
    await send_settings()


@cl.on_chat_resume
async def resume(thread: ThreadDict) -> None:
    """Go on with a conversation that was kept."""
    await resume_conversation(thread["id"])
    await send_settings()


@cl.on_message
async def answer(message: cl.Message) -> None:
    """Answer one message."""
    await TurnDisplay(message.content).run()


@cl.action_callback("choose")
async def choose(action: cl.Action) -> None:
    """Answer with the name that was clicked."""
    text = str(action.payload.get("name", ""))
    await cl.Message(content=text, type="user_message").send()
    await TurnDisplay(text).run()


@cl.action_callback("press")
async def pressed(action: cl.Action) -> None:
    """Run the call of a button on an element."""
    await cl.Message(content=text_of(action.payload), type="user_message").send()
    await TurnDisplay(text_of(action.payload)).press(action.payload)


@cl.action_callback("pause")
async def pause(action: cl.Action) -> None:
    """Pause or resume the analysis."""
    language = current_conversation().answer_language or session_language()
    if action.payload.get("resume"):
        await cl.Message(content=await asyncio.to_thread(pausing.resume, language)).send()
    else:
        said = await asyncio.to_thread(pausing.pause, language)
        await cl.Message(content=said, actions=[resume_action(language)]).send()
    await action.remove()


@cl.on_window_message
async def said_by_page(data: Any) -> None:
    """Take what the page tells the conversation, or show settings that the page changed."""
    if isinstance(data, dict) and data.get("backbeat") == "preferences_changed":
        await send_settings()
    else:
        await take_page_message(data)


@cl.on_settings_update
async def change_settings(values: dict[str, Any]) -> None:
    """Apply the settings panel: what stays with the person, a model to download."""
    conversation = current_conversation()
    await keep_settings(values)
    language = values.get("language")
    conversation.language = language if language in prompts.languages() else None
    if (model := values.get("model")) and model != NO_MODEL:
        conversation.model = model
        conversation.given_notices.clear()
    if name := str(values.get("pull") or "").strip():
        await pull_model(name)
        conversation.given_notices.clear()
        await send_settings()
