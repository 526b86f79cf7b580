"""What the side panel and the library of the page ask of the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import chainlit as cl

from assistant.ui.page_session import current_conversation, session_language
from assistant.ui.turn_display import TurnDisplay
from prompts import load
from store.playlists import playlist_reading
from store.tracks import track_details
from tools.text.untrusted import shown

_OPEN: Final = "open_playlist"
_ASK: Final = "ask_track"
_TOOLS: Final = {
    "summary": "summarize_track",
    "similar": "find_similar",
    "chart": "generate_drum_chart",
}
"""What may be asked about a track → the tool that says it."""
_LARGEST: Final = 2**63


async def take_panel_message(data: object) -> None:
    """Answer a request of the panel or the library; other messages of the window are not for us."""
    if not isinstance(data, Mapping):
        return
    number = data.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _LARGEST:
        return
    if data.get("backbeat") == _OPEN:
        await _open_playlist(number)
    elif data.get("backbeat") == _ASK:
        await _ask_track(number, str(data.get("about")))


async def _open_playlist(number: int) -> None:
    """Go on with a playlist in the conversation."""
    found = await asyncio.to_thread(playlist_reading.playlist, number)
    if found is None or found.person != current_conversation().person:
        return
    text = load("panel", session_language())["go_on"].format(name=shown(found.name))
    await _press("opened_playlist", {"playlist": found.name}, text)


async def _ask_track(number: int, about: str) -> None:
    """Put a track into the conversation with what is asked about it."""
    found = await asyncio.to_thread(track_details.track_rows, [number])
    if not found or about not in _TOOLS:
        return
    text = load("library", session_language())[f"asked_{about}"]
    await _press(_TOOLS[about], {"track": f"#{number}"}, text.format(title=shown(found[0].title)))


async def _press(tool: str, arguments: Mapping[str, Any], text: str) -> None:
    await cl.Message(content=text, type="user_message").send()
    await TurnDisplay(text).press({"tool": tool, "arguments": dict(arguments), "text": text})
