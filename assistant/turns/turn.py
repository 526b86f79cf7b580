"""One turn: the reader or the model → tools → an answer. No user interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from assistant import answers
from assistant.messages import ToolCall
from assistant.model.tool_arguments import BadArgumentsError, given_arguments, validated
from assistant.settings import Settings
from assistant.turns import refusals, turn_commands
from assistant.turns.choices import Pending, chosen
from assistant.turns.conversation import Conversation
from assistant.turns.events import Question, TurnEvent
from assistant.turns.library_names import LibraryNames
from assistant.turns.model_turn import ask_model, choose_tool
from assistant.turns.turn_work import TurnWork, fixed_language
from assistant.understanding import Reading, read
from store.results import StoreError
from tools import TOOLS
from tools.base import Tool, ToolContext

_SELECTING: Final = frozenset({"search_tracks", "make_playlist"})


async def take_turn(
    text: str,
    conversation: Conversation,
    *,
    settings: Settings | None = None,
    tools: Sequence[Tool] = TOOLS,
    wait_s: float = 0.0,
) -> AsyncGenerator[TurnEvent, None]:
    """Answer one message.

    The text of the answer is all `AnswerText` joined; tables, players and files are drawn from
    `ToolShown`. The last event is `TurnDone`. Closing the iterator stops the turn.

    Args:
        text: The user's message.
        conversation: State after the earlier turns; updated.
        wait_s: How long a tool may wait for work of the indexer.
    """
    settings = settings or Settings()
    events: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
    work = TurnWork(text, conversation, settings, tools, events.put_nowait, wait_s=wait_s)

    async def run() -> None:
        nonlocal work
        try:
            async with asyncio.timeout(settings.turn_timeout_s + wait_s):
                while left := await _Turn(work).run():
                    work = work.continued(left)
        except TimeoutError:
            work.reply(answers.answer(work.language, "turn_timeout"), "none")
        finally:
            events.put_nowait(None)

    task = asyncio.create_task(run())
    try:
        while (event := await events.get()) is not None:
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])


class _Turn:
    """Dispatches a message to a pending question, the reader or the model."""

    def __init__(self, work: TurnWork) -> None:
        self._work = work
        self._left = ""

    async def run(self) -> str:
        """Answer; returns the sentences that are still to be answered."""
        work = self._work
        limit = work.settings.message_limit
        if not work.text:
            work.reply(answers.answer(work.language, "empty"), "none")
        elif len(work.text) > limit:
            work.reply(answers.answer(work.language, "too_long", limit=limit), "none")
        elif not await self._resolve_pending():
            await self._read()
        return self._left

    async def _resolve_pending(self) -> bool:
        work = self._work
        pending, work.conversation.pending = work.conversation.pending, None
        if pending is None:
            return False
        try:
            choice = chosen(work.text, pending.choices)
        except IndexError:
            if _refers_to_shown(work):
                return False
            work.conversation.pending = pending
            count = len(pending.choices)
            work.reply(answers.answer(work.language, "no_such_choice", count=count), "reader")
            return True
        if choice is None:
            return False
        work.language = fixed_language(work.conversation, work.settings) or pending.language
        work.conversation.chosen = pending.entities(choice)
        await self._run_read_tool(pending.tool, pending.with_choice(choice))
        return True

    async def _read(self) -> None:
        work = self._work
        reading = await self._reading()
        if reading is None:
            return
        self._left = work.left = reading.then
        work.language = fixed_language(work.conversation, work.settings) or reading.language
        if reading.tool and reading.confident:
            if reading.edits and work.conversation.lost and reading.tool in _SELECTING:
                self._offer(reading.tool, reading.arguments, "lost")
            else:
                await self._follow(reading)
        elif reading.reply_kind == "help":
            work.reply(answers.help_text(work.language), "reader")
        elif reading.reply_kind:
            work.reply(answers.answer(work.language, reading.reply_kind), "reader")
        elif reading.command:
            await turn_commands.follow(reading.command, work)
        elif reading.choices:
            self._ask_back(reading)
        elif not await ask_model(work, hint=reading.partial):
            self._refuse(reading)

    async def _reading(self) -> Reading | None:
        work = self._work
        look = partial(read, work.text, state=work.conversation.state, names=LibraryNames())
        try:
            return await asyncio.to_thread(look)
        except StoreError as error:
            work.reply(str(error), "none")
            return None

    async def _follow(self, reading: Reading) -> None:
        """Make the call that was read, on what the conversation refers to."""
        work = self._work
        work.conversation.refused = work.conversation.lost = False
        work.conversation.chosen = dict(reading.entities)
        context = replace(
            work.context(reading.places),
            remake=reading.chart_again,
            seen=work.conversation.seen if reading.more else (),
            from_shown=reading.from_shown or bool(reading.places),
            changes_playlist_id=work.conversation.asked_playlist_id if reading.edits else None,
        )
        await self._run_read_tool(
            str(reading.tool), reading.arguments, remark=_remark(reading, work), context=context,
            more=reading.also,
        )  # fmt: skip

    async def _run_read_tool(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        remark: str = "",
        context: ToolContext | None = None,
        more: Sequence[tuple[str, Mapping[str, Any]]] = (),
    ) -> None:
        work = self._work
        tool = work.tools.get(name)
        if tool is None:  # read from the words of a tool that is not there
            work.reply(answers.refusal(work.language, "other_action"), "none")
            return
        try:
            checked = validated(tool, arguments)
        except BadArgumentsError as error:
            work.reply(answers.answer(work.language, "broken", detail=str(error)), "none", name)
            return
        work.conversation.offered = False
        call = ToolCall(name=name, arguments=given_arguments(checked))
        outcome, rendering = await work.run_tool(tool, call, context=context)
        work.write(rendering.sentence if rendering else outcome.error or "")
        if rendering and remark:
            work.write(f" {remark}")
        if rendering and more:
            work.write(" ")
            await self._run_read_tool(*more[0], more=more[1:])
        else:
            work.end_turn("reader", outcome.call)

    def _refuse(self, reading: Reading) -> None:
        """Say what was not understood, and offer what is left of the request."""
        work = self._work
        repeated, work.conversation.refused = work.conversation.refused, True
        left = refusals.offer(reading)
        if left is None:
            state = work.conversation.state
            work.conversation.lost = refusals.loses_topic(reading, state)
            said = refusals.refusal(
                reading, work.language, repeated=repeated, listed=len(state.results)
            )
            work.reply(said, "none")
        else:
            self._offer(*left, "offer", said=refusals.refused_words(reading, work.language))

    def _offer(self, tool: str, arguments: Mapping[str, Any], kind: str, *, said: str = "") -> None:
        """Ask whether a call is meant; what is said next changes its query."""
        work, conversation = self._work, self._work.conversation
        words = refusals.offer_label(arguments, work.language)
        choice = answers.refusal(work.language, "offer_yes", query=words)
        conversation.pending = Pending(tool, arguments, (choice,), work.language, offer=True)
        conversation.lost, conversation.offered = False, True
        conversation.state = replace(conversation.state, query_tool=tool, query=dict(arguments))
        work.emit(Question((choice,)))
        asked = answers.refusal(work.language, kind, query=words)
        work.reply(f"{said} {asked}".lstrip(), "none")

    def _ask_back(self, reading: Reading) -> None:
        """Ask which of several names was meant, and keep the call pending."""
        work = self._work
        tool = str(reading.partial["tool"])
        arguments = dict(reading.partial["arguments"])
        listed = "\n".join(f"{n}. {choice}" for n, choice in enumerate(reading.choices, 1))
        work.conversation.pending = Pending(tool, arguments, reading.choices, work.language)
        work.emit(Question(reading.choices))
        work.reply(f"{answers.answer(work.language, 'which_one')}\n\n{listed}", "reader")


def _refers_to_shown(work: TurnWork) -> bool:
    """Whether a number that is no choice is that of a track shown before."""
    try:
        chosen(work.text, [track.label for track in work.conversation.state.results])
    except IndexError:
        return False
    return True


def _remark(reading: Reading, work: TurnWork) -> str:
    """Return a remark on a part of the request that the tool does not support; "" for none."""
    if reading.chart_bpm is None:
        return refusals.unread_remark(reading, work.language)
    return answers.answer(work.language, "chart_tempo", bpm=f"{reading.chart_bpm:g}")


async def understand_line(
    text: str,
    reader_only: bool = False,
    *,
    settings: Settings | None = None,
    tools: Sequence[Tool] = TOOLS,
) -> dict[str, Any]:
    """Return what would be called for a request, without running anything.

    Returns:
        `text`, `language`, `tool` (None: no call, or a question back), `arguments` (only what was
        said; those of the first of several calls), `unread` (words that were not used) and `by`
        ("reader", "model" or "none").
    """
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
        "unread": list(reading.unread),
        "by": "none",
    }
    if reading.tool and reading.confident:
        return {**line, "tool": reading.tool, "arguments": dict(reading.arguments), "by": "reader"}
    if reading.answered:
        return {**line, "by": "reader"}
    if not reader_only:
        choice = await choose_tool(text, settings=settings, tools=tools, hint=reading.partial)
        if choice is not None:
            return {
                **line, "tool": choice.name, "arguments": choice.arguments, "unread": [],
                "by": "model",
            }  # fmt: skip
    return line
