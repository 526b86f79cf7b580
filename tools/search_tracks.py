"""Search for tracks by filters, names and descriptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from store.results import TrackRow
from store.search import track_search
from tools.base import Rendering, ToolContext, ToolResult, TrackQuery
from tools.playlist.song_versions import best_file_first, songs_of
from tools.text.words import Language, exact_length, number, say, say_count
from tools.tracks.empty_results import emptied, nothing_fits, taken_facts
from tools.tracks.meaning import TERMS_SAID, term_name
from tools.tracks.player_facts import track_name
from tools.tracks.selection import exact
from tools.tracks.track_facts import track_data, track_fact, version_fact, why_matched

DEFAULT_LIMIT: Final = 10
SPARE: Final = 10
"""Read beyond the limit, as other versions of a song fall out."""
LIMIT_AT_MOST: Final = 200


_ENDS: Final = {"bpm": "bpm", "length": "duration_s", "year": "year", "energy": "energy"}
"""Orders whose first track is an answer by itself, by the fact that they order by."""


class SearchTracks:
    """Find tracks by name, artist, genre, mood, tempo, key, year, energy or likeness."""

    name = "search_tracks"
    description = (
        "Find tracks in the library by words, artist, album, genre, mood, tempo, key, year, "
        "length, energy, vocals, likes or likeness to a track."
    )
    arguments = TrackQuery
    selects_tracks = True

    def run(self, arguments: TrackQuery, context: ToolContext) -> ToolResult:
        """Search; an empty result names the filters that empty it."""
        selection = exact(arguments, context)
        limit = arguments.limit or DEFAULT_LIMIT
        reading = min(2 * limit + SPARE, LIMIT_AT_MOST) + 2 * len(context.seen)
        spare = selection.query.model_copy(update={"limit": reading})
        found = track_search.search(spare, ids=selection.ids, order=context.order)
        # who names a title may mean its live version; copies of one recording are never meant apart
        named = selection.query.text is not None
        songs = songs_of(found.tracks, by_title=not named)
        songs = songs if named else [best_file_first(song) for song in songs]
        before, songs = _split(songs, context.seen)
        songs = songs[:limit]
        again = sum(len(song) - 1 for song in (*before, *songs))
        language = context.language
        tracks = [
            {
                **track_fact(
                    song[0],
                    why=why_matched(
                        song[0],
                        arguments,
                        language,
                        described=selection.taken_as,
                        genres=found.genres.get(song[0].id, ()),
                    ),
                ),
                "versions": [version_fact(row) for row in song[1:]],
            }
            for song in songs
        ]
        facts: dict[str, Any] = {
            "tracks": tracks,
            "total": found.total - again,
            "shown_before": len(context.seen),
            **taken_facts(selection),
        }
        if arguments.sort in _ENDS and tracks:
            facts["order"] = "down" if _downwards(arguments) else "up"
            facts["sort"] = arguments.sort
        if not found.tracks:
            facts |= emptied(found, selection, arguments)
        return ToolResult(facts=facts, track_ids=tuple(song[0].id for song in songs))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """Return a table of tracks, or the filters to drop."""
        facts, language = result.facts, context.language
        tracks = [track_data(fact) for fact in facts["tracks"]]
        total, before = int(facts["total"]), int(facts["shown_before"])
        if not tracks:
            every = say_count(language, "search.no_more", total) if total else None
            sentence = every or nothing_fits(facts, language)
            return Rendering(sentence, "text", {"tracks": [], **facts})
        if before:
            sentence = say_count(language, "search.next", len(tracks), total=total)
            data = {**facts, "tracks": tracks, "seen": list(context.seen)}
            return Rendering(sentence, "tracks", data)
        key = "search.found" if total == len(tracks) else "search.first"
        sentence = say_count(language, key, total, shown=len(tracks))
        sentence = f"{_top(facts, language)} {sentence}".lstrip()
        sentence = f"{taken_note(facts, language)} {sentence}".lstrip()
        return Rendering(sentence, "tracks", {**facts, "tracks": tracks})


def _split(
    songs: Sequence[list[TrackRow]], seen: Sequence[int]
) -> tuple[list[list[TrackRow]], list[list[TrackRow]]]:
    """Return the songs that were shown already, and the others."""
    shown = set(seen)
    before = [song for song in songs if not shown.isdisjoint(row.id for row in song)]
    others = [song for song in songs if shown.isdisjoint(row.id for row in song)]
    return before, others


def _downwards(arguments: TrackQuery) -> bool:
    return arguments.sort == "energy" if arguments.descending is None else arguments.descending


def _top(facts: Mapping[str, Any], language: Language) -> str:
    """ "The fastest is “Slipstream” by Kestrel Unit: 174 BPM."; empty without such an order."""
    if "order" not in facts:
        return ""
    first, sort = facts["tracks"][0], facts["sort"]
    value = first[_ENDS[sort]]
    if value is None:
        return ""
    said = {
        "bpm": lambda: f"{number(language, value, 0)} BPM",
        "length": lambda: exact_length(language, value),
    }
    return say(
        language, f"search_tracks.{sort}_{facts['order']}", name=track_name(first, language),
        value=said.get(sort, lambda: str(value))(),
    )  # fmt: skip


def taken_note(facts: Mapping[str, Any], language: Language) -> str:
    """ "I took this as: mellow, jazz, acoustic."; empty where nothing was."""
    if not facts.get("described"):
        return ""
    terms = [term_name(term, language) for term in facts["taken_as"][:TERMS_SAID]]
    if not terms:
        return say(language, "search.nearest")
    return say(language, "search.taken_as", terms=", ".join(terms))


search_tracks = SearchTracks()
