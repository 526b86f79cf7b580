"""Tool choice by a model: prompt, choice, validation, one retry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import prompts
from assistant.answers import Language
from assistant.messages import Message, ToolCall
from assistant.model.checked_models import style_of
from assistant.model.llm import Choice, ModelClient, ModelError
from assistant.model.ollama_models import ModelState
from assistant.model.tool_arguments import BadArgumentsError, given_arguments, validated
from assistant.model.tool_style import ToolStyle, instructions
from assistant.settings import Settings
from tools.base import Tool

_CALLS_AT_ONCE: Final = 3
_BYTES_A_TOKEN: Final = 3.3  # of JSON and French, on the careful side
_PROMPT_SHARE: Final = 0.92  # of the context; the rest is for the reply


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Valid calls, else the model's text; tokens of all rounds together."""

    calls: tuple[ToolCall, ...]
    text: str
    prompt_tokens: int
    reply_tokens: int


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
        text = system_prompt(settings)
        if self.style == "schema":
            text = f"{text}\n\n{instructions(model_sentence(self.language, 'schema'), tools)}"
        self.system = Message(role="system", content=text)

    def opening(
        self,
        text: str,
        *,
        history: Sequence[Message] = (),
        hint: Mapping[str, Any] | None = None,
    ) -> list[Message]:
        """Return the prompt of a request; earlier turns are left out when they do not fit."""
        if hint and (hint.get("tool") or hint.get("arguments")):
            reading = json.dumps(hint, ensure_ascii=False)
            note = model_sentence(self.language, "hint").format(reading=reading)
            text = f"{text}\n({note})"
        request = Message(role="user", content=text)
        whole = [self.system, *history, request]
        return whole if self.fits(whole) else [self.system, request]

    def fits(self, messages: Sequence[Message]) -> bool:
        """Return whether a prompt leaves room for a reply in the model's context."""
        tokens = self.client.prompt_bytes(messages) / _BYTES_A_TOKEN
        return tokens <= self._settings.num_ctx * _PROMPT_SHARE

    async def choose(self, messages: Sequence[Message]) -> ModelChoice:
        """Ask for calls; when none of them is valid, the errors are sent back once.

        Raises:
            ModelError: The model cannot be asked, or was wrong twice.
        """
        if not self.fits(messages):
            raise ModelError("overflow", "the prompt is longer than the model's context")
        choice = await self.client.choose(messages)
        calls, complaints = checked_calls(choice, self._tools)
        if complaints and not calls:
            again = [*messages, Message(role="assistant", tool_calls=choice.calls), *complaints]
            first, choice = choice, await self.client.choose(again)
            choice = replace(
                choice,
                prompt_tokens=first.prompt_tokens + choice.prompt_tokens,
                reply_tokens=first.reply_tokens + choice.reply_tokens,
            )
            calls, complaints = checked_calls(choice, self._tools)
            if complaints and not calls:
                raise ModelError("nonsense", complaints[0].content)
        return ModelChoice(tuple(calls), choice.text, choice.prompt_tokens, choice.reply_tokens)

    async def warm(self) -> None:
        """Let the server load the model and cache the common start of all prompts.

        Raises:
            ModelError: It cannot.
        """
        await self.client.warm(self.system.content)


def prompt_language(settings: Settings) -> Language:
    """Return the language of the prompts: one a server, so that the prompt cache is reused."""
    return settings.locale if settings.locale != "auto" else prompts.FALLBACK


def system_prompt(settings: Settings) -> str:
    """Return the system prompt."""
    return prompts.system_prompt(prompt_language(settings)).strip()


def model_sentence(language: Language, name: str) -> str:
    """Return a sentence for the model."""
    return str(prompts.load("model", language)["model"][name]).strip()


def checked_calls(
    choice: Choice, tools: Mapping[str, Tool]
) -> tuple[list[ToolCall], list[Message]]:
    """Return the valid calls without repetitions, and error messages for the others."""
    calls: list[ToolCall] = []
    complaints: list[Message] = []
    for number, call in enumerate(choice.calls[:_CALLS_AT_ONCE]):
        identity = call.id or f"call-{number}"
        try:
            tool = tools[call.name]
            arguments = given_arguments(validated(tool, call.arguments))
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
