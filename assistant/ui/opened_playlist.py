"""A playlist that was opened on the page becomes the one that the conversation is about."""

from __future__ import annotations

from prompts import load
from store.search.query import Name
from tools.base import Arguments, Rendering, ToolContext, ToolResult
from tools.saved_playlists.edit_actions import entry_fact
from tools.saved_playlists.finding import find_playlist
from tools.text.untrusted import shown
from tools.text.words import duration
from tools.tracks.track_facts import track_data


class OpenedPlaylistArguments(Arguments):
    """Which playlist."""

    playlist: Name


class OpenedPlaylist:
    """Show a playlist: for a button of the page, not for models."""

    name = "opened_playlist"
    description = "Show a saved playlist."
    arguments = OpenedPlaylistArguments

    def run(self, arguments: OpenedPlaylistArguments, context: ToolContext) -> ToolResult:
        """Return the playlist with its tracks."""
        found = find_playlist(arguments.playlist, context)
        facts = {
            "playlist_id": found.id,
            "name": shown(found.name),
            "tracks": [entry_fact(entry) for entry in found.entries],
            "duration_s": round(found.duration_s),
        }
        ids = tuple(entry.track.id for entry in found.entries)
        return ToolResult(facts=facts, track_ids=ids, playlist=found.name, playlist_id=found.id)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The playlist, with a sentence on what can be said now."""
        facts, language = result.facts, context.language
        length = duration(language, facts["duration_s"])
        sentence = load("panel", language)["opened"].format(name=facts["name"], length=length)
        data = {**facts, "tracks": [track_data(fact) for fact in facts["tracks"]]}
        return Rendering(sentence, "playlist", data)


opened_playlist = OpenedPlaylist()
