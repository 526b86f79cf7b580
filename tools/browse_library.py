"""The library in lists to click: artists, albums, genres, years, what is new, double or failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

from store.folding import fold
from store.jobs import job_reports
from store.library import browsing, counting
from store.library.counting import By, Group
from store.paths import shown_path
from store.results import TrackRow
from store.search import track_search
from store.search.query import Name
from tools.artists.similar_artists import render_similar, similar_facts
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.library.library_progress import progress_fact, progress_note
from tools.playlist.song_versions import plainest
from tools.text.untrusted import shown
from tools.text.words import Language, duration, failure_text, known_name, say, say_count
from tools.tracks.library_scope import EVERYTHING, Scope, scope
from tools.tracks.track_facts import track_data, track_fact, version_fact
from tools.tracks.track_groups import group_fact, group_item, largest_text, years_text

What = Literal["artists", "albums", "genres", "years", "recent", "duplicates", "failed"]
LINES_AT_MOST: Final = 200
TRACKS_AT_MOST: Final = 50
RECENT: Final = 20
_BY: Final[Mapping[str, By]] = {
    "artists": "artist",
    "albums": "album",
    "genres": "genre",
    "years": "year",
}


class BrowseLibraryArguments(Arguments):
    """A list, and what it is a list of."""

    what: What = Field(description="What to list; failed: files that could not be analysed")
    of: Name | None = Field(
        default=None,
        description="Only of this artist, album, genre or year; an album lists its tracks, "
        "artists of an artist are those that sound like it",
    )


class BrowseLibrary:
    """Lists of the library."""

    name = "browse_library"
    description = (
        "List artists, albums, genres, years, new tracks, duplicates or failed files; also the "
        "albums of an artist, the artists that sound like one, the tracks of an album, the artists "
        "of a genre."
    )
    arguments = BrowseLibraryArguments

    def run(self, arguments: BrowseLibraryArguments, context: ToolContext) -> ToolResult:
        """Read the list."""
        if arguments.what == "failed":
            return ToolResult(facts=_failed_facts(arguments.of, context.language))
        progress = progress_fact()
        if not progress["tracks"]:
            raise ToolError(progress_note(progress, context.language))
        part = scope(arguments.of, context) if arguments.of else EVERYTHING
        ids = None
        if part.album_id is not None:
            ids = [row.id for row in browsing.album_tracks(part.album_id)]
        facts: dict[str, Any] = {"what": arguments.what, "of": part.name, "of_kind": part.kind}
        if arguments.what == "duplicates":
            return _duplicates(facts, part, ids)
        if arguments.what == "recent":
            newest = part.query.model_copy(update={"sort": "added", "limit": RECENT})
            return _tracks(facts, track_search.search(newest, ids=ids).tracks)
        if arguments.what == "artists" and part.kind == "artist":
            return ToolResult(facts=similar_facts(part, context.language))
        if arguments.what == "albums" and part.kind == "album":
            return _tracks(facts, browsing.album_tracks(part.album_id or 0))
        return _groups(facts, part, ids, context.language)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """A list of lines, or a table of tracks."""
        facts, language = result.facts, context.language
        if facts["what"] == "failed":
            return _render_failed(facts, language)
        if "similar" in facts:
            return render_similar(facts, language)
        if "tracks" in facts:
            sentence = _tracks_sentence(facts, language)
            if not facts["tracks"]:
                return Rendering(sentence, "text", dict(facts))
            tracks = [track_data(fact) for fact in facts["tracks"]]
            return Rendering(sentence, "tracks", {**facts, "tracks": tracks})
        sentence = _groups_sentence(facts, language)
        if not facts["groups"]:
            return Rendering(sentence, "text", dict(facts))
        items = [group_item(group, _BY[facts["what"]], language) for group in facts["groups"]]
        if facts["without_album"]:
            items.append(_rest_item(facts, language))
        title = say(language, f"browse_library.title_{facts['what']}")
        title = f"{title} – {facts['of']}" if facts["of"] else title
        return Rendering(sentence, "list", {**facts, "title": title, "items": items})


def _groups(
    facts: dict[str, Any], part: Scope, ids: Sequence[int] | None, language: Language
) -> ToolResult:
    what, by = facts["what"], _BY[facts["what"]]
    groups = counting.groups(part.query, by, ids)
    total, duration_s = counting.totals(part.query, ids)
    if what == "albums" and part.kind == "artist" and not groups:
        query = part.query.model_copy(update={"sort": "year", "limit": TRACKS_AT_MOST})
        return _tracks(facts | {"total": total}, track_search.search(query).tracks)
    known = sum(group.tracks for group in groups)
    facts |= {
        "groups": [group_fact(one) for one in _ordered(groups[:LINES_AT_MOST], what, part)],
        "groups_total": len(groups),
        "largest": largest_text([group_fact(one) for one in groups[:3]], len(groups), by, language),
        "total": total,
        "duration_s": round(duration_s),
        "without_album": total - known if what == "albums" and part.kind == "artist" else 0,
    }
    if part.kind == "artist":
        genres = counting.groups(part.query, "genre")
        facts["genres"] = [group.name for group in genres[:2]]
        spans = [year for one in groups for year in (one.year_min, one.year_max) if year]
        facts["years"] = [min(spans), max(spans)] if spans else None
    return ToolResult(facts=facts)


def _ordered(groups: Sequence[Group], what: str, part: Scope) -> list[Group]:
    """Names by the alphabet, an artist's albums and years from the newest, genres as counted."""
    if what == "years" or (what == "albums" and part.kind == "artist"):
        return sorted(groups, key=lambda one: (-(one.year_max or 0), fold(one.name)))
    if what == "genres":
        return list(groups)
    return sorted(groups, key=lambda one: fold(one.name))


