"""The tracks shown last as a playlist, where "this" is the result of a search."""

from __future__ import annotations

from store.playlists import playlist_writing
from store.results import PlaylistDetail
from store.tracks import track_details
from tools.base import ToolContext
from tools.playlist.candidates import FROM_SHOWN
from tools.playlist.naming import selection_name
from tools.saved_playlists.filling import entries_of


def shows_a_search(context: ToolContext) -> bool:
    """Return whether the tracks shown last are no playlist; then they are what "this" means."""
    return bool(context.shown) and context.shown_playlist_id is None


def of_shown(context: ToolContext) -> PlaylistDetail:
    """Save the tracks shown as a playlist."""
    entries = entries_of([(track_id, False) for track_id in context.shown], context.language)
    rows = track_details.track_rows([entry.track_id for entry in entries])
    return playlist_writing.save_playlist(
        selection_name(rows, context.language),
        [(entry.track_id, entry.reason) for entry in entries],
        {FROM_SHOWN: True},
        person=context.person,
    )
