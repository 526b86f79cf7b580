"""Edits of a saved playlist: add tracks, remove tracks, undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from store import saved_playlists
from store.results import PlaylistDetail, TrackRow
from store.tracks import track_details
from tools.base import Rendering, ToolContext, ToolError, ToolResult
from tools.playlist.reasons import row_reasons
from tools.text.untrusted import shown
from tools.text.words import duration, say, say_count
from tools.tracks.track_facts import track_data, track_fact

Edit = Literal["added", "removed", "undone"]


def add_tracks(
    context: ToolContext, playlist_id: int, track_ids: Sequence[int], *, at: int | None = None
) -> ToolResult:
    """Add tracks, at the end or so that the first of them is at position `at` (1 is the first).

    Tracks that are in the playlist already are left out.

    Raises:
        ToolError: The playlist or every track is missing, or all of them are in it already.
    """
    before = _playlist(context, playlist_id)
    tracks = [entry.track for entry in before.entries]
    there = {track.id for track in tracks}
    new = track_details.track_rows([i for i in dict.fromkeys(track_ids) if i not in there])
    if not new:
        raise ToolError(say(context.language, "playlist.in_it", name=shown(before.name)))
    place = len(tracks) if at is None else min(max(at - 1, 0), len(tracks))
    return _changed(context, before, [*tracks[:place], *new, *tracks[place:]], "added", len(new))


def remove_entries(context: ToolContext, playlist_id: int, positions: Sequence[int]) -> ToolResult:
    """Remove the tracks at positions 1 to n; −1 is the last, −2 the one before it.

    Raises:
        ToolError: The playlist is missing, or has no such position.
    """
    before = _playlist(context, playlist_id)
    tracks = [entry.track for entry in before.entries]
    places = {place - 1 if place > 0 else len(tracks) + place for place in positions}
    if not places or not places <= set(range(len(tracks))):
        raise ToolError(
            say_count(context.language, "playlist.no_place", len(tracks), name=shown(before.name))
        )
    left = [track for place, track in enumerate(tracks) if place not in places]
    return _changed(context, before, left, "removed", len(places))


def undo(context: ToolContext, playlist_id: int) -> ToolResult:
    """Undo the last change.

    Raises:
        ToolError: The playlist is missing, or nothing was changed.
    """
    before = _playlist(context, playlist_id)
    after = saved_playlists.restore_playlist(playlist_id)
    if after is None:
        raise ToolError(say(context.language, "playlist.unchanged", name=shown(before.name)))
    return _result(after, "undone", 1)


def render(result: ToolResult, context: ToolContext) -> Rendering:
    """Return the edited playlist, and a sentence on the edit."""
    facts, language = result.facts, context.language
    sentence = say_count(
        language, f"playlist.{facts['edit']}", facts["changed"], name=facts["name"]
    )
    sentence += " " + say_count(
        language,
        "playlist.now",
        len(facts["tracks"]),
        length=duration(language, facts["duration_s"]),
    )
    data = {**facts, "tracks": [track_data(fact) for fact in facts["tracks"]]}
    return Rendering(sentence, "playlist", data)


def _playlist(context: ToolContext, playlist_id: int) -> PlaylistDetail:
    found = saved_playlists.playlist(playlist_id)
    if found is None:
        raise ToolError(say(context.language, "playlist.gone"))
    return found


def _changed(
    context: ToolContext,
    before: PlaylistDetail,
    tracks: Sequence[TrackRow],
    edit: Edit,
    count: int,
) -> ToolResult:
    reasons = row_reasons(tracks, context.language)
    entries = [(track.id, reason) for track, reason in zip(tracks, reasons, strict=True)]
    return _result(saved_playlists.change_playlist(before.id, entries), edit, count)


def _result(saved: PlaylistDetail, edit: Edit, count: int) -> ToolResult:
    facts: dict[str, Any] = {
        "playlist_id": saved.id,
        "name": shown(saved.name),
        "tracks": [track_fact(e.track, why=(e.reason,)) for e in saved.entries],
        "duration_s": round(saved.duration_s),
        "edit": edit,
        "changed": count,
    }
    return ToolResult(
        facts=facts,
        track_ids=tuple(e.track.id for e in saved.entries),
        playlist=saved.name,
        playlist_id=saved.id,
    )
