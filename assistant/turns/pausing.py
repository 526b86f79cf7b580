"""Letting the analysis rest, or go on: by words or by a button of the page."""

from __future__ import annotations

from assistant.answers import Language
from prompts import load
from store.jobs import indexer_state


def pause(language: Language) -> str:
    """Let the analysis rest; what is said of it."""
    indexer_state.pause_indexing()
    return load("pause", language)["paused_now"]


def resume(language: Language) -> str:
    """Let the analysis go on; what is said of it."""
    indexer_state.resume_indexing()
    words = load("pause", language)
    if not indexer_state.indexer_alive():
        return words["resumed_later"]
    return words["resumed_hot" if indexer_state.indexing_pause() == "too_hot" else "resumed_now"]
