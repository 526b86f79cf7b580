"""Why music may not be found yet: the library is empty, or is still being listened to."""

from __future__ import annotations

from collections.abc import Mapping

from store.jobs.library_status import read_progress
from tools.text.words import Language, say, say_count


def progress_fact() -> dict[str, int]:
    """How many tracks there are, how many of them are analysed, how many files are waiting."""
    now = read_progress()
    return {"tracks": now.tracks, "analysed": now.analysed, "left": now.waiting}


def progress_note(fact: Mapping[str, int], language: Language) -> str:
    """What `progress_fact` means for a search; "" when everything was listened to."""
    if fact["left"]:
        total = fact["analysed"] + fact["left"]
        return say_count(language, "progress.listening", fact["analysed"], total=total)
    return say(language, "progress.empty") if not fact["tracks"] else ""
