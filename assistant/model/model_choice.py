"""Tool choice by a model: prompt, choice, validation, support by the words, one retry."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import prompts
from assistant.answers import Language
from assistant.messages import Message, ToolCall
from assistant.model.checked_models import style_of
from assistant.model.grounding.argument_support import has_filter, needs_filter, supported
from assistant.model.grounding.evidence import Evidence, evidence
from assistant.model.instructions import opening_messages
from assistant.model.llm import Choice, ModelClient, ModelError
from assistant.model.ollama_models import ModelState
from assistant.model.tool_arguments import (
    BadArgumentsError,
    given_arguments,
    tidied,
    validated,
)
from assistant.model.tool_schemas import CALLS_AT_ONCE
from assistant.model.tool_style import ToolStyle
from assistant.settings import Settings
from tools.base import Tool

HISTORY_TOKENS: Final = 600
"""Of earlier turns in a prompt, about six turns: a small board reads 20 tokens a second."""
_BYTES_A_TOKEN: Final = 3.3  # of JSON and French, on the careful side
_PROMPT_SHARE: Final = 0.92  # of the context; the rest is for the reply


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Valid calls, else the model's text; tokens of all rounds together.

    Attributes:
        read: The model wants to see the results before it answers.
        empty: A search that no word of the request narrows: the person is to be asked.
    """

    calls: tuple[ToolCall, ...]
    text: str
    prompt_tokens: int
    reply_tokens: int
    read: bool = False
    empty: bool = False


class Chooser:
    """A model with the tools that it may choose. All its requests begin with the same bytes.

    Args:
        settings: Of the model server.
        state: The model.
        tools: What it may choose.
        style: The call style; that of its self-check when None.
    """

    def __init__(
        self,
        settings: Settings,
        state: ModelState,
        tools: Sequence[Tool],
        *,
        style: ToolStyle | None = None,
    ) -> None:
        self.style: ToolStyle = style or style_of(state)
        self.language: Language = prompt_language(settings)
        self._settings = settings
        self._tools: Mapping[str, Tool] = {tool.name: tool for tool in tools}
        self.client = ModelClient(
            settings, model=state.model, thinking=state.thinking, tools=tools, style=self.style
        )
        self.start: Sequence[Message] = (
            opening_messages(self.language, tools)
            if self.style == "schema"
            else [Message(role="system", content=model_sentence(self.language, "native"))]
        )

    @property
    def system(self) -> Message:
        """The instructions."""
        return self.start[0]

    def opening(
        self,
        text: str,
        *,
        history: Sequence[Message] = (),
        hint: Mapping[str, Any] | None = None,
        shown: str = "",
    ) -> list[Message]:
        """Return the prompt of a request.

        Args:
            text: The request.
            history: Messages of earlier turns; the oldest are left out beyond `HISTORY_TOKENS`.
            hint: What the reader understood of it.
            shown: What the conversation refers to, with its references.
        """
        if hint and hint.get("arguments"):
            reading = json.dumps(hint["arguments"], ensure_ascii=False, separators=(",", ":"))
            text = f"{text}\n({model_sentence(self.language, 'hint').format(reading=reading)})"
        request = Message(role="user", content=f"({shown})\n{text}" if shown else text)
        whole = [*self.start, *self._recent(history), request]
        return whole if self.fits(whole) else [*self.start, request]

    def fits(self, messages: Sequence[Message]) -> bool:
        """Return whether a prompt leaves room for a reply in the model's context."""
        return self._tokens(messages) <= self._settings.num_ctx * _PROMPT_SHARE

    async def choose(
        self,
        messages: Sequence[Message],
        *,
        words: Evidence | None = None,
        on_words: Callable[[str], None] | None = None,
    ) -> ModelChoice:
        """Ask for calls; when none of them is valid, the errors are sent back once.

        Args:
            messages: The prompt.
            words: What supports arguments; those of the last message of the user when None.
            on_words: Called with the words of an answer while the model writes them.

        Raises:
            ModelError: The model cannot be asked, or was wrong twice.
        """
        if not self.fits(messages):
            raise ModelError("overflow", "the prompt is longer than the model's context")
        said = words or evidence(messages[-1].content)
        choice = await self.client.choose(messages, on_words=on_words)
        calls, complaints = checked_calls(choice, self._tools, said)
        if complaints and not calls:
            again = [*messages, Message(role="assistant", tool_calls=choice.calls), *complaints]
            first, choice = choice, await self.client.choose(again, on_words=on_words)
            choice = replace(
                choice,
                prompt_tokens=first.prompt_tokens + choice.prompt_tokens,
                reply_tokens=first.reply_tokens + choice.reply_tokens,
            )
            calls, complaints = checked_calls(choice, self._tools, said)
            if complaints and not calls:
                raise ModelError("nonsense", complaints[0].content)
        kept = [call for call in calls if not self._is_empty(call)]
        return ModelChoice(
            tuple(kept), choice.text, choice.prompt_tokens, choice.reply_tokens,
            read=choice.read, empty=bool(calls) and not kept,
        )  # fmt: skip

    async def warm(self) -> None:
        """Let the server load the model and cache the common start of all prompts.

        Raises:
            ModelError: It cannot.
        """
        await self.client.warm(self.start)

    def _is_empty(self, call: ToolCall) -> bool:
        """Whether a call would take the whole library, which nobody asked for."""
        narrowed = has_filter(call.arguments) or "sort" in call.arguments
        return needs_filter(self._tools[call.name]) and not narrowed

    def _recent(self, history: Sequence[Message]) -> list[Message]:
        """Return the newest turns that fit into their share, from a message of the user on."""
        kept = list(history)
        while kept and self._tokens(kept) > HISTORY_TOKENS:
            del kept[0]
            while kept and kept[0].role != "user":
                del kept[0]
        return kept

    def _tokens(self, messages: Sequence[Message]) -> float:
        return self.client.prompt_bytes(messages) / _BYTES_A_TOKEN


def prompt_language(settings: Settings) -> Language:
    """Return the language of the prompts: one a server, so that the prompt cache is reused."""
    return settings.locale if settings.locale != "auto" else prompts.FALLBACK


def model_sentence(language: Language, name: str) -> str:
    """Return a sentence for the model."""
    return str(prompts.load("model", language)["model"][name]).strip()


def checked_calls(
    choice: Choice, tools: Mapping[str, Tool], said: Evidence
) -> tuple[list[ToolCall], list[Message]]:
    """Return the valid calls without repetitions, and error messages for the others.

    Arguments that nothing supports are dropped before a call is checked.
    """
    calls: list[ToolCall] = []
    complaints: list[Message] = []
    for number, call in enumerate(choice.calls[:CALLS_AT_ONCE]):
        identity = call.id or f"call-{number}"
        try:
            tool = tools[call.name]
            before = replace(said, references=said.references or number > 0)
            kept = supported(tool, tidied(tool, call.arguments), before)
            arguments = given_arguments(validated(tool, kept))
        except KeyError:
            text = f"There is no tool {call.name[:60]!r}. Tools: {', '.join(tools)}"
        except BadArgumentsError as error:
            text = f"error: {error}"
        else:
            new = ToolCall(name=call.name, arguments=arguments, id=identity)
            if all((c.name, c.arguments) != (new.name, new.arguments) for c in calls):
                calls.append(new)
            continue
        complaints.append(Message(role="tool", name=call.name, tool_call_id=identity, content=text))
    return calls, complaints
