"""The model: which tool it would call, and its words, through litellm to Ollama."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from assistant.messages import Message, ToolCall
from assistant.settings import Settings

_WORDS_LIMIT: Final = 160  # tokens of a spoken answer: two sentences
_CALL_LIMIT: Final = 400  # tokens of a choice: the longest sensible call is below 200
_KEEP_LOADED: Final = -1  # must be an integer; the string "-1" is refused by the server
_REPLY_ROOM: Final = 512  # tokens of the context kept free for the reply

_FOREWORD: Final = re.compile(r"^(litellm\.\w+: )?(\w+Exception - )?")

# How litellm words a reply that is no reply of Ollama's.
_NO_REPLY: Final = ("expecting value", "validation error", "has no attribute", "must be a mapping")

Failure = Literal["no_server", "no_model", "timeout", "overflow", "nonsense", "failed"]


class ModelError(Exception):
    """The model could not help; `failure` says why."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(detail or failure)
        self.failure: Failure = failure


@dataclass(frozen=True, slots=True)
class Choice:
    """What the model wants: tool calls, else words."""

    text: str
    calls: tuple[ToolCall, ...]


def load_litellm() -> Any:
    """Import litellm so that it calls nobody; ten seconds on a small machine, then free."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ.setdefault("LITELLM_LOG", "CRITICAL")
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    return litellm


class ModelClient:
    """A conversation partner on the model server. One constant context, always kept loaded.

    Args:
        settings: Where the server is, context size and timeouts.
        model: Name of an installed model.
        thinking: The model can think aloud, and must be told not to.
        tools: Function schemas; the same ones in every request, so that the server can reuse
            what it has read.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        model: str,
        thinking: bool = False,
        tools: Sequence[dict[str, Any]] = (),
    ) -> None:
        self._settings = settings
        self._tools = list(tools)
        self._options: dict[str, Any] = {
            "model": f"ollama_chat/{model}",
            "api_base": settings.ollama_host,
            "temperature": 0,
            "num_ctx": settings.num_ctx,
            "keep_alive": _KEEP_LOADED,
            "timeout": settings.model_timeout_s,
            "num_retries": 0,
            "max_retries": 0,
            "extra_body": {"truncate": False},
        }
        if thinking:
            self._options["reasoning_effort"] = "none"

    async def choose(self, messages: Sequence[Message]) -> Choice:
        """Ask for a tool call. Not streamed: streamed parallel calls get mixed up.

        Raises:
            ModelError: Whatever went wrong, in one word.
        """
        reply = await self._complete(messages, stream=False, max_tokens=_CALL_LIMIT)
        try:
            message = reply.choices[0].message
            self._check_room(getattr(reply, "usage", None))
            calls = tuple(_tool_call(call) for call in message.tool_calls or ())
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            raise ModelError("nonsense", str(error)) from error
        return Choice(text=(message.content or "").strip(), calls=calls)

    async def speak(self, messages: Sequence[Message]) -> AsyncIterator[str]:
        """Stream the words of an answer.

        Raises:
            ModelError: Whatever went wrong, in one word.
        """
        stream = await self._complete(messages, stream=True, max_tokens=_WORDS_LIMIT)
        async for piece in _guarded(stream):
            yield piece

    async def warm(self, system: str) -> None:
        """Let the server load the model and read the prompt and the tools once."""
        await self._complete(
            [Message(role="system", content=system), Message(role="user", content="Hello")],
            stream=False,
            max_tokens=1,
        )

    async def _complete(self, messages: Sequence[Message], *, stream: bool, max_tokens: int) -> Any:
        litellm = await asyncio.to_thread(load_litellm)
        try:
            async with asyncio.timeout(self._settings.model_timeout_s):
                return await litellm.acompletion(
                    messages=[_wire(message) for message in messages],
                    tools=self._tools or None,
                    stream=stream,
                    max_tokens=max_tokens,
                    **self._options,
                )
        except (TimeoutError, *_openai_errors()) as error:
            raise _model_error(error) from error

    def _check_room(self, usage: Any) -> None:
        """The server may cut a prompt that is too long and say nothing but this number."""
        tokens = int(getattr(usage, "prompt_tokens", 0) or 0)
        if tokens > self._settings.num_ctx - _REPLY_ROOM:
            raise ModelError("overflow", f"the prompt took {tokens} tokens")


async def _guarded(stream: Any) -> AsyncIterator[str]:
    try:
        async for chunk in stream:
            delta = chunk.choices[0].delta
            if delta.content:
                yield delta.content
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise ModelError("nonsense", str(error)) from error
    except (TimeoutError, *_openai_errors()) as error:
        raise _model_error(error) from error


def _openai_errors() -> tuple[type[Exception], ...]:
    """Every error of litellm is one of openai's."""
    return (importlib.import_module("openai").OpenAIError,)


def _model_error(error: Exception) -> ModelError:
    detail = _FOREWORD.sub("", (str(error).splitlines() or [""])[0])[:300]
    low = detail.lower()
    status = getattr(error, "status_code", None)
    if isinstance(error, TimeoutError) or type(error).__name__ in ("Timeout", "APITimeoutError"):
        return ModelError("timeout", detail)
    if "context" in low and ("exceed" in low or "length" in low or "limit" in low):
        return ModelError("overflow", detail)
    if status == 404 or ("not found" in low and "model" in low):
        return ModelError("no_model", detail)
    if "connect" in low and ("refused" in low or "cannot connect" in low or "failed" in low):
        return ModelError("no_server", detail)
    if any(sign in low for sign in _NO_REPLY):
        return ModelError("nonsense", detail)
    return ModelError("failed", detail)


def _tool_call(call: Any) -> ToolCall:
    arguments = call.function.arguments
    parsed = json.loads(arguments) if isinstance(arguments, str) else arguments
    if not isinstance(parsed, dict):
        raise ValueError(f"Expected an object of arguments, not {arguments!r:.80}")
    return ToolCall(name=str(call.function.name), arguments=parsed, id=str(call.id or ""))


def _wire(message: Message) -> dict[str, Any]:
    """A message as litellm takes it; the tool's name goes into the content, the API drops it."""
    wire: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.role == "tool" and message.name:
        wire["content"] = f"{message.name}: {message.content}"
    if message.tool_call_id:
        wire["tool_call_id"] = message.tool_call_id
    if message.tool_calls:
        wire["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": json.dumps(call.arguments, ensure_ascii=False),
                },
            }
            for call in message.tool_calls
        ]
    return wire
