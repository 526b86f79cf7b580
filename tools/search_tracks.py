"""Tracks that fit a wish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store import queries
from store.results import SearchResult
from tools.base import Rendering, ToolContext, ToolResult, TrackQuery
from tools.library_progress import progress_fact, progress_note
from tools.selection import Selection, exact
from tools.track_facts import track_data, track_fact, why_matched
from tools.words import Language, listed, say, say_count

DEFAULT_LIMIT: Final = 10
WISHES_NAMED: Final = 3
"""In an empty result; more would not be read."""


class SearchTracks:
    """Find tracks by name, artist, genre, mood, tempo, key, year, energy or likeness."""

    name = "search_tracks"
    description = (
        "Find tracks in the library by words, artist, genre, mood, tempo, key, year, energy, "
        "vocals or likeness to a track."
    )
    arguments = TrackQuery

    def run(self, arguments: TrackQuery, context: ToolContext) -> ToolResult:
        """Search; an empty result says which wish emptied it."""
        wish = exact(arguments, context.language)
        found = queries.search(wish.query, default_limit=DEFAULT_LIMIT, ids=wish.ids)
        tracks = [
            track_fact(row, why=why_matched(row, arguments, context.language))
            for row in found.tracks
        ]
        facts: dict[str, Any] = {"tracks": tracks, "total": found.total}
        if not tracks:
            facts |= emptied(found, wish, arguments)
        return ToolResult(facts=facts, track_ids=tuple(row.id for row in found.tracks))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """A table of tracks, or what to leave out."""
        facts, language = result.facts, context.language
        tracks = [track_data(fact) for fact in facts["tracks"]]
        if not tracks:
            return Rendering(nothing_fits(facts, language), "text", {"tracks": [], **facts})
        total, shown_count = int(facts["total"]), len(tracks)
        key = "search.found" if total == shown_count else "search.first"
        sentence = say_count(language, key, total, shown=shown_count)
        return Rendering(sentence, "tracks", {**facts, "tracks": tracks})


def emptied(found: SearchResult, wish: Selection, arguments: TrackQuery) -> dict[str, Any]:
    """Facts of an empty search: each wish that alone empties it, and what would fit without."""
    causes = dict(found.emptied_by)
    if wish.ids is not None:
        without_likeness = queries.search(wish.query, default_limit=1).total
        if without_likeness:
            causes = {"like": without_likeness, **causes}
    return {
        "library": progress_fact(),
        "emptied_by": [{"wish": name, "would_fit": count} for name, count in causes.items()],
        "asked": arguments.model_dump(exclude_defaults=True, exclude={"limit", "sort"}),
    }


def nothing_fits(facts: Mapping[str, Any], language: Language) -> str:
    """Why a search came out empty, what would fit with one wish less, what is still to come."""
    progress = progress_note(facts["library"], language)
    if not facts["library"]["tracks"]:
        return progress
    return f"{_cause(facts, language)} {progress}".rstrip()


def _cause(facts: Mapping[str, Any], language: Language) -> str:
    wishes: list[Mapping[str, Any]] = facts["emptied_by"]
    helping = [wish for wish in wishes if wish["would_fit"]][:WISHES_NAMED]
    if helping:
        without = [
            say_count(
                language,
                "search.without",
                int(wish["would_fit"]),
                wish=say(language, f"wishes.{wish['wish']}"),
            )
            for wish in helping
        ]
        return say(language, "search.emptied", without=listed(language, without, last="or"))
    if wishes:
        names = [say(language, f"wishes.{wish['wish']}") for wish in wishes[:WISHES_NAMED]]
        return say(language, "search.never", wishes=listed(language, names))
    return say(language, "search.nothing")


search_tracks = SearchTracks()
