"""Text embeddings of requests, computed by the Ollama server where it has such a model."""

from __future__ import annotations

import time
from typing import Final

import httpx
import ollama

from store.library import track_texts
from store.vectors.model_server import ModelServerSettings

_ANSWER_WITHIN_S: Final = 20.0  # a small board loads the model first
_OFF_S: Final = 60.0  # before a missing server or model is looked for again
_CACHED_AT_MOST: Final = 256  # requests; refinements ask for the same words again


class TextEmbedder:
    """Computes embeddings of requests; called from a tool's thread.

    Args:
        settings: The server and the embedding model.
    """

    def __init__(self, settings: ModelServerSettings) -> None:
        self._settings = settings
        self._cached: dict[str, list[float]] = {}
        self._off_until_s = 0.0

    def __call__(self, text: str) -> list[float] | None:
        """Return the vector of `text` as a query; None while no model is available."""
        if text in self._cached:
            return self._cached[text]
        if not self._settings.use_model or time.monotonic() < self._off_until_s:
            return None
        vector = self._request_vector(text)
        if vector is None:
            self._off_until_s = time.monotonic() + _OFF_S
            return None
        if len(self._cached) >= _CACHED_AT_MOST:
            self._cached.pop(next(iter(self._cached)))
        self._cached[text] = vector
        return vector

    def _request_vector(self, text: str) -> list[float] | None:
        settings, model = self._settings, self._settings.embed_model
        timeout = httpx.Timeout(_ANSWER_WITHIN_S, connect=settings.connect_timeout_s)
        try:
            with ollama.Client(settings.ollama_host, timeout=timeout, trust_env=False) as client:
                if "embedding" not in (client.show(model).capabilities or ()):
                    return None
                answer = client.embed(model, track_texts.query(model, text)).embeddings
        except (ollama.ResponseError, httpx.HTTPError, ConnectionError, ValueError):
            return None
        return [float(value) for value in answer[0]] if answer and len(answer[0]) else None


_embedders: dict[tuple[str, str, bool], TextEmbedder] = {}


def embedder(settings: ModelServerSettings) -> TextEmbedder:
    """The one embedder of a server and model in this process, for `ToolContext.embed_text`."""
    key = (settings.ollama_host, settings.embed_model, settings.use_model)
    return _embedders.setdefault(key, TextEmbedder(settings))
