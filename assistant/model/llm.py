"""Client of the language model: tool calls and streamed answers, through litellm."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal

from assistant.messages import Message, ToolCall
from assistant.model.answer_stream import AnswerStream
from assistant.model.reply_parsing import ParsedReply, native_calls, parse_reply
from assistant.model.tool_style import ToolStyle, choice_options, wire
from assistant.settings import Settings
from tools.base import Tool

_CALL_LIMIT: Final = 400  # tokens of a choice: the longest sensible call is below 200
_KEEP_LOADED: Final = -1  # must be an integer; the string "-1" is refused by the server
_BYTES_A_TOKEN_AT_LEAST: Final = 2.5  # in any language and tokenizer of today's models
_KEPT_AT_MOST: Final = 8  # tokens at the start of a prompt that a server keeps when it cuts
_NO_KEY: Final = "none"  # a local server needs none, but its client requires one
_REPLY_ROOM: Final = 512  # tokens of the context kept free for the reply

_FOREWORD: Final = re.compile(r"^(litellm\.\w+: )?(\w+Exception - )?")

# Parts of litellm's errors for a reply that does not have Ollama's format.
_NO_REPLY: Final = (
    *("expecting value", "validation error", "has no attribute", "must be a mapping"),
    *("list indices", "not subscriptable"),
)

ModelFailure = Literal["no_server", "no_model", "timeout", "overflow", "nonsense", "failed"]


class ModelError(Exception):
    """The model gave no usable answer; `failure` is the reason."""

    def __init__(self, failure: ModelFailure, detail: str = "") -> None:
        super().__init__(detail or failure)
        self.failure: ModelFailure = failure


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply of the model: tool calls, else text; and the tokens used.

    Attributes:
        read: The model wants to see the results before it answers.
    """

    text: str
    calls: tuple[ToolCall, ...]
    read: bool = False
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
        self._tools = frozenset(tool.name for tool in tools)
        self._choice_options = choice_options(style, tools)
        self._options = _provider_options(settings, model, thinking=thinking)

    async def choose(
        self, messages: Sequence[Message], *, on_words: Callable[[str], None] | None = None
    ) -> Choice:
        """Ask for the next calls, or for an answer.

        A native choice is not streamed, since streamed parallel calls get mixed up.

        Args:
            messages: The prompt.
            on_words: Called with the words of an answer while the model writes them.

        Raises:
            ModelError: No usable reply.
        """
        streamed = self._style == "schema" and on_words is not None
        more = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
        reply = await self._complete(
            messages, max_tokens=_CALL_LIMIT, **self._choice_options, **more
        )
        try:
            if streamed and on_words:
                parsed, usage = await self._read_stream(reply, on_words)
            else:
                message, usage = reply.choices[0].message, getattr(reply, "usage", None)
                parsed = self._parsed(message.content or "", message.tool_calls)
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            raise ModelError("nonsense", str(error)) from error
        prompt_tokens = int(getattr(usage, "prompt_tokens", 0) or 0)
        self._check_whole(prompt_tokens, self.prompt_bytes(messages))
        reply_tokens = int(getattr(usage, "completion_tokens", 0) or 0)
        return Choice(parsed.text, parsed.calls, parsed.read, prompt_tokens, reply_tokens)

    async def _read_stream(
        self, stream: Any, on_words: Callable[[str], None]
    ) -> tuple[ParsedReply, Any]:
        words, usage, native = AnswerStream(), None, []
        try:
            async for chunk in stream:
                usage = getattr(chunk, "usage", None) or usage
                delta = chunk.choices[0].delta if chunk.choices else None
                if delta is not None:
                    native += delta.tool_calls or ()
                    if piece := words.feed(delta.content or ""):
                        on_words(piece)
        except (TimeoutError, *_openai_errors()) as error:
            raise _model_error(error) from error
        if not words.written.strip() and not native:
            raise ValueError("the reply is empty")
        return self._parsed(words.written, native), usage

    def _parsed(self, written: str, native: Any) -> ParsedReply:
        if native:
            return ParsedReply(native_calls(native), read=True)
        return parse_reply(written, self._tools)

    async def warm(self, start: Sequence[Message]) -> None:
        """Let the server load the model and read the common start of all prompts once."""
        greeting = Message(role="user", content="Hello")
        # the tools are part of every native prompt, or the server's prompt cache is lost
        options = self._choice_options if self._style == "native" else {}
        await self._complete([*start, greeting], max_tokens=1, **options)

    async def _complete(self, messages: Sequence[Message], **options: Any) -> Any:
        litellm = await asyncio.to_thread(load_litellm)
        try:
            async with asyncio.timeout(self._settings.model_timeout_s):
                return await litellm.acompletion(
                    messages=wire(messages, self._style),
                    **{"stream": False, **self._options, **options},
                )
        except (TimeoutError, *_openai_errors()) as error:
            raise _model_error(error) from error

    def prompt_bytes(self, messages: Sequence[Message]) -> int:
        """Return the size of a prompt, with the tools that the server writes into it."""
        sent = wire(messages, self._style)
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


def _openai_errors() -> tuple[type[Exception], ...]:
    """Return the base of all errors of litellm."""
    return (importlib.import_module("openai").OpenAIError,)


def _plain(detail: str) -> str:
    """Return the words of an error of a server, which may be wrapped in JSON, even twice."""
    start = detail.find("{")
    if start < 0:
        return detail
    before = detail[:start].rstrip(" -:,") or "the server sent no reason"
    try:
        found, _ = json.JSONDecoder().raw_decode(detail, start)
    except ValueError:
        return before
    while isinstance(found, dict):
        found = next((found[key] for key in ("error", "message", "detail") if key in found), "")
    return _plain(str(found)) if found else before


def _model_error(error: Exception) -> ModelError:
    detail = _plain(_FOREWORD.sub("", (str(error).splitlines() or [""])[0])[:300])
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
