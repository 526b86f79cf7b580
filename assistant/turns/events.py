"""What happens during a turn, as a stream that the page, the terminal and the tests all read."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Language
from assistant.messages import By, ToolCall
from tools.base import Rendering


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool begins; its arguments are valid."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolProgress:
    """Long work goes on: fraction 0..1 and the step in words."""

    call: ToolCall
    fraction: float
    step: str


@dataclass(frozen=True, slots=True)
class ToolShown:
    """A tool ended well."""

    call: ToolCall
    rendering: Rendering
    seconds: float
    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class ToolFailed:
    """A tool could not do it; `choices` are names that were probably meant."""

    call: ToolCall
    message: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The answer asks back; these are the answers to choose from."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A piece of the answer's text, to be appended."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnNotice:
    """Something the person should know beside the answer (no model server, model is loading)."""

    text: str


@dataclass(frozen=True, slots=True)
class AnalysisPaused:
    """The analysis rests because the person asked for it: offer to let it go on."""


@dataclass(frozen=True, slots=True)
class TurnDone:
    """The turn is over; who understood it and in which language it was answered."""

    by: By
    language: Language
    tool: str | None = None


TurnEvent = (
    ToolStarted
    | ToolProgress
    | ToolShown
    | ToolFailed
    | Question
    | AnswerText
    | TurnNotice
    | AnalysisPaused
    | TurnDone
)
