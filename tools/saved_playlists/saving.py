"""Saving a playlist that was made: as a new one, or in place of the one that the person changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from store.playlists import playlist_reading, playlist_versions, playlist_writing
from store.playlists.playlist_writing import Change, NameTakenError
from store.playlists.refresh_times import REFRESH
from store.results import PlaylistDetail
from tools.base import ToolContext, ToolResult, TrackQuery
from tools.playlist.candidates import FROM_SHOWN, query_of
from tools.playlist.composing import SORTED_ALONE
from tools.playlist.naming import playlist_name
from tools.playlist.reasons import tempo_jumps
from tools.saved_playlists.filling import around_kept, entries_of
from tools.text.untrusted import shown
from tools.tracks.track_facts import track_fact

ASKED_ANEW: Final = "query"
"""Kind of the change that a changed request makes."""
_NUMBERED: Final = re.compile(r" \d+")


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a playlist whose request changes.

    Attributes:
        slots: Index → (track, locked) of the tracks that the person locked or added.
        removed: Tracks that the person took out.
        duration_s: Of the tracks that stay.
    """

    slots: Mapping[int, tuple[int, bool]] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()
    duration_s: float = 0.0

    @property
    def taken(self) -> frozenset[int]:
        """Tracks that are not chosen: they stay anyway, or are not wanted."""
        return self.removed | {track_id for track_id, _ in self.slots.values()}


def changed_playlist(context: ToolContext) -> PlaylistDetail | None:
    """Return the playlist that a changed request is about; None where a new one is made."""
    number = context.changes_playlist_id
    found = None if number is None else playlist_reading.playlist(number)
    return found if found and found.person == context.person else None


def kept(playlist: PlaylistDetail | None) -> Kept:
    """Return what stays of a playlist: its locked tracks, and what was changed by hand."""
    if playlist is None:
        return Kept()
    chosen = playlist_versions.chosen_tracks(playlist.id, but=ASKED_ANEW)
    there = [entry.track.id for entry in playlist.entries]
    chosen = there if chosen is None else chosen
    staying = {
        at: entry
        for at, entry in enumerate(playlist.entries)
        if entry.locked or entry.track.id not in chosen
    }
    return Kept(
        {at: (entry.track.id, entry.locked) for at, entry in staying.items()},
        frozenset(chosen) - frozenset(there),
        sum(entry.track.duration_s for entry in staying.values()),
    )


def saved(
    arguments: TrackQuery,
    name: str,
    places: Sequence[tuple[int, str]],
    context: ToolContext,
    *,
    seed: int | None = None,
    path: Mapping[str, str] | None = None,
    taken: Mapping[str, Any] | None = None,
) -> ToolResult:
    """Save (track id, reason) in this order, and return the facts of the playlist."""
    request = arguments.model_dump(exclude_defaults=True)
    if seed is not None:
        request["seed"] = seed
    if context.from_shown:
        request[FROM_SHOWN] = True
    if REFRESH in request:
        request["language"] = context.language
    before = changed_playlist(context)
    if before is None:
        playlist = playlist_writing.save_playlist(name, places, request, person=context.person)
    else:
        playlist = _changed(before, name, places, request, context)
    jumps = tempo_jumps([entry.track for entry in playlist.entries])
    minutes = request.get("duration_min")
    facts: dict[str, Any] = {
        "playlist_id": playlist.id,
        "name": shown(playlist.name),
        "tracks": [
            {**track_fact(e.track, why=(e.reason,)), "locked": e.locked} for e in playlist.entries
        ],
        "duration_s": round(playlist.duration_s),
        "asked_s": None if minutes is None else minutes * 60,
        "asked_count": arguments.limit,
        "arc": request.get("arc"),
        "harmonic": request.get("harmonic", True),
        "path": dict(path or {}),
        "seed": seed,
        "jumps": jumps.count,
        "flows": jumps.known and not jumps.count,
        "sorted": arguments.sort in SORTED_ALONE,
        "refresh": request.get(REFRESH, "never"),
        **({"edit": ASKED_ANEW} if before else {}),
        **(taken or {}),
    }
    return ToolResult(
        facts=facts,
        track_ids=tuple(e.track.id for e in playlist.entries),
        playlist=playlist.name,
        playlist_id=playlist.id,
    )


def _changed(
    before: PlaylistDetail,
    name: str,
    places: Sequence[tuple[int, str]],
    request: Mapping[str, Any],
    context: ToolContext,
) -> PlaylistDetail:
    """The playlist with other tracks; a name that was made of the request changes with it."""
    slots = around_kept([track_id for track_id, _ in places], kept(before).slots)
    change = Change(
        kind=ASKED_ANEW,
        entries=entries_of(slots, context.language),
        request=request,
        refreshed=True,
        name=name if "name" in request or _automatic(before, context) else None,
    )
    try:
        return playlist_writing.change_playlist(before.id, change)
    except NameTakenError:
        unnamed = Change(kind=change.kind, entries=change.entries, request=request, refreshed=True)
        return playlist_writing.change_playlist(before.id, unnamed)


def _automatic(playlist: PlaylistDetail, context: ToolContext) -> bool:
    if "name" in playlist.request:
        return False
    arc = playlist.request.get("arc")
    made = playlist_name(
        query_of(playlist.request), language=context.language, arc=str(arc) if arc else None
    )
    rest = playlist.name.removeprefix(made)
    return playlist.name.startswith(made) and (not rest or bool(_NUMBERED.fullmatch(rest)))
