"""Requests as vectors, against a local server with Ollama's wire format."""

from __future__ import annotations

import time
from typing import Any

import pytest

from assistant.model import embedding
from assistant.model.embedding import TextEmbedder, embedder
from assistant.settings import Settings


def asked(ollama: Any) -> list[str]:
    return [body["input"] for path, body in ollama.requests if path == "/api/embed"]


def test_a_request_is_embedded_as_a_query_and_remembered(ollama: Any) -> None:
    embed = TextEmbedder(Settings(ollama_host=ollama.url))
    first = embed("a rainy sunday")
    assert first == ollama.embeddings(["task: search result | query: a rainy sunday"])[0]
    assert embed("a rainy sunday") == first
    assert asked(ollama) == ["task: search result | query: a rainy sunday"]


@pytest.mark.parametrize(
    "models", [{}, {"embeddinggemma": ("completion", "tools")}], ids=["missing", "unable"]
)
def test_a_missing_model_is_not_asked_for_again_at_once(
    ollama: Any, models: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ollama.models = models
    embed = TextEmbedder(Settings(ollama_host=ollama.url))
    assert embed("rain") is None
    looked = len(ollama.requests)
    assert embed("sun") is None
    assert len(ollama.requests) == looked
    ollama.models = {"embeddinggemma": ("embedding",)}
    later = time.monotonic() + 2 * embedding._OFF_S
    monkeypatch.setattr(embedding.time, "monotonic", lambda: later)
    assert embed("sun") is not None


def test_no_server_and_no_model_wanted_give_none() -> None:
    assert TextEmbedder(Settings(ollama_host="http://127.0.0.1:9"))("rain") is None
    assert TextEmbedder(Settings(use_model=False))("rain") is None


def test_nonsense_gives_none(ollama: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ollama, "embeddings", lambda texts: [])
    assert TextEmbedder(Settings(ollama_host=ollama.url))("rain") is None


def test_one_embedder_serves_a_process(ollama: Any) -> None:
    settings = Settings(ollama_host=ollama.url)
    assert embedder(settings) is embedder(Settings(ollama_host=ollama.url))
