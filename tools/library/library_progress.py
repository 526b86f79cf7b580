"""Progress of the analysis: why a track may not be found yet."""

from __future__ import annotations

from collections.abc import Mapping

from store.jobs import indexer_state
from store.jobs.library_status import read_progress
from tools.text.words import Language, say, say_count


def progress_fact() -> dict[str, int]:
    """Return the number of tracks, of analysed tracks, and of files that wait.

    While the demo library is being rendered, also of its songs and of those that are `rendered`.
    """
    now = read_progress()
    fact = {"tracks": now.tracks, "analysed": now.analysed, "left": now.waiting}
    if demo := indexer_state.rendering():
        fact["rendered"], fact["songs"] = demo
    return fact


def progress_note(fact: Mapping[str, int], language: Language) -> str:
    """Return a note on `progress_fact` for a search; "" when everything is analysed."""
    if songs := fact.get("songs"):
        return say_count(language, "progress.rendering", fact["rendered"], total=songs)
    if fact["left"]:
        total = fact["analysed"] + fact["left"]
        return say_count(language, "progress.listening", fact["analysed"], total=total)
    return say(language, "progress.empty") if not fact["tracks"] else ""
