"""What the page tells the conversation: what was chosen in the side panel or the library, and the
rows that a table shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

import chainlit as cl

from assistant.ui.page_session import current_conversation, session_language
from assistant.ui.turn_display import TurnDisplay
from prompts import load
from store.playlists import playlist_reading
from store.tracks.track_details import track_rows
from tools.text.untrusted import shown
from tools.tracks.track_facts import track_fact

ROWS_AT_MOST: Final = 200
"""Of a table, that can be spoken of by number."""
_TOOLS: Final = {
    "summary": "summarize_track",
    "similar": "find_similar",
    "chart": "generate_drum_chart",
}
"""What may be asked about a track → the tool that says it."""
_LARGEST: Final = 2**63


async def take_page_message(data: object) -> None:
    """Do what a message of the window asks; those of others are not for us."""
    if not isinstance(data, Mapping):
        return
    kind, number = data.get("backbeat"), data.get("id")
    if kind == "rows":
        await _note_rows(data.get("list"), data.get("ids"))
    elif not _is_id(number):
        return
    elif kind == "open_playlist":
        await _open_playlist(number)
    elif kind == "ask_track":
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
    found = await asyncio.to_thread(track_rows, [number])
    if not found or about not in _TOOLS:
        return
    text = load("library", session_language())[f"asked_{about}"]
    await _press(_TOOLS[about], {"track": f"#{number}"}, text.format(title=shown(found[0].title)))


async def _press(tool: str, arguments: Mapping[str, Any], text: str) -> None:
    await cl.Message(content=text, type="user_message").send()
    await TurnDisplay(text).press({"tool": tool, "arguments": dict(arguments), "text": text})


async def _note_rows(list_id: object, ids: object) -> None:
    """Let "number 3" be the third row that is seen, in whichever order."""
    talk = current_conversation()
    if not isinstance(ids, list) or not list_id or list_id != talk.list_id:
        return
    wanted = tuple(filter(_is_id, ids[:ROWS_AT_MOST]))
    if talk.show_rows(wanted, {}):  # at once, before what is said next
        return
    found = await asyncio.to_thread(track_rows, wanted)
    if list_id == talk.list_id:
        talk.show_rows(wanted, {row.id: track_fact(row) for row in found})


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST
