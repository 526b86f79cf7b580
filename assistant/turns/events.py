"""Events of a turn, read by the page, the terminal and the tests."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Language
from assistant.messages import By, ToolCall
from tools.base import Rendering


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool was started; its arguments are valid."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolProgress:
    """Progress of a tool: fraction 0..1 and the name of the step."""

    call: ToolCall
    fraction: float
    step: str


@dataclass(frozen=True, slots=True)
class ToolShown:
    """A tool returned a result."""

    call: ToolCall
    rendering: Rendering
    seconds: float
    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class ToolFailed:
    """A tool raised an error; `choices` are names that were probably meant."""

    call: ToolCall
    message: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The answer is a question; `choices` are its possible answers."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A piece of the answer's text, to be appended."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnNotice:
    """A notice beside the answer (no model server, model is loading)."""

    text: str


@dataclass(frozen=True, slots=True)
class AnalysisPaused:
    """The user paused the analysis: offer to resume it."""


@dataclass(frozen=True, slots=True)
class TurnDone:
    """The turn ended; by which part and in which language it was answered."""

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
