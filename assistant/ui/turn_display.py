"""The events of one turn as a message, steps and elements of the page."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import chainlit as cl

from assistant import answers
from assistant.answers import Language
from assistant.messages import ToolCall
from assistant.settings import current
from assistant.turns.events import (
    AnalysisPaused,
    AnswerText,
    Question,
    ToolFailed,
    ToolProgress,
    ToolShown,
    ToolStarted,
    TurnNotice,
)
from assistant.turns.turn import take_turn
from assistant.ui.buttons import filter_buttons, press
from assistant.ui.escaping import escaped
from assistant.ui.page_elements import elements
from assistant.ui.page_emitter import LONG_S
from assistant.ui.page_session import (
    current_conversation,
    keep_conversation,
    session_language,
    tell_address,
)
from assistant.ui.shown_step import ShownStep
from prompts import languages, load
from store.people.preferences import results_per_page

_REMOVABLE = "search_tracks"
"""The tool whose filters can be taken away one by one."""


class TurnDisplay:
    """Shows the events of one turn."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._conversation = current_conversation()
        self._message = cl.Message(content="")
        self._steps: dict[str, ShownStep] = {}
        self._began_s = time.monotonic()
        self._language: Language = session_language()

    async def run(self) -> None:
        """Run the turn and show its events; cancellation closes it."""
        await tell_address()
        async with self._reporting_errors():
            turn = take_turn(self._text, self._conversation, settings=current())
            try:
                async for event in turn:
                    await self._show(event)
            finally:
                await turn.aclose()
        await self._message.send()
        await keep_conversation(self._message)

    async def press(self, payload: Mapping[str, Any]) -> None:
        """Run the call of a button and show its events."""
        async with self._reporting_errors():
            for event in await press(
                payload, self._conversation, settings=current(), language=self._language
            ):
                await self._show(event)
        await self._message.send()
        await keep_conversation(self._message)

    @asynccontextmanager
    async def _reporting_errors(self) -> AsyncGenerator[None, None]:
        """Show an error to the user and let it propagate to the log; cancellation is no error."""
        try:
            yield
        finally:
            error = sys.exception()
            for step in self._steps.values():
                await (step.remove() if isinstance(error, Exception) else step.sent())
            if isinstance(error, Exception):
                detail = type(error).__name__
                await self._message.stream_token(
                    answers.answer(self._language_of_turn(), "broken", detail=detail)
                )
                await self._message.send()

    async def _show(self, event: object) -> None:
        if isinstance(event, ToolStarted):
            await self._start_step(event.call)
        elif isinstance(event, ToolProgress):
            text = f"{round(event.fraction * 100)} % {event.step}"
            await self._steps[_key(event.call)].progress(text)
        elif isinstance(event, ToolShown):
            await self._end_step(event.call, event.rendering.sentence)
            rows = await asyncio.to_thread(results_per_page, self._conversation.person)
            language = self._language_of_turn()
            shown = elements(event.rendering, language, event.call, rows_shown=rows)
            self._note_table(shown)
            self._message.elements = [*(self._message.elements or []), *shown]  # type: ignore[list-item]
            if event.call.name == _REMOVABLE and not shown:
                self._message.actions = _filter_actions(event.call, self._language_of_turn())
            if event.rendering.kind == "status":
                self._message.actions = _pause_actions(
                    event.rendering.data, self._language_of_turn()
                )
        elif isinstance(event, ToolFailed):
            await self._end_step(event.call, event.message, failed=True)
            self._offer(event.choices)
        elif isinstance(event, Question):
            self._offer(event.choices)
        elif isinstance(event, AnalysisPaused):
            self._message.actions = [resume_action(self._language_of_turn())]
        elif isinstance(event, AnswerText):
            await self._say(_shown_words(event.text))
        elif isinstance(event, TurnNotice):
            await cl.Message(content=f"ℹ️ {event.text}").send()

    def _note_table(self, shown: Sequence[cl.CustomElement]) -> None:
        """Let the conversation know the table, which tells it of further rows and other orders."""
        for element in shown:
            if list_id := element.props.get("list_id"):
                ids = [track["id"] for track in element.props["tracks"]]
                self._conversation.note_table(list_id, ids)

    def _offer(self, choices: tuple[str, ...]) -> None:
        self._message.actions = [
            cl.Action(name="choose", label=choice, payload={"name": choice}) for choice in choices
        ]

    def _language_of_turn(self) -> Language:
        return self._conversation.answer_language or self._language

    async def _say(self, text: str) -> None:
        """Append to the answer; what is said at once is sent with the whole of it."""
        if self._message.streaming or time.monotonic() - self._began_s > LONG_S:
            await self._message.stream_token(text)
        else:
            self._message.content += text

    async def _start_step(self, call: ToolCall) -> None:
        label = answers.tool_label(self._language_of_turn(), call.name)
        arguments = json.dumps({call.name: call.arguments}, ensure_ascii=False, indent=1)
        parent_id = self._message.parent_id
        self._steps[_key(call)] = ShownStep(label, arguments, parent_id=parent_id)

    async def _end_step(self, call: ToolCall, output: str, *, failed: bool = False) -> None:
        await self._steps.pop(_key(call)).end(escaped(output), failed=failed)


def _filter_actions(call: ToolCall, language: Language) -> list[cl.Action]:
    """Return buttons that take a piece of a query away, where no table shows them."""
    return [
        cl.Action(name="press", label=f"✕ {one['label']}", payload=one["payload"])
        for one in filter_buttons(call, language)
    ]


def resume_action(language: Language) -> cl.Action:
    """Return the button that resumes the analysis."""
    label = load("pause", language)["resume"]
    return cl.Action(name="pause", label=label, payload={"resume": True})


def _pause_actions(facts: Mapping[str, Any], language: Language) -> list[cl.Action]:
    """Return the button that pauses or resumes the analysis, where that is possible."""
    if reason := facts["paused"]:
        return [] if reason == "too_hot" else [resume_action(language)]
    if not facts["indexer_alive"] or not facts["queued"] + facts["running"]:
        return []
    label = load("pause", language)["pause"]
    return [cl.Action(name="pause", label=label, payload={"resume": False})]


def _key(call: ToolCall) -> str:
    return call.id or json.dumps([call.name, call.arguments], sort_keys=True)


def _shown_words(text: str) -> str:
    """Return the text escaped, except the help text, which is Markdown of Backbeat itself."""
    return text if text in map(answers.help_text, languages()) else escaped(text)
