"""A model server on a local port that speaks OpenAI's wire format and answers from a queue."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = dict[str, Any]


@dataclass
class OpenAIServer:
    """Replies come from `replies`; requests are kept with the key that they carried.

    Attributes:
        lists_models: Whether `/models` answers.
    """

    model: str = "house-model"
    lists_models: bool = True
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    _http: ThreadingHTTPServer | None = None

    def start(self) -> OpenAIServer:
        """Listen on a free port."""
        server = self

        class Handler(_Handler):
            openai = server

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
        """The base address."""
        assert self._http is not None
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @staticmethod
    def says(text: str) -> Reply:
        """A reply in words."""
        return {"message": {"role": "assistant", "content": text}}

    @staticmethod
    def calls(*wishes: tuple[str, dict[str, Any]]) -> Reply:
        """A reply that calls tools."""
        tool_calls = [
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for number, (name, arguments) in enumerate(wishes)
        ]
        return {"message": {"role": "assistant", "content": None, "tool_calls": tool_calls}}

    @staticmethod
    def fails(status: int, message: str) -> Reply:
        """An error reply."""
        return {"status": status, "error": {"message": message, "type": "server_error"}}

    def chats(self) -> list[dict[str, Any]]:
        """The bodies of the chat requests."""
        return [body for path, body, _ in self.requests if path == "/v1/chat/completions"]


class _Handler(BaseHTTPRequestHandler):
    openai: OpenAIServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._note({})
        if self.path == "/v1/models" and self.openai.lists_models:
            self._json({"object": "list", "data": [{"id": self.openai.model, "object": "model"}]})
        else:
            self._json({"error": {"message": "not found"}}, status=404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        self._note(body)
        reply = self.openai.replies.popleft() if self.openai.replies else self.openai.says("Hello.")
        if "error" in reply:
            self._json({"error": reply["error"]}, status=reply["status"])
        elif body.get("stream"):
            self._stream(reply["message"]["content"])
        else:
            choice = {"index": 0, "message": reply["message"], "finish_reason": "stop"}
            usage = {"prompt_tokens": 700, "completion_tokens": 9, "total_tokens": 709}
            self._json({**self._head("chat.completion"), "choices": [choice], "usage": usage})

    def _note(self, body: dict[str, Any]) -> None:
        self.openai.requests.append((self.path, body, self.headers.get("Authorization") or ""))

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "x", "object": kind, "created": 1, "model": self.openai.model}

    def _stream(self, text: str) -> None:
        pieces = [word if i == 0 else f" {word}" for i, word in enumerate(text.split(" "))]
        choices = [
            *({"index": 0, "delta": {"content": p}, "finish_reason": None} for p in pieces),
            {"index": 0, "delta": {}, "finish_reason": "stop"},
        ]
        head = self._head("chat.completion.chunk")
        lines = [json.dumps({**head, "choices": [choice]}) for choice in choices]
        data = "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()
        self._send(data, content_type="text/event-stream")

    def _json(self, value: dict[str, Any], *, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), status=status)

    def _send(
        self, data: bytes, *, status: int = 200, content_type: str = "application/json"
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
