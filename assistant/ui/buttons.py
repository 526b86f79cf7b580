"""Buttons on the page's elements: each carries a tool and its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from assistant import answers
from assistant.answers import Language
from assistant.messages import ToolCall
from assistant.model.tool_arguments import BadArgumentsError, given_arguments, validated
from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import TurnEvent
from assistant.turns.turn_work import TurnWork, fixed_language
from assistant.ui.opened_playlist import opened_playlist
from tools import TOOLS
from tools.library.query_labels import query_labels

_TEXT_LIMIT: Final = 200


def button(
    tool: str, arguments: Mapping[str, Any], *, label: str, text: str, remake: bool = False
) -> dict[str, Any]:
    """Return a button with its label, and the message shown once it was pressed.

    With `remake` a drum chart is made again where one of an older version is there.
    """
    payload = {"tool": tool, "arguments": dict(arguments), "text": text}
    return {"label": label, "payload": {**payload, "remake": True} if remake else payload}


def filter_buttons(call: ToolCall, language: Language) -> list[dict[str, Any]]:
    """Return a button for each piece of a query that searches again without it."""
    return [
        button(call.name, rest, label=label, text=answers.page(language, "without", what=label))
        for label, rest in query_labels(call.arguments, language)
    ]


def text_of(payload: Mapping[str, Any]) -> str:
    """Return the user message of a pressed button."""
    return str(payload.get("text") or "")[:_TEXT_LIMIT]


async def press(
    payload: Mapping[str, Any],
    conversation: Conversation,
    *,
    settings: Settings,
    language: Language,
) -> list[TurnEvent]:
    """Run the call of a button; the payload is untrusted.

    Args:
        payload: The button's payload.
        conversation: State after the earlier turns; updated.
        settings: Settings of the chat.
        language: Language of the page, used before the first answer.

    Returns:
        The events of the turn.
    """
    events: list[TurnEvent] = []
    tools = (*TOOLS, opened_playlist)
    work = TurnWork(text_of(payload), conversation, settings, tools, events.append)
    fixed = fixed_language(conversation, settings)
    work.language = fixed or conversation.answer_language or language
    name, arguments = str(payload.get("tool")), payload.get("arguments")
    try:
        tool = work.tools[name]
        checked = validated(tool, arguments if isinstance(arguments, dict) else {})
    except (KeyError, BadArgumentsError) as error:
        work.reply(answers.answer(work.language, "broken", detail=str(error)), "none")
        return events
    call = ToolCall(name=name, arguments=given_arguments(checked))
    outcome, rendering = await work.run_tool(
        tool, call, context=replace(work.context(), remake=payload.get("remake") is True)
    )
    work.write(rendering.sentence if rendering else outcome.error or "")
    work.end_turn("reader", outcome.call)
    return events
