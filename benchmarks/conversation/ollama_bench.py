"""A model server for measurements: Ollama's wire format over any GGUF file.

Run: PATH_TO_A_VENV/bin/python -m benchmarks.conversation.ollama_bench MODEL.gguf --name qwen:1.5b

The runtime (`ik-llama-cpp-python` with numpy and jinja2) is installed by the person, in an
environment of its own; this module needs the standard library besides.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.conversation.gguf_model import GgufModel, Usage
from benchmarks.conversation.ollama_protocol import OllamaHttp, Reply
from benchmarks.conversation.schema_grammar import grammar

_PORT: Final = 11435  # beside Ollama's own
_REPLY_LIMIT: Final = 512  # tokens, where the request names none
_NATIVE_CALL: Final = re.compile(r"^\s*<tool_call>(.*?)(?:</tool_call>|$)", re.DOTALL)


class GgufBackend:
    """A model behind Ollama's protocol; it answers one request at a time, as Ollama does.

    Args:
        model: What answers.
        name: How clients call it.
        digest: Of its file.
        log: Whether each reply is printed with its tokens and seconds.
    """

    delay_s = 0.0

    def __init__(self, model: GgufModel, *, name: str, digest: str, log: bool) -> None:
        self.models = {name: ("completion", "tools")}
        self.digests = {name: digest}
        self._model = model
        self._one = threading.Lock()
        self._log = log

    def seen(self, path: str, body: dict[str, Any]) -> None:
        """Nothing is kept of requests."""

    def hung_up_on(self, body: dict[str, Any]) -> None:
        """Nothing is kept of clients that left."""

    def embeddings(self, texts: list[str]) -> list[list[float]]:
        """Return no vectors: `models` does not list the capability."""
        return []

    def pull_progress(self, name: str) -> Sequence[dict[str, Any]]:
        """Nothing can be downloaded."""
        return [{"error": f"{name} is not here: give its file on the command line"}]

    def next_reply(self, body: dict[str, Any]) -> Reply:
        """Return a reply whose content is made while it is read."""
        prompt = self._model.prompt(_messages(body), body.get("tools"))
        limit = int(body.get("options", {}).get("num_predict") or _REPLY_LIMIT)
        room = self._model.context - len(prompt)
        if room < 1:
            return {"status": 400, "error": "the input length exceeds the context length"}
        wanted = body.get("format")
        try:
            rules = grammar(wanted) if isinstance(wanted, dict) else ""
        except ValueError as error:
            return {"status": 400, "error": str(error)}
        reply: Reply = {"content": "", "prompt_eval_count": len(prompt)}
        reply["content"] = self._pieces(prompt, min(limit, room), rules, reply)
        if body.get("tools"):
            _take_native_calls(reply)
        return reply

    def _pieces(self, prompt: list[int], limit: int, rules: str, reply: Reply) -> Iterator[str]:
        usage, written = Usage(), []
        with self._one:
            started, worked = time.monotonic(), time.process_time()
            for piece in self._model.reply(prompt, limit=limit, grammar=rules, usage=usage):
                written.append(piece)
                yield piece
            reply["eval_count"] = usage.reply
        if self._log:
            seconds = time.monotonic() - started
            text = "".join(written)
            tokens = f"{usage.prompt} ({usage.read} new) + {usage.reply} tokens"
            worked = time.process_time() - worked
            print(f"{tokens}, {seconds:.2f} s ({worked:.2f} s of cores): {text!r}", flush=True)


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return messages as templates expect them: arguments of calls as objects."""
    return [{**message, "content": message.get("content") or ""} for message in body["messages"]]


def _take_native_calls(reply: Reply) -> None:
    """Read a call as Ollama does: only one that stands in the model's own tags."""
    text = "".join(reply["content"])
    reply["content"] = text
    found = _NATIVE_CALL.match(text)
    if not found:
        return
    try:
        call = json.loads(found.group(1))
        reply["tool_calls"] = [{"function": {"name": call["name"], "arguments": call["arguments"]}}]
        reply["content"] = ""
    except (ValueError, KeyError, TypeError):
        return


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gguf", type=Path, help="the model's file")
    parser.add_argument("--name", default="bench", help="how clients call it")
    parser.add_argument("--source", default="", help="where the file is from, for the record")
    parser.add_argument("--port", type=int, default=_PORT)
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--log", action="store_true", help="print each reply")
    given = parser.parse_args()
    with given.gguf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    model = GgufModel(given.gguf, context=given.context, threads=given.threads)
    backend = GgufBackend(model, name=given.name, digest=digest, log=given.log)
    server = OllamaHttp(backend, port=given.port)
    print(f"{given.name}: {model.description}, {given.gguf.name}, sha256 {digest[:16]}")
    source = given.source or "not stated"
    print(f"Source: {source}; {given.threads} threads; {server.url}", flush=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
