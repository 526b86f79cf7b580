"""The saved playlists of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from store.playlists import playlist_reading
from store.playlists.refresh_times import due_playlists
from tools.base import Arguments, Rendering, ToolContext, ToolResult
from tools.saved_playlists.filling import opened
from tools.text.untrusted import shown
from tools.text.words import Language, duration, say, say_count


class ListPlaylistsArguments(Arguments):
    """Nothing to say."""


class ListPlaylists:
    """Names, tracks, lengths and dates, the newest first."""

    name = "list_playlists"
    description = "List the saved playlists: names, number of tracks, lengths, when they were made."
    arguments = ListPlaylistsArguments

    def run(self, arguments: ListPlaylistsArguments, context: ToolContext) -> ToolResult:
        """Fill anew those that are due, and list all."""
        for playlist_id in due_playlists(person=context.person):
            if detail := playlist_reading.playlist(playlist_id):
                opened(detail, context)
        facts: list[dict[str, Any]] = [
            {
                "playlist_id": each.id,
                "name": shown(each.name),
                "tracks": each.tracks,
                "duration_s": round(each.duration_s),
                "made": each.created_at.astimezone().date().isoformat(),
            }
            for each in playlist_reading.playlists(person=context.person)
        ]
        return ToolResult(facts={"playlists": facts})

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """A list to click: a click plays the playlist."""
        language, playlists = context.language, result.facts["playlists"]
        if not playlists:
            return Rendering(say(language, "playlists.none"), "text", {"playlists": []})
        items = [
            {
                "label": each["name"],
                "detail": _detail(each, language),
                "ask": say(language, "list_playlists.ask", name=each["name"]),
            }
            for each in playlists
        ]
        sentence = say_count(language, "list_playlists.found", len(playlists))
        title = say(language, "list_playlists.title")
        data = {**result.facts, "title": title, "items": items}
        return Rendering(sentence, "list", data)


def _detail(fact: dict[str, Any], language: Language) -> str:
    made = date.fromisoformat(fact["made"])
    parts = [
        say_count(language, "list_playlists.tracks", fact["tracks"]),
        duration(language, fact["duration_s"]),
        say(language, "list_playlists.made", day=made.day, month=made.month, year=made.year),
    ]
    return " · ".join(parts)


list_playlists = ListPlaylists()
