"""Messages, tool calls and tool results of a turn."""

from __future__ import annotations

from typing import Any, Literal

from assistant.frozen_model import FrozenModel

Role = Literal["system", "user", "assistant", "tool"]
By = Literal["reader", "model", "none"]


class ToolCall(FrozenModel):
    """A requested call of a tool; the arguments are not validated yet."""

    name: str
    arguments: dict[str, Any]
    id: str = ""


class Message(FrozenModel):
    """One message to or from a model."""

    role: Role
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None


class ToolOutcome(FrozenModel):
    """The outcome of a tool call: `facts` on success, else `error` with `choices`."""

    call: ToolCall
    facts: dict[str, Any] | None = None
    error: str | None = None
    choices: tuple[str, ...] = ()
