"""Ollama's wire format over HTTP; what answers is a backend: a scripted one, or a real model."""

from __future__ import annotations

import hashlib
import json
import select
import socket
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol

Reply = dict[str, Any]
"""`content` (a text, or an iterator of its pieces), `tool_calls`, `prompt_eval_count`,
`eval_count`; or `status` with `error`; or `raw`, sent as it is. `dies_after`: so many pieces."""

_VERSION: Final = "0.12.3"
_MADE_AT: Final = "2025-08-01T10:00:00Z"
_DETAILS: Final = {"format": "gguf", "family": "qwen", "families": ["qwen"]}


class Backend(Protocol):
    """What answers behind the protocol."""

    models: dict[str, tuple[str, ...]]
    """Name → capabilities."""
    digests: dict[str, str]
    """Name → digest, where it is not that of the name."""
    delay_s: float
    """Before each answer."""

    def seen(self, path: str, body: dict[str, Any]) -> None:
        """Take note of a request."""
        ...

    def hung_up_on(self, body: dict[str, Any]) -> None:
        """Take note of a request whose client went away before the answer."""
        ...

    def next_reply(self, body: dict[str, Any]) -> Reply:
        """Return what to answer to a chat request."""
        ...

    def embeddings(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        ...

    def pull_progress(self, name: str) -> Sequence[dict[str, Any]]:
        """Return the lines of a download."""
        ...


class OllamaHttp:
    """A backend on a local port.

    Args:
        backend: What answers.
        port: 0 for a free one.
    """

    def __init__(self, backend: Backend, *, port: int = 0) -> None:
        class Handler(_Handler):
            ollama = backend

        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def serve(self) -> None:
        """Serve until the process ends."""
        self._http.serve_forever(0.2)

    def start(self) -> None:
        """Serve in a thread."""
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    ollama: Backend
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.ollama.seen(self.path, {})
        if self.path == "/api/version":
            self._json({"version": _VERSION})
        elif self.path == "/api/tags":
            self._json({"models": [self._tag(name) for name in self.ollama.models]})
        else:
            self._json({"error": "not found"}, status=404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        self.ollama.seen(self.path, body)
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
        return {
            "name": name,
            "model": name,
            "modified_at": _MADE_AT,
            "size": 2_500_000_000,
            "digest": self.ollama.digests.get(name, hashlib.sha256(name.encode()).hexdigest()),
            "details": {**_DETAILS, "parameter_size": "4.0B", "quantization_level": "Q4_K_M"},
        }

    def _show(self, body: dict[str, Any]) -> None:
        name = self._installed(body)
        if name is None:
            return
        self._json(
            {
                "template": "{{ .Tools }}",
                "details": {"family": "qwen", "parameter_size": "4.0B"},
                "model_info": {"qwen.context_length": 262144},
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
        elif "raw" in reply:
            self._send(reply["raw"].encode())
        elif body.get("stream", True):
            self._stream(self._chat_lines(body, reply), whole=reply.get("dies_after") is None)
        else:
            text = "".join(_pieces(reply["content"]))
            message = self._message(text, reply.get("tool_calls"))
            self._json({**self._head(body), "message": message, **_end(reply)})

    def _chat_lines(self, body: dict[str, Any], reply: Reply) -> Iterator[dict[str, Any]]:
        head = self._head(body)
        for number, piece in enumerate(_pieces(reply["content"])):
            if number == reply.get("dies_after"):
                return
            yield {**head, "message": self._message(piece), "done": False}
        if calls := reply.get("tool_calls"):
            yield {**head, "message": self._message("", calls), "done": False}
        if reply.get("dies_after") is None:
            yield {**head, "message": self._message(""), **_end(reply)}

    def _head(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"model": body["model"], "created_at": _MADE_AT}

    def _message(self, content: str, calls: Any = None) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": content}
        return {**message, "tool_calls": calls} if calls else message

    def _client_left(self, body: dict[str, Any], seconds: float) -> bool:
        """Wait; true when the client hangs up meanwhile, as Ollama sees it and stops working."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if not (readable and self.connection.recv(1, socket.MSG_PEEK) == b""):
            return False
        self.ollama.hung_up_on(body)
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
        lines = self.ollama.pull_progress(body.get("model") or body.get("name") or "")
        self._stream(iter(lines))

    def _json(self, value: dict[str, Any], *, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), status=status)

    def _send(self, data: bytes, *, status: int = 200) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True

    def _stream(self, lines: Iterator[dict[str, Any]], *, whole: bool = True) -> None:
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


def _pieces(content: str | Iterator[str]) -> Iterator[str]:
    """Yield a text word by word, or the pieces of a model as they come."""
    if not isinstance(content, str):
        yield from content
        return
    for number, word in enumerate(content.split(" ")):
        yield word if number == 0 else f" {word}"


def _end(reply: Reply) -> dict[str, Any]:
    return {
        "done": True,
        "done_reason": "stop",
        "total_duration": 5_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": reply.get("prompt_eval_count", 0),
        "prompt_eval_duration": 1_000_000,
        "eval_count": reply.get("eval_count", 12),
        "eval_duration": 1_000_000,
    }
