"""A model server on a local port that speaks Ollama's wire format and answers from a queue."""

from __future__ import annotations

import hashlib
import json
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = dict[str, Any]


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
    _http: ThreadingHTTPServer | None = None

    def start(self) -> OllamaServer:
        """Listen on a free port."""
        server = self

        class Handler(_Handler):
            ollama = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()

    @property
    def url(self) -> str:
        """The address."""
        assert self._http is not None
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @staticmethod
    def says(text: str, *, prompt_tokens: int = 900, dies_after: int | None = None) -> Reply:
        """A reply in words; streamed, it can break off after some of them."""
        return {"content": text, "prompt_eval_count": prompt_tokens, "dies_after": dies_after}

    @staticmethod
    def calls(*wishes: tuple[str, dict[str, Any]], prompt_tokens: int = 900) -> Reply:
        """A reply that calls tools."""
        tool_calls = [{"function": {"name": n, "arguments": a}} for n, a in wishes]
        return {"content": "", "tool_calls": tool_calls, "prompt_eval_count": prompt_tokens}

    @staticmethod
    def fails(status: int, error: str) -> Reply:
        """An error reply."""
        return {"status": status, "error": error}

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


class _Handler(BaseHTTPRequestHandler):
    ollama: OllamaServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.ollama.requests.append((self.path, {}))
        if self.path == "/api/version":
            self._json({"version": "0.12.3"})
        elif self.path == "/api/tags":
            self._json({"models": [self._tag(name) for name in self.ollama.models]})
        else:
            self._json({"error": "not found"}, status=404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        self.ollama.requests.append((self.path, body))
        answers = {
            "/api/show": self._show,
            "/api/chat": self._chat,
            "/api/embed": self._embed,
            "/api/pull": self._pull,
        }
        answer = answers.get(self.path)
        if answer is None:
            self._json({"error": "not found"}, status=404)
        else:
            answer(body)

    def _tag(self, name: str) -> dict[str, Any]:
        details = {"format": "gguf", "family": "qwen3", "families": ["qwen3"]}
        return {
            "name": name,
            "model": name,
            "modified_at": "2025-08-01T10:00:00Z",
            "size": 2_500_000_000,
            "digest": self.ollama.digests.get(name, hashlib.sha256(name.encode()).hexdigest()),
            "details": {**details, "parameter_size": "4.0B", "quantization_level": "Q4_K_M"},
        }

    def _show(self, body: dict[str, Any]) -> None:
        name = self._installed(body)
        if name is None:
            return
        self._json(
            {
                "template": "{{ .Tools }}",
                "details": {"family": "qwen3", "parameter_size": "4.0B"},
                "model_info": {"qwen3.context_length": 262144},
                "capabilities": list(self.ollama.models[name]),
            }
        )

    def _installed(self, body: dict[str, Any]) -> str | None:
        """The model asked for, its `:latest` where no tag is given; else an answer of 404."""
        wanted = body.get("model") or body.get("name")
        for name in (wanted, f"{wanted}:latest"):
            if name in self.ollama.models:
                return name
        self._json({"error": f"model '{wanted}' not found"}, status=404)
        return None

    def _chat(self, body: dict[str, Any]) -> None:
        if self._installed(body) is None:
            return
        reply = self.ollama.next_reply(body)
        if self._client_left(body, self.ollama.delay_s):
            return
        if "error" in reply:
            self._json({"error": reply["error"]}, status=reply["status"])
            return
        if "raw" in reply:
            self._send(reply["raw"].encode(), content_type="application/json")
            return
        head = {"model": body["model"], "created_at": "2025-08-01T10:00:00.0Z"}
        message = {"role": "assistant", "content": reply["content"]}
        if reply.get("tool_calls"):
            message["tool_calls"] = reply["tool_calls"]
        end = {
            "done": True,
            "done_reason": "stop",
            "total_duration": 5_000_000,
            "load_duration": 1_000_000,
            "prompt_eval_count": reply["prompt_eval_count"],
            "prompt_eval_duration": 1_000_000,
            "eval_count": 12,
            "eval_duration": 1_000_000,
        }
        if not body.get("stream", True):
            self._json({**head, "message": message, **end})
            return
        words = reply["content"].split(" ")
        pieces = [w if i == 0 else f" {w}" for i, w in enumerate(words)]
        lines: list[dict[str, Any]] = [
            {**head, "message": {"role": "assistant", "content": p}, "done": False} for p in pieces
        ]
        if reply.get("tool_calls"):
            lines = [{**head, "message": message, "done": False}]
        lines.append({**head, "message": {"role": "assistant", "content": ""}, **end})
        self._stream(lines[: reply.get("dies_after")], whole=reply.get("dies_after") is None)

    def _client_left(self, body: dict[str, Any], seconds: float) -> bool:
        """Wait; true when the client hangs up meanwhile, as Ollama sees it and stops working."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if not (readable and self.connection.recv(1, socket.MSG_PEEK) == b""):
            return False
        self.ollama.hung_up.append(body)
        self.close_connection = True
        return True

    def _embed(self, body: dict[str, Any]) -> None:
        name = self._installed(body)
        if name is None:
            return
        if "embedding" not in self.ollama.models[name]:
            self._json({"error": "this model does not support embeddings"}, status=501)
            return
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        if self._client_left(body, self.ollama.delay_s):
            return
        vectors = self.ollama.embeddings(texts)
        self._json({"model": body["model"], "embeddings": vectors, "prompt_eval_count": 5})

    def _pull(self, body: dict[str, Any]) -> None:
        name = body.get("model") or body.get("name") or ""
        if name.startswith("nosuch"):
            self._stream([{"error": "pull model manifest: file does not exist"}])
            return
        self._stream(self.ollama.pull_lines)
        self.ollama.models[name] = ("completion", "tools")

    def _json(self, value: dict[str, Any], *, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), status=status)

    def _send(
        self, data: bytes, *, status: int = 200, content_type: str = "application/json"
    ) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True

    def _stream(self, lines: list[dict[str, Any]], *, whole: bool = True) -> None:
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ndjson")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for line in lines:
                data = json.dumps(line).encode() + b"\n"
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()
            if whole:
                self.wfile.write(b"0\r\n\r\n")
            else:
                self.close_connection = True
        except OSError:
            self.close_connection = True
