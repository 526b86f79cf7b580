"""Contestants of the evaluation: the reader, a model, or both together."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from pydantic import Field

from assistant.frozen_model import FrozenModel
from assistant.model.llm import ModelError, ModelFailure

if TYPE_CHECKING:
    from assistant.model.model_choice import Chooser
    from assistant.turns.conversation import Conversation
    from assistant.understanding import Reading
    from assistant.understanding.lexing.name_lookups import NameSource

_LOST: Final[frozenset[ModelFailure]] = frozenset({"no_server", "no_model"})


class LostServerError(Exception):
    """The model server is no longer reachable; the run can be resumed."""


class AskedRequest(Protocol):
    """A request of a set."""

    @property
    def id(self) -> str:
        """What the request is called in the log of answers."""
        ...

    @property
    def text(self) -> str:
        """What was typed."""
        ...

    def conversation(self, names: NameSource | None = None) -> Conversation:
        """Return the conversation after the earlier turns."""
        ...


class EvaluationAnswer(FrozenModel):
    """The answer to one request.

    Attributes:
        calls: Names and arguments of the requested calls.
        by: Which part answered.
        choices: What a question back offers.
        partial: What the reader understood of a request that it deferred.
        error: Why there is no answer; None when there is one.
    """

    id: str
    calls: tuple[tuple[str, dict[str, Any]], ...]
    by: Literal["reader", "model"]
    seconds: float
    prompt_tokens: int = 0
    reply_tokens: int = 0
    choices: tuple[str, ...] = ()
    partial: dict[str, Any] = Field(default_factory=dict)
    error: ModelFailure | None = None


class Contestant(Protocol):
    """Answers requests."""

    @property
    def name(self) -> str:
        """Name shown in the table."""
        ...

    async def answer(self, case: AskedRequest) -> EvaluationAnswer:
        """Return the calls it would make. Raises LostServerError."""
        ...


@dataclass(frozen=True, slots=True)
class ReaderAlone:
    """The built-in reader."""

    name: str = "reader"
    names: NameSource | None = None

    async def answer(self, case: AskedRequest) -> EvaluationAnswer:
        """Answer with the reader."""
        started = time.perf_counter()
        return _read_answer(case, _read(case, self.names), started)


@dataclass(frozen=True, slots=True)
class ModelAlone:
    """A model."""

    name: str
    chooser: Chooser

    async def answer(self, case: AskedRequest) -> EvaluationAnswer:
        """Answer with the model, given the earlier turns."""
        return await _ask_model(self.chooser, case, None)


@dataclass(frozen=True, slots=True)
class ReaderAndModel:
    """The reader, and the model with the reader's hint where the reader defers; as in the chat."""

    name: str
    chooser: Chooser
    names: NameSource | None = None

    async def answer(self, case: AskedRequest) -> EvaluationAnswer:
        """Answer with the reader, else with the model."""
        started = time.perf_counter()
        reading = _read(case, self.names)
        if reading.answered:
            return _read_answer(case, reading, started)
        return await _ask_model(self.chooser, case, reading.partial)


def _read(case: AskedRequest, names: NameSource | None) -> Reading:
    from assistant.understanding import read

    return read(case.text, state=case.conversation(names).state, names=names)


def _read_answer(case: AskedRequest, reading: Reading, started: float) -> EvaluationAnswer:
    return EvaluationAnswer(
        id=case.id,
        calls=_calls(reading),
        by="reader",
        seconds=round(time.perf_counter() - started, 4),
        choices=reading.choices,
        partial={} if reading.confident else reading.partial,
    )


def _calls(reading: Reading) -> tuple[tuple[str, dict[str, Any]], ...]:
    if reading.tool and reading.confident:
        return ((reading.tool, dict(reading.arguments)),)
    return ()


async def _ask_model(
    chooser: Chooser, case: AskedRequest, hint: Mapping[str, Any] | None
) -> EvaluationAnswer:
    from assistant.model.grounding.evidence import evidence
    from assistant.turns.references import shown_line

    started = time.perf_counter()
    talk = case.conversation()
    messages = chooser.opening(
        case.text,
        history=talk.history(),
        hint=hint,
        shown=shown_line(talk.state, chooser.language),
    )
    try:
        words = evidence(case.text, state=talk.state, hint=hint)
        chosen = await chooser.choose(messages, words=words)
    except ModelError as error:
        if error.failure in _LOST:
            raise LostServerError(str(error)) from error
        seconds = round(time.perf_counter() - started, 3)
        return EvaluationAnswer(
            id=case.id, calls=(), by="model", seconds=seconds, error=error.failure
        )
    return EvaluationAnswer(
        id=case.id,
        calls=tuple((call.name, call.arguments) for call in chosen.calls),
        by="model",
        seconds=round(time.perf_counter() - started, 3),
        prompt_tokens=chosen.prompt_tokens,
        reply_tokens=chosen.reply_tokens,
    )
