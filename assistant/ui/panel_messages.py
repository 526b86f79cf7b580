"""What the side panel of the page asks of the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import chainlit as cl

from assistant.ui.page_session import current_conversation, session_language
from assistant.ui.turn_display import TurnDisplay
from prompts import load
from store.playlists import playlist_reading
from tools.text.untrusted import shown

_OPEN = "open_playlist"


async def take_panel_message(data: object) -> None:
    """Go on with a playlist in the conversation; other messages of the window are not for us."""
    if not isinstance(data, Mapping) or data.get("backbeat") != _OPEN:
        return
    number = data.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        return
    found = await asyncio.to_thread(playlist_reading.playlist, number)
    if found is None or found.person != current_conversation().person:
        return
    text = load("panel", session_language())["go_on"].format(name=shown(found.name))
    await cl.Message(content=text, type="user_message").send()
    payload = {"tool": "opened_playlist", "arguments": {"playlist": found.name}, "text": text}
    await TurnDisplay(text).press(payload)