def _tracks(facts: dict[str, Any], tracks: Sequence[TrackRow]) -> ToolResult:
    facts |= {
        "tracks": [track_fact(row) for row in tracks],
        "duration_s": round(sum(row.duration_s for row in tracks)),
    }
    return ToolResult(facts=facts, track_ids=tuple(row.id for row in tracks))


def _duplicates(facts: dict[str, Any], part: Scope, ids: Sequence[int] | None) -> ToolResult:
    """The recordings with several files, the best file of each first."""
    recordings = browsing.duplicates(part.query, ids)
    tracks = []
    for files in recordings[:TRACKS_AT_MOST]:
        best = plainest(files)
        others = [version_fact(row) for row in files if row.id != best.id]
        tracks.append({**track_fact(best, why=_formats(files)), "versions": others})
    facts |= {
        "tracks": tracks,
        "recordings": len(recordings),
        "files": sum(len(files) for files in recordings),
    }
    return ToolResult(facts=facts, track_ids=tuple(track["id"] for track in tracks))


def _formats(files: Sequence[TrackRow]) -> list[str]:
    """How often there is each format: "2 × MP3", "FLAC"."""
    counts: dict[str, int] = {}
    for row in files:
        counts[row.audio_format.upper()] = counts.get(row.audio_format.upper(), 0) + 1
    return [f"{n} × {name}" if n > 1 else name for name, n in counts.items() if name]


def _failed_facts(of: str | None, language: Language) -> dict[str, Any]:
    files = [
        {
            "name": shown(shown_path(failure.path).rsplit("/", 1)[-1]),
            "reason": failure_text(
                language, "file_failures", code=failure.code, reason=failure.reason
            ),
            "attempts": failure.attempts,
        }
        for failure in job_reports.failures(LINES_AT_MOST)
    ]
    if of:
        files = [file for file in files if fold(of) in fold(str(file["name"]))]
    count = len(files) if of else job_reports.counts("analyse").get("failed", 0)
    return {"what": "failed", "of": shown(of or ""), "files": files, "failed": count}


def _render_failed(facts: Mapping[str, Any], language: Language) -> Rendering:
    files = facts["files"]
    if not files:
        key = "no_such_failure" if facts["of"] else "no_failures"
        return Rendering(
            say(language, f"browse_library.{key}", name=facts["of"]), "text", {**facts}
        )
    advice = say(language, "browse_library.failed_advice")
    if len(files) == 1:
        sentence = say(language, "browse_library.failed_file", **files[0])
    else:
        sentence = say_count(language, "browse_library.failed", facts["failed"])
    title = say(language, "browse_library.title_failed")
    items = [{"label": one["name"], "detail": one["reason"], "ask": None} for one in files]
    data = {**facts, "title": title, "items": items}
    return Rendering(f"{sentence} {advice}", "list", data)


def _tracks_sentence(facts: Mapping[str, Any], language: Language) -> str:
    count = len(facts["tracks"])
    if facts["what"] == "duplicates":
        if not count:
            return say(language, "browse_library.no_duplicates")
        return say_count(
            language, "browse_library.duplicates", facts["recordings"], files=facts["files"]
        )
    length = duration(language, facts["duration_s"])
    if facts["what"] == "recent":
        key = "browse_library.recent_of" if facts["of"] else "browse_library.recent"
        return say_count(language, key, count, name=facts["of"])
    key = "browse_library.album" if facts["of_kind"] == "album" else "browse_library.no_albums"
    return say_count(language, key, count, name=facts["of"], length=length)


def _groups_sentence(facts: Mapping[str, Any], language: Language) -> str:
    what, count = facts["what"], facts["groups_total"]
    groups = say_count(language, f"groups.{_BY[what]}", count)
    tracks = say_count(language, "groups.track", facts["total"])
    if facts["of_kind"] == "artist" and what == "albums":
        parts = [tracks, groups[:1].lower() + groups[1:], years_text(facts["years"])]
        parts += [known_name(language, "genres", genre) for genre in facts["genres"]]
        about = ", ".join(part for part in parts if part)
        return say(language, "browse_library.artist", name=facts["of"], about=about)
    if not count:
        return say(language, "browse_library.none", groups=groups, of=facts["of"])
    key = "browse_library.groups_of" if facts["of"] else "browse_library.groups"
    sentence = say(language, key, groups=groups, name=facts["of"], largest=facts["largest"])
    if count > len(facts["groups"]):
        more = say(language, "browse_library.largest_shown", count=len(facts["groups"]))
        sentence = f"{sentence} {more}"
    return sentence


def _rest_item(facts: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The line of an artist's tracks that are on no album."""
    return {
        "label": say(language, "browse_library.without_album"),
        "detail": say_count(language, "groups.track", facts["without_album"]),
        "ask": say(language, "groups.ask_artist", name=facts["of"]),
    }


browse_library = BrowseLibrary()
