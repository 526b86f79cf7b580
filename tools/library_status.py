"""The state of the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from prompts import FALLBACK, load
from store.jobs import indexer_state
from store.jobs.library_status import read_status
from store.paths import shown_path
from tools.base import Arguments, Rendering, ToolContext, ToolResult
from tools.library.away_note import away_facts
from tools.library.folder_notes import folder_notes
from tools.text.untrusted import shown
from tools.text.words import (
    Language,
    duration,
    failure_text,
    known_name,
    listed,
    number,
    say,
    say_count,
)

FAILURES_SHOWN: Final = 20
FAILURES_SAID: Final = 3
GENRES_SAID: Final = 5


class LibraryStatusArguments(Arguments):
    """Nothing to say."""


def status_facts(language: Language = FALLBACK) -> dict[str, Any]:
    """Return the state of the library; the sentence, the page's card and the API show the same."""
    status = read_status(failures=FAILURES_SHOWN)
    paused = indexer_state.pause_to_tell()
    return {
        "tracks": status.tracks,
        "artists": status.artists,
        "albums": status.albums,
        "playlists": status.playlists,
        "charts": status.charts,
        "duration_s": round(status.duration_s),
        "analysed": status.analysed,
        "queued": status.queued,
        "running": status.running,
        "failed": status.failed,
        "failures": [
            {
                "name": shown(shown_path(failure.path).rsplit("/", 1)[-1]),
                "reason": failure_text(
                    language, "file_failures", code=failure.code, reason=failure.reason
                ),
                "attempts": failure.attempts,
            }
            for failure in status.failures
        ],
        "genres": dict(sorted(status.genres.items(), key=lambda item: -item[1])),
        "moods": dict(sorted(status.moods.items(), key=lambda item: -item[1])),
        "away": away_facts(),
        "notes": folder_notes(language),
        "indexer_alive": status.indexer_alive,
        "paused": paused,
        "rate_per_minute": None if paused else status.rate_per_minute,
        "eta_s": None if paused else status.eta_s,
    }


class LibraryStatusTool:
    """Counts, progress, failures, coverage."""

    name = "library_status"
    description = (
        "Say how many tracks there are, how far indexing is, what failed and why, and which "
        "genres and moods are covered."
    )
    arguments = LibraryStatusArguments

    def run(self, arguments: LibraryStatusArguments, context: ToolContext) -> ToolResult:
        """Read the counts."""
        return ToolResult(facts=status_facts(context.language))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """Counts in a sentence, the rest as data."""
        facts, language = result.facts, context.language
        if facts["tracks"] == 0 and facts["queued"] + facts["running"] == 0:
            parts = [say(language, "progress.empty")]
        else:
            length = duration(language, facts["duration_s"])
            parts = [
                say_count(
                    language,
                    "library_status.counts" if facts["artists"] else "library_status.nameless",
                    facts["tracks"],
                    artists=say_count(language, "library_status.artists", facts["artists"]),
                    length=length,
                )
            ]
        if facts.get("genres"):
            parts.append(_genres(facts["genres"], language))
        parts += facts.get("notes", ())
        waiting = facts["queued"] + facts["running"]
        if waiting:
            key = "library_status.waiting" if facts["indexer_alive"] else "library_status.stopped"
            parts.append(say_count(language, key, waiting))
            if facts["indexer_alive"] and facts["eta_s"]:
                left = duration(language, facts["eta_s"])
                rate = number(language, facts["rate_per_minute"] or 0)
                parts.append(say(language, "library_status.eta", left=left, rate=rate))
        elif not facts["indexer_alive"]:
            parts.append(say(language, "library_status.no_indexer"))
        if facts.get("paused"):
            parts.append(load("pause", language)[facts["paused"]])
        if facts["failed"]:
            parts.append(say_count(language, "library_status.failed", facts["failed"]))
            for failure in facts.get("failures", ())[:FAILURES_SAID]:
                parts.append(say(language, "library_status.failure", **failure))
        return Rendering(" ".join(parts), "status", dict(facts))


def _genres(genres: Mapping[str, int], language: Language) -> str:
    counts = [
        f"{known_name(language, 'genres', shown(name))} ({tracks})"
        for name, tracks in list(genres.items())[:GENRES_SAID]
    ]
    if len(genres) > GENRES_SAID:
        counts.append(say_count(language, "groups.others", len(genres) - GENRES_SAID))
    return say(language, "library_status.genres", genres=listed(language, counts))


library_status = LibraryStatusTool()
