"""Progress of the analysis: why a track may not be found yet."""

from __future__ import annotations

from collections.abc import Mapping

from store.jobs.library_status import read_progress
from tools.text.words import Language, say, say_count


def progress_fact() -> dict[str, int]:
    """Return the number of tracks, of analysed tracks, and of files that wait."""
    now = read_progress()
    return {"tracks": now.tracks, "analysed": now.analysed, "left": now.waiting}


def progress_note(fact: Mapping[str, int], language: Language) -> str:
    """Return a note on `progress_fact` for a search; "" when everything is analysed."""
    if fact["left"]:
        total = fact["analysed"] + fact["left"]
        return say_count(language, "progress.listening", fact["analysed"], total=total)
    return say(language, "progress.empty") if not fact["tracks"] else ""
