"""Text vectors of tracks, made by a text embedding model of Ollama.

Free descriptions ("a rainy Sunday in a café") are compared with them. Without a server or the model
nothing is done; the owner may fetch it at any time (`backbeat models pull embeddinggemma`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import httpx
import numpy as np
import ollama

from store.library import track_texts
from store.library.track_texts import TrackText
from store.vectors.model_server import ModelServerSettings

BATCH: Final = 16
"""Texts a request: some seconds on a small board, so that a stop takes effect quickly."""
TIMEOUT_S: Final = 120.0
"""The first request loads the model."""
KEEP_LOADED: Final = "2m"
"""The model is unloaded soon after the last request, to free its memory."""


class TextVectorError(Exception):
    """The model server failed; the message says why."""


def make_text_vectors(
    settings: ModelServerSettings,
    *,
    on_done: Callable[[int], None] = lambda count: None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Make the missing text vectors; return how many were made.

    Args:
        settings: Where the server is, and the model.
        on_done: Gets the number made so far.
        stopped: Called between two requests; True ends the work.

    Raises:
        TextVectorError: The server is there and has the model, but answers with an error.
        StoreError: The library cannot be read or written.
    """
    model = settings.embed_model
    waiting = track_texts.without_vector(model, limit=BATCH)
    if not waiting or not settings.use_model:
        return 0
    timeout = httpx.Timeout(TIMEOUT_S, connect=settings.connect_timeout_s)
    client = ollama.Client(host=settings.ollama_host, timeout=timeout, trust_env=False)
    made = 0
    with client:
        if not _has_model(client, model):
            return 0
        while waiting and not stopped():
            vectors = _vectors(client, model, waiting)
            made += track_texts.save_vectors(model, dict(zip(waiting, vectors, strict=True)))
            on_done(made)
            waiting = track_texts.without_vector(model, after=waiting[-1].track_id, limit=BATCH)
    return made


def _has_model(client: ollama.Client, model: str) -> bool:
    """Whether the server answers and has the model, and it makes vectors."""
    try:
        return "embedding" in (client.show(model).capabilities or ())
    except (ollama.ResponseError, httpx.HTTPError, ConnectionError, ValueError):
        return False


def _vectors(client: ollama.Client, model: str, texts: Sequence[TrackText]) -> list[bytes]:
    documents = [track_texts.document(model, text.text) for text in texts]
    try:
        answer = client.embed(model, documents, keep_alive=KEEP_LOADED).embeddings
    except (ollama.ResponseError, httpx.HTTPError, ConnectionError, ValueError) as error:
        raise TextVectorError(f"{model} could not describe the tracks in words: {error}") from error
    vectors = [np.asarray(vector, "<f4") for vector in answer]
    if len(vectors) != len(texts) or any(v.size == 0 or not np.isfinite(v).all() for v in vectors):
        raise TextVectorError(f"{model} did not answer with one vector a track.")
    return [vector.tobytes() for vector in vectors]
