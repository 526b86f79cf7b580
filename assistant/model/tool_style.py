"""The two styles of tool calls: JSON constrained by a schema, or native."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from assistant.messages import Message
from assistant.model.instructions import compact
from assistant.model.tool_schemas import ANSWER, reply_schema, short_schemas
from tools.base import Tool

ToolStyle = Literal["native", "schema"]


def choice_options(style: ToolStyle, tools: Sequence[Tool]) -> dict[str, Any]:
    """Return litellm's options for a tool call; the same bytes every time."""
    if style == "native":
        return {"tools": short_schemas(tools)}
    wanted = {"name": "reply", "schema": reply_schema(tools)}
    return {"response_format": {"type": "json_schema", "json_schema": wanted}}


def wire(messages: Sequence[Message], style: ToolStyle) -> list[dict[str, Any]]:
    """Return messages in litellm's format.

    A tool's name goes into the content, since the API drops it. In schema style calls are the
    JSON that the model writes, results are words of the user, and two messages of the same role
    are one, as some models' templates want it.
    """
    if style == "native":
        return [_native(message) for message in messages]
    sent: list[dict[str, Any]] = []
    for message in messages:
        role = "user" if message.role == "tool" else message.role
        content = _content(message)
        if message.role == "assistant":  # in the form that its replies have
            calls = [_call(call) for call in message.tool_calls]
            content = _replied(content) if not calls else compact(calls)
        if sent and sent[-1]["role"] == role != "system":
            sent[-1]["content"] += f"\n{content}"
        else:
            sent.append({"role": role, "content": content})
    return sent


def _replied(content: str) -> str:
    """Return words as a reply; what is one already stays as it is."""
    if content.startswith('{"calls":'):
        return content
    return compact([{"tool": ANSWER, "arguments": {"text": content}}])


def _native(message: Message) -> dict[str, Any]:
    sent: dict[str, Any] = {"role": message.role, "content": _content(message)}
    if message.tool_call_id:
        sent["tool_call_id"] = message.tool_call_id
    if message.tool_calls:
        sent["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": json.dumps(call.arguments, ensure_ascii=False),
                },
            }
            for call in message.tool_calls
        ]
    return sent


def _content(message: Message) -> str:
    named = message.role == "tool" and message.name
    return f"{message.name}: {message.content}" if named else message.content


def _call(call: Any) -> dict[str, Any]:
    return {"tool": call.name, "arguments": call.arguments}
