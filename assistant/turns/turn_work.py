"""Context of one turn: the conversation, the tools and the event stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import prompts
from assistant import answers
from assistant.answers import Language
from assistant.messages import By, ToolCall, ToolOutcome
from assistant.model.embedding import embedder
from assistant.model.tool_arguments import validated
from assistant.settings import Settings
from assistant.turns.choices import Pending
from assistant.turns.conversation import Conversation
from assistant.turns.events import (
    AnswerText,
    ToolFailed,
    ToolProgress,
    ToolShown,
    ToolStarted,
    TurnDone,
    TurnEvent,
    TurnNotice,
)
from store.results import StoreError
from tools.base import Rendering, Tool, ToolContext, ToolError, ToolResult, selects_tracks
from tools.library.away_note import away_note

Emit = Callable[[TurnEvent], None]


class TurnWork:
    """The message, conversation and tools of one turn; its events go to `emit`.

    Attributes:
        text: The message, white space squeezed.
        conversation: State after the earlier turns; updated.
        tools: The tools by name.
        language: Language of the answer.
        left: Sentences of the message that are answered after this one.
    """

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
        self.language: Language = fixed_language(conversation, settings) or prompts.FALLBACK
        self.emit = emit
        self._wait_s = wait_s
        self._answer: list[str] = []
        self.left = ""

    def continued(self, text: str) -> TurnWork:
        """Return the work of the same turn on its later sentences."""
        return TurnWork(
            text, self.conversation, self.settings, tuple(self.tools.values()), self.emit,
            wait_s=self._wait_s,
        )  # fmt: skip

    async def run_tool(
        self, tool: Tool, call: ToolCall, *, context: ToolContext | None = None
    ) -> tuple[ToolOutcome, Rendering | None]:
        """Run a tool in a thread and show its result.

        Args:
            tool: The tool.
            call: Its name and arguments.
            context: What `context` returned, changed for this call; None as it stands.
        """
        self.conversation.answer_language = self.language  # the label of the step is in it
        self.emit(ToolStarted(call))
        loop = asyncio.get_running_loop()

        def on_progress(fraction: float, step: str) -> None:
            loop.call_soon_threadsafe(self.emit, ToolProgress(call, fraction, step))

        context = replace(
            context or self.context(),
            progress=on_progress,
            wait_s=self._wait_s,
            embed_text=embedder(self.settings),
        )
        started = time.monotonic()
        try:
            result, rendering = await asyncio.to_thread(_run, tool, call, context)
        except (ToolError, StoreError) as error:
            choices = getattr(error, "choices", ())
            self.emit(ToolFailed(call, str(error), choices))
            if choices:
                self.conversation.pending = Pending(
                    call.name, call.arguments, choices, self.language,
                    ids=getattr(error, "ids", {}),
                )  # fmt: skip
            return ToolOutcome(call=call, error=str(error), choices=choices), None
        seconds = time.monotonic() - started
        self.emit(ToolShown(call, rendering, seconds, job_id=result.job_id))
        self.conversation.add_result(
            call, result, rendering, self.language, selects=selects_tracks(tool)
        )
        return ToolOutcome(call=call, facts=dict(result.facts)), rendering

    def context(self, places: Sequence[int] = ()) -> ToolContext:
        """Return who asks, in which language, and what the conversation refers to.

        Args:
            places: Those of the list shown, from 1, that are meant alone; none: all of it.
        """
        conversation = self.conversation
        results = conversation.state.results
        meant = [results[at - 1 if at > 0 else at] for at in places] or results
        return ToolContext(
            language=self.language,
            person=conversation.person,
            entities=conversation.entities(),
            shown=tuple(track.track_id for track in meant),
            playlist_id=conversation.playlist_id,
            shown_playlist_id=conversation.shown_playlist_id,
        )

    def write(self, text: str) -> None:
        """Append text to the answer."""
        self.conversation.answer_language = self.language
        if text:
            self._answer.append(text)
            self.emit(AnswerText(text))

    def reply(self, text: str, by: By, tool: str | None = None) -> None:
        """Answer with text only and end the turn."""
        self.write(text)
        self.end_turn(by, ToolCall(name=tool, arguments={}) if tool else None)

    def end_turn(self, by: By, call: ToolCall | None = None) -> None:
        """End the turn, or what was said of its first sentence."""
        self.conversation.add_turn(self.text, call, "".join(self._answer))
        if self.left:
            self.emit(AnswerText("\n\n"))
            return
        self.emit(TurnDone(by, self.language, call.name if call else None))

    def notice_once(self, name: str, **values: object) -> None:
        """Show a notice beside the answer, once a conversation."""
        if name not in self.conversation.given_notices:
            self.conversation.given_notices.add(name)
            self.emit(TurnNotice(answers.notice(self.language, name, **values)))


def fixed_language(conversation: Conversation, settings: Settings) -> Language | None:
    """Return the language set in the chat or in the settings; None where neither is."""
    if conversation.language:
        return conversation.language
    return settings.locale if settings.locale != "auto" else None


def _run(tool: Tool, call: ToolCall, context: ToolContext) -> tuple[ToolResult, Rendering]:
    result = tool.run(validated(tool, call.arguments), context)
    rendering = tool.render(result, context)
    note = away_note(context.language, result.track_ids)
    if not note and selects_tracks(tool):  # what is away was not found, or not chosen
        note = away_note(context.language)
    return result, replace(rendering, sentence=" ".join(filter(None, (rendering.sentence, note))))
