"""Client of the language model: tool calls and streamed answers, through litellm."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal

from assistant.messages import Message, ToolCall
from assistant.model.tool_style import ToolStyle, calls_of, choice_options, wire
from assistant.settings import Settings
from tools.base import Tool

_WORDS_LIMIT: Final = 160  # tokens of a written answer: two sentences
_CALL_LIMIT: Final = 400  # tokens of a choice: the longest sensible call is below 200
_KEEP_LOADED: Final = -1  # must be an integer; the string "-1" is refused by the server
_BYTES_A_TOKEN_AT_LEAST: Final = 2.5  # in any language and tokenizer of today's models
_KEPT_AT_MOST: Final = 8  # tokens at the start of a prompt that a server keeps when it cuts
_NO_KEY: Final = "none"  # a local server needs none, but its client requires one
_REPLY_ROOM: Final = 512  # tokens of the context kept free for the reply

_FOREWORD: Final = re.compile(r"^(litellm\.\w+: )?(\w+Exception - )?")

# Parts of litellm's errors for a reply that does not have Ollama's format.
_NO_REPLY: Final = ("expecting value", "validation error", "has no attribute", "must be a mapping")

ModelFailure = Literal["no_server", "no_model", "timeout", "overflow", "nonsense", "failed"]


class ModelError(Exception):
    """The model gave no usable answer; `failure` is the reason."""

    def __init__(self, failure: ModelFailure, detail: str = "") -> None:
        super().__init__(detail or failure)
        self.failure: ModelFailure = failure


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply of the model: tool calls, else text; and the tokens used."""

    text: str
    calls: tuple[ToolCall, ...]
    prompt_tokens: int = 0
    reply_tokens: int = 0


def load_litellm() -> Any:
    """Import litellm without network access; the first time takes ten seconds on a small board."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ.setdefault("LITELLM_LOG", "CRITICAL")
    # Its proxy's command line, which it imports too, adds the current folder to sys.path for good.
    proxy = ModuleType("litellm.proxy.proxy_cli")
    proxy.__dict__["run_server"] = None
    sys.modules.setdefault(proxy.__name__, proxy)
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    return litellm


class ModelClient:
    """Client of one model on the model server, with one constant context size, kept loaded.

    Args:
        settings: Where the server is, context size and timeouts.
        model: Name of an installed model.
        thinking: The model has a reasoning mode, which is turned off.
        tools: The same ones in every request, so that the server can reuse its prompt cache.
        style: How the model is asked for calls.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        model: str,
        thinking: bool = False,
        tools: Sequence[Tool] = (),
        style: ToolStyle = "native",
    ) -> None:
        self._settings = settings
        self._style: ToolStyle = style
        self._choice_options = choice_options(style, tools)
        # the tools are part of every native prompt, or the server's prompt cache is lost
        self._answer_options = self._choice_options if style == "native" else {}
        self._options = _provider_options(settings, model, thinking=thinking)

    async def choose(self, messages: Sequence[Message]) -> Choice:
        """Ask for a tool call. Not streamed: streamed parallel calls get mixed up.

        Raises:
            ModelError: No usable reply.
        """
        reply = await self._complete(messages, max_tokens=_CALL_LIMIT, **self._choice_options)
        try:
            usage = getattr(reply, "usage", None)
            prompt_tokens = int(getattr(usage, "prompt_tokens", 0) or 0)
            self._check_whole(prompt_tokens, self.prompt_bytes(messages))
            calls, text = calls_of(reply.choices[0].message)
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            raise ModelError("nonsense", str(error)) from error
        reply_tokens = int(getattr(usage, "completion_tokens", 0) or 0)
        return Choice(text, calls, prompt_tokens, reply_tokens)

    async def stream_answer(self, messages: Sequence[Message]) -> AsyncIterator[str]:
        """Stream the text of an answer.

        Raises:
            ModelError: No usable reply.
        """
        stream = await self._complete(
            messages, max_tokens=_WORDS_LIMIT, stream=True, **self._answer_options
        )
        async for piece in _text_pieces(stream):
            yield piece

    async def warm(self, system: str) -> None:
        """Let the server load the model and read the prompt and the tools once."""
        await self._complete(
            [Message(role="system", content=system), Message(role="user", content="Hello")],
            max_tokens=1,
            **self._answer_options,
        )

    async def _complete(self, messages: Sequence[Message], **options: Any) -> Any:
        litellm = await asyncio.to_thread(load_litellm)
        try:
            async with asyncio.timeout(self._settings.model_timeout_s):
                return await litellm.acompletion(
                    messages=[wire(message, self._style) for message in messages],
                    **{"stream": False, **self._options, **options},
                )
        except (TimeoutError, *_openai_errors()) as error:
            raise _model_error(error) from error

    def prompt_bytes(self, messages: Sequence[Message]) -> int:
        """Return the size of a prompt, with the tools that the server writes into it."""
        sent = [wire(message, self._style) for message in messages]
        tools = self._choice_options.get("tools", ())
        return len(json.dumps([*tools, *sent], ensure_ascii=False).encode())

    def _check_whole(self, tokens: int, sent_bytes: int) -> None:
        """Raise ModelError where the token count shows that the server truncated the prompt.

        Ollama then reads half of the context and a few tokens that it always keeps
        (github.com/ollama/ollama/issues/17427).
        """
        if not self._settings.uses_ollama:
            return
        context = self._settings.num_ctx
        may_be_cut = sent_bytes / _BYTES_A_TOKEN_AT_LEAST > context
        looks_cut = 0 <= tokens - context // 2 <= _KEPT_AT_MOST
        if tokens > context - _REPLY_ROOM or (may_be_cut and looks_cut):
            raise ModelError("overflow", f"the server read {tokens} tokens")


def _provider_options(settings: Settings, model: str, *, thinking: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": settings.model_timeout_s,
        "num_retries": 0,
        "max_retries": 0,
    }
    if not settings.uses_ollama:
        key = settings.api_key.get_secret_value() if settings.api_key else _NO_KEY
        address = {"api_base": settings.base_url} if settings.base_url else {}
        return {
            **options,
            **address,
            "model": f"{settings.provider}/{model}",
            "api_key": key,
            "drop_params": True,
        }
    if thinking:
        options["reasoning_effort"] = "none"
    return {
        **options,
        "model": f"ollama_chat/{model}",
        "api_base": settings.ollama_host,
        "num_ctx": settings.num_ctx,
        "keep_alive": _KEEP_LOADED,
        "extra_body": {"truncate": False},
    }


async def _text_pieces(stream: Any) -> AsyncIterator[str]:
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
    """Return the base of all errors of litellm."""
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
