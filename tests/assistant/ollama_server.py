"""A model server on a local port that speaks Ollama's wire format and answers from a queue."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.conversation.ollama_protocol import OllamaHttp, Reply


@dataclass
class OllamaServer:
    """Replies come from `replies`, first in first out; every request is kept in `requests`.

    Attributes:
        models: Name → capabilities.
        digests: Name → digest, where it is not that of the name.
        answer: Makes the reply to a chat request, instead of `replies`.
        delay_s: Before each answer.
        hung_up: Bodies of the requests whose client went away before the answer.
    """

    models: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "qwen3:4b-instruct-2507": ("completion", "tools"),
            "embeddinggemma:latest": ("embedding",),
        }
    )
    digests: dict[str, str] = field(default_factory=dict)
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], Reply] | None = None
    delay_s: float = 0.0
    hung_up: list[dict[str, Any]] = field(default_factory=list)
    pull_lines: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"status": "pulling manifest"},
            {"status": "pulling aaaa", "digest": "sha256:aa", "total": 1000, "completed": 250},
            {"status": "pulling aaaa", "digest": "sha256:aa", "total": 1000, "completed": 1000},
            {"status": "success"},
        ]
    )
    _http: OllamaHttp | None = None

    def start(self) -> OllamaServer:
        """Listen on a free port."""
        self._http = OllamaHttp(self)
        self._http.start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._http is not None:
            self._http.stop()

    @property
    def url(self) -> str:
        """The address."""
        assert self._http is not None
        return self._http.url

    @staticmethod
    def says(text: str, *, prompt_tokens: int = 900, dies_after: int | None = None) -> Reply:
        """A reply in words; streamed, it can break off after some of them."""
        return {"content": text, "prompt_eval_count": prompt_tokens, "dies_after": dies_after}

    @staticmethod
    def calls(*wishes: tuple[str, dict[str, Any]], prompt_tokens: int = 900) -> Reply:
        """A reply with native tool calls."""
        tool_calls = [{"function": {"name": n, "arguments": a}} for n, a in wishes]
        return {"content": "", "tool_calls": tool_calls, "prompt_eval_count": prompt_tokens}

    @staticmethod
    def chooses(*wishes: tuple[str, dict[str, Any]], **more: Any) -> Reply:
        """A reply in the form that the schema of a choice allows."""
        calls = [{"tool": name, "arguments": arguments} for name, arguments in wishes]
        written = json.dumps({"calls": calls, **more}, ensure_ascii=False)
        return {"content": written, "prompt_eval_count": 900}

    @staticmethod
    def answers(text: str) -> Reply:
        """A reply in words, in the form that the schema of a choice allows."""
        return OllamaServer.chooses(("answer", {"text": text}))

    @staticmethod
    def fails(status: int, error: str) -> Reply:
        """An error reply."""
        return {"status": status, "error": error}

    def seen(self, path: str, body: dict[str, Any]) -> None:
        """Keep a request."""
        self.requests.append((path, body))

    def hung_up_on(self, body: dict[str, Any]) -> None:
        """Keep a request whose client went away."""
        self.hung_up.append(body)

    def next_reply(self, body: dict[str, Any]) -> Reply:
        """What to answer to a chat request."""
        if self.answer is not None:
            return self.answer(body)
        return self.replies.popleft() if self.replies else self.says("Hello.")

    def chats(self) -> list[dict[str, Any]]:
        """The bodies of the chat requests."""
        return [body for path, body in self.requests if path == "/api/chat"]

    def chats_about(self, words: str) -> list[dict[str, Any]]:
        """The bodies of the chat requests whose newest message holds the words."""
        return [body for body in self.chats() if words in body["messages"][-1]["content"]]

    def embeddings(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return [[float(len(text) % 7), 1.0, 0.5] for text in texts]

    def pull_progress(self, name: str) -> Sequence[dict[str, Any]]:
        """The lines of a download, after which the model is there."""
        if name.startswith("nosuch"):
            return [{"error": "pull model manifest: file does not exist"}]
        self.models[name] = ("completion", "tools")
        return self.pull_lines
