"""Search for tracks by filters, names and descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store.results import SearchResult
from store.search import track_search
from tools.base import Rendering, ToolContext, ToolResult, TrackQuery
from tools.library_progress import progress_fact, progress_note
from tools.playlist.song_versions import best_file_first, songs_of
from tools.text.untrusted import shown
from tools.text.words import Language, listed, say, say_count
from tools.tracks.meaning import TERMS_SAID, term_name
from tools.tracks.selection import Selection, exact
from tools.tracks.track_facts import track_data, track_fact, version_fact, why_matched

DEFAULT_LIMIT: Final = 10
SPARE: Final = 10
"""Read beyond the limit, as other versions of a song fall out."""
LIMIT_AT_MOST: Final = 200
FILTERS_NAMED: Final = 3
"""In an empty result; more would not be read."""


class SearchTracks:
    """Find tracks by name, artist, genre, mood, tempo, key, year, energy or likeness."""

    name = "search_tracks"
    description = (
        "Find tracks in the library by words, artist, genre, mood, tempo, key, year, energy, "
        "vocals or likeness to a track."
    )
    arguments = TrackQuery
    selects_tracks = True

    def run(self, arguments: TrackQuery, context: ToolContext) -> ToolResult:
        """Search; an empty result names the filters that empty it."""
        selection = exact(arguments, context)
        limit = arguments.limit or DEFAULT_LIMIT
        spare = selection.query.model_copy(update={"limit": min(2 * limit + SPARE, LIMIT_AT_MOST)})
        found = track_search.search(spare, default_limit=DEFAULT_LIMIT, ids=selection.ids)
        # who names a title may mean its live version; copies of one recording are never meant apart
        named = selection.query.text is not None
        songs = songs_of(found.tracks, by_title=not named)
        songs = songs if named else [best_file_first(song) for song in songs]
        songs, again = songs[:limit], sum(len(song) - 1 for song in songs[:limit])
        language = context.language
        tracks = [
            {
                **track_fact(
                    song[0], why=why_matched(song[0], arguments, language, selection.taken_as)
                ),
                "versions": [version_fact(row) for row in song[1:]],
            }
            for song in songs
        ]
        facts: dict[str, Any] = {
            "tracks": tracks,
            "total": found.total - again,
            **taken_facts(selection),
        }
        if not tracks:
            facts |= emptied(found, selection, arguments)
        return ToolResult(facts=facts, track_ids=tuple(song[0].id for song in songs))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """Return a table of tracks, or the filters to drop."""
        facts, language = result.facts, context.language
        tracks = [track_data(fact) for fact in facts["tracks"]]
        if not tracks:
            return Rendering(nothing_fits(facts, language), "text", {"tracks": [], **facts})
        total, shown_count = int(facts["total"]), len(tracks)
        key = "search.found" if total == shown_count else "search.first"
        sentence = say_count(language, key, total, shown=shown_count)
        sentence = f"{taken_note(facts, language)} {sentence}".lstrip()
        return Rendering(sentence, "tracks", {**facts, "tracks": tracks})


def taken_facts(selection: Selection) -> dict[str, Any]:
    """Return facts of a text that was read as a description."""
    return {"described": selection.described, "taken_as": list(selection.taken_as)}


def taken_note(facts: Mapping[str, Any], language: Language) -> str:
    """ "I took this as: mellow, jazz, acoustic."; empty where nothing was."""
    if not facts.get("described"):
        return ""
    terms = [term_name(term, language) for term in facts["taken_as"][:TERMS_SAID]]
    if not terms:
        return say(language, "search.nearest")
    return say(language, "search.taken_as", terms=", ".join(terms))


def emptied(found: SearchResult, selection: Selection, arguments: TrackQuery) -> dict[str, Any]:
    """Return facts of an empty search: each filter that alone empties it, and the count without."""
    causes = dict(found.emptied_by)
    if selection.ids is not None:
        without_likeness = track_search.how_many(selection.query)
        if without_likeness:
            causes = {"text" if selection.described else "like": without_likeness, **causes}
    return {
        **taken_facts(selection),
        "puzzling": shown(arguments.text or "") if selection.puzzling else None,
        "library": progress_fact(),
        "emptied_by": [{"wish": name, "would_fit": count} for name, count in causes.items()],
        "asked": arguments.model_dump(exclude_defaults=True, exclude={"limit", "sort"}),
    }


def nothing_fits(facts: Mapping[str, Any], language: Language) -> str:
    """Return why a search is empty, and what it would find with one filter less."""
    progress = progress_note(facts["library"], language)
    if not facts["library"]["tracks"]:
        return progress
    if facts.get("puzzling"):
        puzzled = say(language, "search.puzzled", text=facts["puzzling"])
        return f"{puzzled} {progress}".rstrip()
    return f"{_cause(facts, language)} {progress}".rstrip()


def _cause(facts: Mapping[str, Any], language: Language) -> str:
    causes: list[Mapping[str, Any]] = facts["emptied_by"]
    helping = [cause for cause in causes if cause["would_fit"]][:FILTERS_NAMED]
    if helping:
        without = [
            say_count(
                language,
                "search.without",
                int(cause["would_fit"]),
                wish=say(language, f"wishes.{cause['wish']}"),
            )
            for cause in helping
        ]
        return say(language, "search.emptied", without=listed(language, without, last="or"))
    if causes:
        names = [say(language, f"wishes.{cause['wish']}") for cause in causes[:FILTERS_NAMED]]
        return say(language, "search.never", wishes=listed(language, names))
    return say(language, "search.nothing")


search_tracks = SearchTracks()
