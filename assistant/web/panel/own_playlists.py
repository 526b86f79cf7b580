"""A person's playlists as the API gives and changes them."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException, Request

from assistant.web.session_person import person_of
from prompts import FALLBACK, Language
from store.playlists import playlist_changes, playlist_reading
from store.results import PlaylistDetail
from tools import edit_playlist
from tools.base import ToolContext, ToolError
from tools.library.away_note import away_note
from tools.saved_playlists.edit_actions import Action
from tools.text.untrusted import shown
from tools.tracks.track_facts import track_data, track_fact


def own_playlist(request: Request, playlist_id: int, *, deleted: bool = False) -> PlaylistDetail:
    """Return a playlist of the person; raise 404 for one of somebody else."""
    found = playlist_reading.playlist(playlist_id, deleted=deleted)
    if found is None or found.person != person_of(request):
        raise HTTPException(404, "There is no such playlist.")
    return found


def playlist_context(request: Request, playlist_id: int, language: str) -> ToolContext:
    """Return the context of an edit of a playlist."""
    return ToolContext(language=language, person=person_of(request), playlist_id=playlist_id)


def edited_playlist(
    request: Request, playlist_id: int, language: str, action: Action, **arguments: Any
) -> dict[str, Any]:
    """Change a playlist as the conversation does; return it with the sentence said there."""
    own_playlist(request, playlist_id, deleted=action == "undo")
    context = playlist_context(request, playlist_id, language)
    try:
        result = edit_playlist.run(edit_playlist.arguments(action=action, **arguments), context)
    except ToolError as error:
        raise HTTPException(409, str(error)) from error
    said = {"said": edit_playlist.render(result, context).sentence}
    now = playlist_reading.playlist(playlist_id)
    return said if now is None else {**shown_playlist(now, language), **said}


def shown_playlist(detail: PlaylistDetail, language: Language = FALLBACK) -> dict[str, Any]:
    """Return a playlist as the API gives it."""
    return {
        "away": away_note(language, [entry.track.id for entry in detail.entries]),
        "id": detail.id,
        "name": shown(detail.name),
        "duration_s": detail.duration_s,
        "request": dict(detail.request),
        "undo": playlist_changes.last_change(detail.id),
        "entries": [
            {
                "position": entry.position,
                "reason": entry.reason,
                "locked": entry.locked,
                "track": track_data(track_fact(entry.track)),
            }
            for entry in detail.entries
        ],
    }
