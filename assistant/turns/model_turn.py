"""A turn by the model: choose tools, then write the answer."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import prompts
from assistant.messages import Message, ToolCall, ToolOutcome
from assistant.model.fact_checking import FactChecker, facts_for_model
from assistant.model.llm import ModelError
from assistant.model.model_choice import Chooser, model_sentence
from assistant.model.ollama_models import ModelState, model_state
from assistant.model.self_check import cancel_self_checks
from assistant.settings import Settings
from assistant.turns.events import TurnNotice
from assistant.turns.turn_work import TurnWork
from tools.base import Rendering, Tool

logger = logging.getLogger(__name__)


async def ask_model(turn: TurnWork, *, hint: Mapping[str, Any] | None = None) -> bool:
    """Ask the model, and the fallback when it fails; False when neither answered.

    Args:
        turn: The turn.
        hint: The reader's partial result.
    """
    settings = turn.settings
    wanted = turn.conversation.model or settings.model
    for name in dict.fromkeys([wanted, settings.fallback_model or wanted]):
        state = await model_state(settings, name)
        if name != wanted and state.usable:
            _notice_once(turn, "fallback", model=wanted, fallback=state.model)
        if not state.usable:
            _notice_problem(turn, state)
            continue
        try:
            # a model without an answer did not fail: the fallback is not asked
            return await ModelTurn(turn, state, hint=hint).run()
        except ModelError as error:
            _notice_failure(turn, error, state.model)
            if error.failure == "timeout" and settings.fallback_model:
                turn.conversation.model = settings.fallback_model
    return False


class ModelTurn:
    """One choice of tools, one retry, then one or two sentences supported by the results."""

    def __init__(
        self, turn: TurnWork, state: ModelState, *, hint: Mapping[str, Any] | None = None
    ) -> None:
        self._turn = turn
        self._hint = hint
        self._model = state.model
        self._chooser = Chooser(turn.settings, state, list(turn.tools.values()))

    async def run(self) -> bool:
        """Return whether the turn was answered.

        Raises:
            ModelError: The model could not choose; nothing was shown or run yet.
        """
        turn = self._turn
        cancel_self_checks()
        if host := turn.settings.leaves_house(self._model):
            _notice_once(turn, "elsewhere", host=host)
        messages = self._chooser.opening(
            turn.text, history=turn.conversation.history(), hint=self._hint
        )
        chosen = await self._chooser.choose(messages)
        if not chosen.calls:
            return self._answer_without_tool(chosen.text)
        shown: list[tuple[ToolOutcome, Rendering]] = []
        for call in chosen.calls:
            outcome, rendering = await turn.run_tool(turn.tools[call.name], call)
            if rendering is None:
                turn.write(outcome.error or "")
                turn.end_turn("model", call)
                return True
            shown.append((outcome, rendering))
        await self._write_answer(messages, shown)
        turn.end_turn("model", chosen.calls[-1])
        return True

    def _answer_without_tool(self, text: str) -> bool:
        """Accept an answer without a tool when it states nothing beyond the request."""
        checker = self._checker("", {})
        try:
            sentences = [*checker.feed(text), *checker.finish()]
        except ValueError:
            return False
        if not sentences:
            return False
        self._turn.write(" ".join(sentences))
        self._turn.end_turn("model")
        return True

    async def _write_answer(
        self, messages: list[Message], shown: Sequence[tuple[ToolOutcome, Rendering]]
    ) -> None:
        """Stream sentences while the facts support them; then the tools' own sentences."""
        facts, references = facts_for_model(
            {outcome.call.name: outcome.facts or {} for outcome, _ in shown}
            if len(shown) > 1
            else shown[0][0].facts or {}
        )
        conversation = [*messages, *self._results([outcome.call for outcome, _ in shown], facts)]
        started = False
        try:
            if self._chooser.fits(conversation):
                checker = self._checker(facts, references)
                async for sentence in self._sentences(conversation, checker):
                    self._turn.write(f" {sentence}" if started else sentence)
                    started = True
                if started:
                    return
        except (ModelError, ValueError) as error:
            logger.info("The model's words were not used: %s", error)
        template = " ".join(rendering.sentence for _, rendering in shown)
        self._turn.write(f" {template}" if started else template)

    def _results(self, calls: Sequence[ToolCall], facts: str) -> list[Message]:
        """Return the calls and their results as messages for the model."""
        chooser = self._chooser
        if chooser.style == "schema":
            facts = f"{facts}\n{model_sentence(chooser.language, 'words')}"
        name = " + ".join(call.name for call in calls)
        return [
            Message(role="assistant", tool_calls=tuple(calls)),
            Message(role="tool", name=name, tool_call_id=calls[0].id, content=facts),
        ]

    async def _sentences(self, messages: list[Message], checker: FactChecker) -> AsyncIterator[str]:
        async for piece in self._chooser.client.stream_answer(messages):
            for sentence in checker.feed(piece):
                yield sentence
        for sentence in checker.finish():
            yield sentence

    def _checker(self, facts: str, references: Mapping[str, str]) -> FactChecker:
        system = self._chooser.system.content
        return FactChecker(facts, references, self._turn.text, instructions=system)


async def choose_tool(
    text: str,
    *,
    settings: Settings,
    tools: Sequence[Tool],
    hint: Mapping[str, Any] | None = None,
) -> ToolCall | None:
    """Return the call that the model chooses; None when there is no model or no call."""
    state = await model_state(settings)
    if not state.usable:
        return None
    chooser = Chooser(settings, state, tools)
    try:
        chosen = await chooser.choose(chooser.opening(text, hint=hint))
    except ModelError:
        return None
    return chosen.calls[0] if chosen.calls else None


def _notice_once(turn: TurnWork, name: str, **values: object) -> None:
    if name not in turn.conversation.given_notices:
        turn.conversation.given_notices.add(name)
        notices = prompts.load("model", turn.language)["notices"]
        turn.emit(TurnNotice(notices[name].format(**values)))


def _notice_problem(turn: TurnWork, state: ModelState) -> None:
    if state.problem and state.problem != "off":
        turn.notice_once(
            state.problem,
            host=turn.settings.model_address,
            model=state.model,
            default=turn.settings.small_model,
        )


def _notice_failure(turn: TurnWork, error: ModelError, model: str) -> None:
    turn.notice_once(
        error.failure,
        host=turn.settings.model_address,
        model=model,
        small=turn.settings.small_model,
        detail=str(error)[:120],
    )
