"""A turn by the model: up to three rounds of calls and results, then an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import prompts
from assistant.messages import Message, ToolCall, ToolOutcome
from assistant.model.grounding.argument_support import has_filter, needs_filter
from assistant.model.grounding.consent import changes, is_asked_for
from assistant.model.grounding.evidence import evidence
from assistant.model.grounding.fact_checking import FactChecker
from assistant.model.grounding.result_facts import facts_for_model
from assistant.model.llm import ModelError
from assistant.model.model_choice import Chooser, ModelChoice, model_sentence
from assistant.model.ollama_models import ModelState, model_state
from assistant.model.self_check import cancel_self_checks
from assistant.model.tool_arguments import BadArgumentsError, validated
from assistant.settings import Settings
from assistant.turns.model_notices import notice_failure, notice_once, notice_problem
from assistant.turns.name_repair import with_known_names
from assistant.turns.references import labels_after, resolved, shown_line
from assistant.turns.spoken_words import SpokenWords
from assistant.turns.turn_work import TurnWork
from tools.base import Tool

_SEARCH: Final = "search_tracks"
_MAKE: Final = "make_playlist"
ROUNDS: Final = 3
"""Of calls and results; small models lose the thread in longer ones."""

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
            notice_once(turn, "fallback", model=wanted, fallback=state.model)
        if not state.usable:
            notice_problem(turn, state)
            continue
        try:
            # a model without an answer did not fail: the fallback is not asked
            return await ModelTurn(turn, state, hint=hint).run()
        except ModelError as error:
            notice_failure(turn, error, state.model)
            if error.failure == "timeout" and settings.fallback_model:
                turn.conversation.model = settings.fallback_model
    return False


class ModelTurn:
    """Rounds of calls and results with one model, until it answers or the results speak."""

    def __init__(
        self, turn: TurnWork, state: ModelState, *, hint: Mapping[str, Any] | None = None
    ) -> None:
        self._turn = turn
        self._hint = hint
        self._model = state.model
        self._chooser = Chooser(turn.settings, state, list(turn.tools.values()))
        before = turn.conversation.state
        self._said = evidence(turn.text, state=before, hint=hint)
        self._history = turn.conversation.history()
        self._labels = labels_after(None, before)
        self._has_read = bool(before.results or self._history)  # titles are in the prompt
        self._made: list[ToolCall] = []
        self._sentences: list[str] = []
        self._unclear = False  # a call lacks what it needs
        self._facts = ""
        self._titles: dict[str, str] = {}

    async def run(self) -> bool:
        """Return whether the turn was answered.

        Raises:
            ModelError: The model could not choose; nothing was shown or run yet.
        """
        turn = self._turn
        cancel_self_checks()
        if host := turn.settings.leaves_house(self._model):
            notice_once(turn, "elsewhere", host=host)
        language = self._chooser.language
        shown = shown_line(turn.conversation.state, language)
        messages = self._chooser.opening(
            turn.text, history=self._history, hint=self._hint, shown=shown
        )
        for _ in range(ROUNDS):
            spoken = SpokenWords(turn, self._checker(shown))
            chosen = await self._choice(messages, spoken)
            if chosen is None:
                return self._end(spoken)
            if not chosen.calls:
                return self._answered(chosen, spoken)
            spoken.finish("")
            results = await self._run_calls(chosen.calls)
            if results is None or not chosen.read:
                return self._end(spoken)
            messages = [*messages, *self._as_messages(chosen.calls, results)]
            if not self._chooser.fits(messages):
                return self._end(spoken)
        return self._end(None)

    async def _choice(self, messages: Sequence[Message], spoken: SpokenWords) -> ModelChoice | None:
        """Return the next choice; None where the model fails after something was shown."""
        try:
            said = replace(self._said, references=bool(self._labels))
            chosen = await self._chooser.choose(messages, words=said, on_words=spoken.feed)
        except ModelError as error:
            if not self._made and not spoken.started:
                raise
            logger.info("The model did not go on: %s", error)
            spoken.checker.abandon()
            return None
        self._turn.conversation.prompt_tokens += chosen.prompt_tokens
        self._turn.conversation.reply_tokens += chosen.reply_tokens
        return chosen

    async def _run_calls(self, calls: Sequence[ToolCall]) -> list[Message] | None:
        """Run calls that were not made yet; return their results for the model.

        Returns:
            None where the turn ends: a question to the person, an error, or nothing new to do.
        """
        results: list[Message] = []
        made = len(self._made)
        for wanted in calls:
            call = await asyncio.to_thread(self._ready, wanted)
            if call is None:
                self._unclear = not self._made
                return None
            tool = self._turn.tools[call.name]
            told = "{}"
            if any((c.name, c.arguments) == (call.name, call.arguments) for c in self._made):
                pass  # it has the result already
            elif changes(tool) and not is_asked_for(call, self._said, has_read=self._has_read):
                told = model_sentence(self._chooser.language, "not_asked")
            else:
                outcome, rendering = await self._turn.run_tool(tool, call)
                self._made.append(call)
                self._sentences.append(rendering.sentence if rendering else outcome.error or "")
                if rendering is None:
                    return None
                told = self._noted(outcome)
            results.append(
                Message(role="tool", name=call.name, tool_call_id=wanted.id, content=told)
            )
        if len(self._made) == made:
            return None
        self._has_read = True
        return results

    def _ready(self, wanted: ToolCall) -> ToolCall | None:
        """Return a call with names for references; None where one that it needs is unknown.

        A playlist that nobody asked for is a search: nothing is saved unasked.
        """
        call = with_known_names(resolved(wanted, self._labels))
        tool, search = self._turn.tools[call.name], self._turn.tools.get(_SEARCH)
        asked = is_asked_for(call, self._said, has_read=False)
        if call.name == _MAKE and search and not asked:
            fields = search.arguments.model_fields
            arguments = {name: value for name, value in call.arguments.items() if name in fields}
            call, tool = call.model_copy(update={"name": _SEARCH, "arguments": arguments}), search
        try:
            validated(tool, call.arguments)
        except BadArgumentsError:
            return None
        narrowed = has_filter(call.arguments) or "sort" in call.arguments
        return call if narrowed or not needs_filter(tool) else None

    def _noted(self, outcome: ToolOutcome) -> str:
        """Keep what a result adds to the facts; return it as the model reads it."""
        facts, titles = facts_for_model(outcome.facts or {})
        self._facts += facts
        self._titles = titles or self._titles
        self._labels = labels_after(outcome, self._turn.conversation.state) or self._labels
        return facts

    def _as_messages(self, calls: Sequence[ToolCall], results: list[Message]) -> list[Message]:
        """Return calls and their results as messages for the model."""
        if self._chooser.style == "schema":
            asked = model_sentence(self._chooser.language, "results")
            last = results[-1]
            told = last.model_copy(update={"content": f"{last.content}\n{asked}"})
            results = [*results[:-1], told]
        return [Message(role="assistant", tool_calls=tuple(calls)), *results]

    def _answered(self, chosen: ModelChoice, spoken: SpokenWords) -> bool:
        """End with the words of the model that hold; else with what stands in for them."""
        spoken.finish(chosen.text)
        if spoken.started or self._sentences:
            return self._end(spoken)
        claims = prompts.load("model", self._turn.language)["claims"]
        if chosen.empty:
            self._turn.write(claims["which_music"])
        elif spoken.checker.false_deeds:
            self._turn.write(claims["not_done"])
        else:
            return False
        self._turn.end_turn("model")
        return True

    def _end(self, spoken: SpokenWords | None) -> bool:
        """End the turn; the tools' own sentences speak where the model did not."""
        turn = self._turn
        if spoken is not None:
            spoken.finish("")
        if spoken is None or not spoken.started or spoken.checker.cut or not self._facts:
            text = " ".join(filter(None, self._sentences))
            if not text and not (spoken and spoken.started):
                claims = prompts.load("model", turn.language)["claims"]
                text = claims["which_music" if self._unclear else "not_done"]
            turn.write(f" {text}" if text and spoken and spoken.started else text)
        turn.end_turn("model", self._made[-1] if self._made else None)
        return True

    def _checker(self, shown: str) -> FactChecker:
        conversation = self._turn.conversation
        titles = {name: label.split(" by ")[0] for name, label in self._labels.items()}
        known = " ".join(
            [self._turn.text, shown, *(record.request for record in conversation.past_turns)]
        )
        return FactChecker(
            self._facts,
            {**titles, **self._titles},
            known,
            instructions=self._chooser.system.content,
            called=[call.name for call in self._made],
        )


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
        messages = chooser.opening(text, hint=hint)
        chosen = await chooser.choose(messages, words=evidence(text, hint=hint))
    except ModelError:
        return None
    return chosen.calls[0] if chosen.calls else None
