"""Events of a turn as JSON, for programs that talk to Backbeat."""

from __future__ import annotations

from typing import Any

from pydantic import Field

import prompts
from assistant.turns import events
from assistant.turns.events import TurnEvent
from assistant.web.contract.shapes import Reply


class ToolCallReply(Reply):
    """A tool that was called: its result (`kind` and `data`), or its `error`."""

    tool: str
    arguments: dict[str, Any]
    kind: str | None = None
    data: dict[str, Any] = Field(default={})
    job_id: int | None = None
    error: str | None = None


class TurnReply(Reply):
    """A whole turn; `conversation` is sent with the next message to go on."""

    conversation: str
    answer: str
    calls: list[ToolCallReply]
    choices: list[str] = Field(description="Answers to the question that was asked back")
    notices: list[str]
    by: str
    language: str
    tool: str | None


def event_values(event: TurnEvent) -> tuple[str, dict[str, Any]]:
    """Return the name of an event and its values."""
    match event:
        case events.ToolStarted(call):
            return "step", {"tool": call.name, "arguments": dict(call.arguments)}
        case events.ToolProgress(call, fraction, step):
            return "progress", {"tool": call.name, "fraction": fraction, "step": step}
        case events.ToolShown(call, rendering, seconds, job_id):
            return "result", {
                "tool": call.name,
                "arguments": dict(call.arguments),
                "kind": rendering.kind,
                "data": dict(rendering.data),
                "seconds": round(seconds, 3),
                "job_id": job_id,
            }
        case events.ToolFailed(call, message, choices):
            return "failed", {"tool": call.name, "message": message, "choices": list(choices)}
        case events.Question(choices):
            return "question", {"choices": list(choices)}
        case events.AnswerText(text):
            return "text", {"text": text}
        case events.TurnNotice(text):
            return "notice", {"text": text}
        case events.AnalysisPaused():
            return "paused", {}
        case events.TurnDone(by, language, tool):
            return "done", {"by": by, "language": language, "tool": tool}


class TurnCollector:
    """The events of a turn, put together to a reply."""

    def __init__(self, conversation: str) -> None:
        self.answer = ""
        self._values: dict[str, Any] = {
            "conversation": conversation, "by": "none", "language": prompts.FALLBACK,
            "tool": None,
        }  # fmt: skip
        self._calls: list[dict[str, Any]] = []
        self._choices: list[str] = []
        self._notices: list[str] = []

    def add(self, name: str, values: dict[str, Any]) -> None:
        """Add an event, as `event_values` returns it."""
        match name:
            case "text":
                self.answer += values["text"]
            case "result":
                self._calls.append(values)
            case "failed":
                call = {"tool": values["tool"], "arguments": {}, "error": values["message"]}
                self._calls.append(call)
                self._choices = self._choices or values["choices"]
            case "question":
                self._choices = values["choices"]
            case "notice":
                self._notices.append(values["text"])
            case "done":
                self._values |= values
            case _:
                pass

    def reply(self) -> TurnReply:
        """Return the turn as a whole."""
        told = {"calls": self._calls, "choices": self._choices, "notices": self._notices}
        return TurnReply.model_validate({**self._values, "answer": self.answer, **told})
