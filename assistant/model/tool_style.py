"""The two styles of tool calls: native, or JSON constrained by a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from assistant.messages import Message, ToolCall
from assistant.model.tool_schemas import NO_TOOL, call_schema, short_schemas
from tools.base import Tool

ToolStyle = Literal["native", "schema"]

_WRITTEN_CALL: Final = re.compile(r"(?:<tool_call>|```(?:json)?)?\s*(?=\{)")


def choice_options(style: ToolStyle, tools: Sequence[Tool]) -> dict[str, Any]:
    """Return litellm's options for a tool call; the same bytes every time."""
    if style == "native":
        return {"tools": short_schemas(tools)}
    wanted = {"name": "call", "schema": call_schema(tools)}
    return {"response_format": {"type": "json_schema", "json_schema": wanted}}


def instructions(text: str, tools: Sequence[Tool]) -> str:
    """Return the tools as text, for a model without native tool calls."""
    lines = [json.dumps(each["function"], ensure_ascii=False) for each in short_schemas(tools)]
    return "\n".join([text.strip(), *lines])


def calls_of(message: Any) -> tuple[tuple[ToolCall, ...], str]:
    """Return the calls in a reply, else its text.

    Small models sometimes write a native call into their text; it is parsed too.

    Raises:
        ValueError: The reply is a call that cannot be read.
    """
    if message.tool_calls:
        return tuple(_native_call(call) for call in message.tool_calls), ""
    text = (message.content or "").strip()
    if not (found := _WRITTEN_CALL.match(text)):
        return (), text
    written, _ = json.JSONDecoder().raw_decode(text, found.end())
    return _written_call(written, text)


def wire(message: Message, style: ToolStyle) -> dict[str, Any]:
    """Return a message in litellm's format.

    A tool's name goes into the content, since the API drops it. In schema style calls are the
    JSON that the model wrote, and results are user messages.
    """
    content = message.content
    if message.role == "tool" and message.name:
        content = f"{message.name}: {content}"
    if style == "schema":
        if message.tool_calls:
            content = "\n".join(
                _json({"tool": call.name, "arguments": call.arguments})
                for call in message.tool_calls
            )
        return {"role": "user" if message.role == "tool" else message.role, "content": content}
    sent: dict[str, Any] = {"role": message.role, "content": content}
    if message.tool_call_id:
        sent["tool_call_id"] = message.tool_call_id
    if message.tool_calls:
        sent["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _json(call.arguments)},
            }
            for call in message.tool_calls
        ]
    return sent


def _native_call(call: Any) -> ToolCall:
    arguments = call.function.arguments
    return ToolCall(
        name=str(call.function.name),
        arguments=_object(json.loads(arguments) if isinstance(arguments, str) else arguments),
        id=str(call.id or ""),
    )


def _written_call(written: Any, text: str) -> tuple[tuple[ToolCall, ...], str]:
    name = written.get("tool") or written.get("name")
    if name == NO_TOOL:
        return (), str(written.get("answer") or "").strip()
    if not isinstance(name, str):
        return (), text
    arguments = written.get("arguments") or written.get("parameters") or {}
    return (ToolCall(name=name, arguments=_object(arguments)),), ""


def _object(arguments: Any) -> dict[str, Any]:
    if not isinstance(arguments, dict):
        raise ValueError(f"Expected an object of arguments, not {arguments!r:.80}")
    return arguments


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
