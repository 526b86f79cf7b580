"""State of one browser's chat session: its conversation and its language."""

from __future__ import annotations

import chainlit as cl

import prompts
from assistant.answers import Language
from assistant.settings import current
from assistant.turns.conversation import Conversation


def current_conversation() -> Conversation:
    """Return the conversation of this session; a new one where there is none."""
    found = cl.user_session.get("conversation")
    if not isinstance(found, Conversation):
        found = Conversation()
        cl.user_session.set("conversation", found)
    return found


def page_language(browser: str | None) -> Language:
    """Return the language of the settings, else that of the browser ("fr-CH")."""
    locale = current().locale
    if locale != "auto":
        return locale
    return prompts.language_for(browser) or prompts.FALLBACK


def session_language() -> Language:
    """Return the page's language in this session."""
    return page_language(getattr(cl.context.session, "language", None))
