"""The order of a playlist as a person arranged it."""

from __future__ import annotations

from collections.abc import Sequence

from store.playlists import playlist_writing
from store.playlists.playlist_writing import Change
from store.results import PlaylistDetail
from tools.saved_playlists.editing import arranged, slots_of
from tools.saved_playlists.filling import entries_of
from tools.text.words import Language


def arrange(
    detail: PlaylistDetail, track_ids: Sequence[int], language: Language
) -> PlaylistDetail | None:
    """Put all tracks of a playlist into another order; None where these are not its tracks."""
    slots = arranged(slots_of(detail), track_ids)
    if slots is None:
        return None
    entries = entries_of([(slot.track.id, slot.locked) for slot in slots], language)
    return playlist_writing.change_playlist(detail.id, Change(kind="move", entries=entries))
