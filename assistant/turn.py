"""One turn: the reader or the model → tools → an answer. No user interface."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from assistant import answers
from assistant.answers import Language
from assistant.choices import Pending, chosen
from assistant.conversation import Conversation
from assistant.events import (
    Notice,
    Question,
    ToolFailed,
    ToolProgress,
    ToolShown,
    ToolStarted,
    TurnDone,
    TurnEvent,
    Words,
)
from assistant.library_names import LibraryNames
from assistant.messages import By, ToolCall, ToolOutcome
from assistant.model_turn import ModelTurn, choose_tool
from assistant.ollama_models import model_state
from assistant.settings import Settings
from assistant.tool_arguments import BadArgumentsError, said, validated
from assistant.understanding import Reading, read
from store.results import StoreError
from tools import TOOLS
from tools.base import Rendering, Tool, ToolContext, ToolError, ToolResult

Emit = Callable[[TurnEvent], None]


async def take_turn(
    text: str,
    conversation: Conversation,
    *,
    settings: Settings | None = None,
    tools: Sequence[Tool] = TOOLS,
    wait_s: float = 0.0,
) -> AsyncGenerator[TurnEvent, None]:
    """Answer one message.

    The text of the answer is all `Words` joined; tables, players and files are drawn from
    `ToolShown`. The last event is `TurnDone`. Closing the iterator stops the turn.

    Args:
        text: What the person wrote.
        conversation: Memory of the turns before; updated.
        wait_s: How long a tool may wait for work of the indexer.
    """
    settings = settings or Settings()
    events: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
    turn = Turn(text, conversation, settings, tools, events.put_nowait, wait_s=wait_s)

    async def work() -> None:
        try:
            async with asyncio.timeout(settings.turn_timeout_s + wait_s):
                await turn.run()
        except TimeoutError:
            turn.say(answers.answer(turn.language, "turn_timeout"))
            turn.done("none")
        finally:
            events.put_nowait(None)

    task = asyncio.create_task(work())
    try:
        while (event := await events.get()) is not None:
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])


class Turn:
    """The work of one turn; what happens goes to `emit`."""

    def __init__(
        self,
        text: str,
        conversation: Conversation,
        settings: Settings,
        tools: Sequence[Tool],
        emit: Emit,
        *,
        wait_s: float = 0.0,
    ) -> None:
        self.text = " ".join(text.split())
        self.conversation = conversation
        self.settings = settings
        self.tools: Mapping[str, Tool] = {tool.name: tool for tool in tools}
        self.language: Language = _fixed_language(conversation, settings) or "en"
        self._emit = emit
        self._wait_s = wait_s
        self._answer: list[str] = []

    async def run(self) -> None:
        """Read, act and answer."""
        limit = self.settings.message_limit
        if not self.text:
            self.reply(answers.answer(self.language, "empty"), "none")
        elif len(self.text) > limit:
            self.reply(answers.answer(self.language, "too_long", limit=limit), "none")
        elif not await self._took_choice():
            await self._read()

    async def _took_choice(self) -> bool:
        pending, self.conversation.pending = self.conversation.pending, None
        if pending is None:
            return False
        try:
            choice = chosen(self.text, pending.choices)
        except IndexError:
            self.conversation.pending = pending
            count = len(pending.choices)
            self.reply(answers.answer(self.language, "no_such_choice", count=count), "reader")
            return True
        if choice is None:
            return False
        self.language = _fixed_language(self.conversation, self.settings) or pending.language
        await self._run_read_tool(pending.tool, pending.with_choice(choice))
        return True

    async def _read(self) -> None:
        reading = await self._reading()
        if reading is None:
            return
        self.language = _fixed_language(self.conversation, self.settings) or _spoken(reading)
        if reading.tool and reading.confident:
            await self._run_read_tool(reading.tool, reading.arguments)
        elif reading.reply_kind:
            self.reply(_small_talk(self.language, reading.reply_kind), "reader")
        elif reading.question:
            self._ask_back(reading)
        elif not await self._ask_model():
            self.say(answers.answer(self.language, "not_understood") + "\n\n")
            self.reply(answers.help_text(self.language), "none")

    async def _reading(self) -> Reading | None:
        look = partial(read, self.text, state=self.conversation.state, names=LibraryNames())
        try:
            return await asyncio.to_thread(look)
        except StoreError as error:
            self.reply(str(error), "none")
            return None

    async def _run_read_tool(self, name: str, arguments: Mapping[str, Any]) -> None:
        tool = self.tools[name]
        try:
            checked = validated(tool, arguments)
        except BadArgumentsError as error:
            self.reply(answers.answer(self.language, "broken", detail=str(error)), "none", name)
            return
        outcome, rendering = await self.use(tool, ToolCall(name=name, arguments=said(checked)))
        self.say(rendering.sentence if rendering else outcome.error or "")
        self.done("reader", outcome.call)

    async def _ask_model(self) -> bool:
        """Let the model try; False when there is none or it could not."""
        state = await model_state(self.settings, self.conversation.model)
        if not state.usable:
            if state.problem and state.problem != "off":
                self.notice_once(
                    state.problem,
                    host=self.settings.ollama_host,
                    model=state.model,
                    default=self.settings.small_model,
                )
            return False
        return await ModelTurn(self, state).run()

    def _ask_back(self, reading: Reading) -> None:
        """Ask which of several names was meant; the next message may be the answer."""
        tool = str(reading.partial.get("tool") or "")
        call = ToolCall(name=tool, arguments=dict(reading.partial.get("arguments") or {}))
        listed = "\n".join(f"{n}. {choice}" for n, choice in enumerate(reading.choices, 1))
        question = "\n\n".join(part for part in (reading.question, listed) if part)
        if tool in self.tools and reading.choices:
            self.conversation.pending = Pending(
                tool, call.arguments, reading.choices, self.language
            )
            self._emit(Question(reading.choices))
        self.reply(question, "reader")

    async def use(self, tool: Tool, call: ToolCall) -> tuple[ToolOutcome, Rendering | None]:
        """Run a tool in a thread and show what it found."""
        self._emit(ToolStarted(call))
        loop = asyncio.get_running_loop()

        def on_progress(fraction: float, step: str) -> None:
            loop.call_soon_threadsafe(self._emit, ToolProgress(call, fraction, step))

        context = ToolContext(language=self.language, progress=on_progress, wait_s=self._wait_s)
        started = time.monotonic()
        try:
            result, rendering = await asyncio.to_thread(_run, tool, call, context)
        except (ToolError, StoreError) as error:
            choices = getattr(error, "choices", ())
            self._emit(ToolFailed(call, str(error), choices))
            if choices:
                self.conversation.pending = Pending(
                    call.name, call.arguments, choices, self.language
                )
            return ToolOutcome(call=call, error=str(error), choices=choices), None
        seconds = time.monotonic() - started
        self._emit(ToolShown(call, rendering, seconds, job_id=result.job_id))
        self.conversation.learn(call, result, self.language)
        return ToolOutcome(call=call, facts=dict(result.facts)), rendering

    def say(self, text: str) -> None:
        """Append to the answer."""
        self.conversation.spoken = self.language
        if text:
            self._answer.append(text)
            self._emit(Words(text))

    def reply(self, text: str, by: By, tool: str | None = None) -> None:
        """Answer in words alone and end the turn."""
        self.say(text)
        self.done(by, ToolCall(name=tool, arguments={}) if tool else None)

    def done(self, by: By, call: ToolCall | None = None) -> None:
        """End the turn."""
        self.conversation.remember(self.text, call, "".join(self._answer))
        self._emit(TurnDone(by, self.language, call.name if call else None))

    def notice_once(self, name: str, **values: object) -> None:
        """Say something beside the answer, once a conversation."""
        if name not in self.conversation.told:
            self.conversation.told.add(name)
            self._emit(Notice(answers.notice(self.language, name, **values)))


async def understand_line(
    text: str,
    reader_only: bool = False,
    *,
    settings: Settings | None = None,
    tools: Sequence[Tool] = TOOLS,
) -> dict[str, Any]:
    """What a request means: text, language, tool or None, arguments, by. Executes nothing."""
    settings = settings or Settings()
    try:
        reading = await asyncio.to_thread(partial(read, text, state=None, names=LibraryNames()))
    except StoreError:
        reading = await asyncio.to_thread(partial(read, text, state=None, names=None))
    line: dict[str, Any] = {
        "text": text,
        "language": reading.language,
        "tool": None,
        "arguments": {},
        "by": "none",
    }
    if reading.tool and reading.confident:
        return {**line, "tool": reading.tool, "arguments": dict(reading.arguments), "by": "reader"}
    if reading.reply_kind:
        return {**line, "by": "reader"}
    if not reader_only:
        choice = await choose_tool(text, settings=settings, tools=tools)
        if choice is not None:
            return {**line, "tool": choice.name, "arguments": choice.arguments, "by": "model"}
    return line


def _run(tool: Tool, call: ToolCall, context: ToolContext) -> tuple[ToolResult, Rendering]:
    result = tool.run(validated(tool, call.arguments), context)
    return result, tool.render(result, context)


def _fixed_language(conversation: Conversation, settings: Settings) -> Language | None:
    if conversation.language:
        return conversation.language
    return settings.locale if settings.locale != "auto" else None


def _spoken(reading: Reading) -> Language:
    return "fr" if reading.language == "fr" else "en"


def _small_talk(language: Language, kind: str) -> str:
    return answers.help_text(language) if kind == "help" else answers.answer(language, kind)
