"""Pause and resume the analysis, by a request or by a button of the page."""

from __future__ import annotations

from assistant.answers import Language
from prompts import load
from store.jobs import indexer_state


def pause(language: Language) -> str:
    """Pause the analysis; return the answer."""
    indexer_state.pause_indexing()
    return load("pause", language)["paused_now"]


def resume(language: Language) -> str:
    """Resume the analysis; return the answer."""
    indexer_state.resume_indexing()
    words = load("pause", language)
    if not indexer_state.indexer_alive():
        return words["resumed_later"]
    return words["resumed_hot" if indexer_state.indexing_pause() == "too_hot" else "resumed_now"]
