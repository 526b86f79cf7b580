"""What is said in a turn: frozen messages, tool calls and tool results."""

from __future__ import annotations

from typing import Any, Literal

from assistant.frozen_model import FrozenModel

Role = Literal["system", "user", "assistant", "tool"]
By = Literal["reader", "model", "none"]


class ToolCall(FrozenModel):
    """A wish to call a tool; the arguments are not validated yet."""

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
    """What became of a tool call: `facts` when it worked, else `error` with `choices`."""

    call: ToolCall
    facts: dict[str, Any] | None = None
    error: str | None = None
    choices: tuple[str, ...] = ()
