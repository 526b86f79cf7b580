"""Replies about playlists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from assistant.web.contract.shapes import Reply, TrackReply


class CoverReply(Reply):
    """A track whose cover pictures a playlist."""

    id: int
    title: str
    cover_url: str | None


class ListedPlaylist(Reply):
    """A playlist in a list of them, with its first tracks."""

    id: int
    name: str
    tracks: int
    duration_s: float
    created_at: datetime
    covers: list[CoverReply]


class PlaylistEntryReply(Reply):
    """A track in a playlist; `reason` says why it is there, a locked one keeps its place."""

    position: int
    reason: str
    locked: bool
    track: TrackReply


class PlaylistReply(Reply):
    """A playlist in its order; `request` made it, `undo` is the change that can be taken back."""

    id: int
    name: str
    duration_s: float
    request: dict[str, Any]
    undo: str | None
    away: str = Field(description="A sentence on the tracks that are away; may be empty")
    entries: list[PlaylistEntryReply]


class ChangedPlaylist(Reply):
    """A playlist after a change, with a sentence on it; one that was deleted is only spoken of."""

    said: str = ""
    id: int | None = None
    name: str | None = None
    duration_s: float | None = None
    request: dict[str, Any] | None = None
    undo: str | None = None
    away: str | None = None
    entries: list[PlaylistEntryReply] | None = None


class ImportedPlaylist(PlaylistReply):
    """A playlist made from a file; `missing` are its entries that the library does not have."""

    matched: int
    missing: list[str]


class ChartOfTrack(Reply):
    """How far the drum chart of a track of a playlist is."""

    state: str
    progress: float | None = None
    url: str | None = None
    reason: str | None = None


class PlaylistCharts(Reply):
    """How far the drum charts of a playlist are; `tracks` is track id → its chart."""

    tracks: dict[int, ChartOfTrack]
    total: int
    done: int
    open: int
    failed: int
    indexer_alive: bool


class ChangesMark(Reply):
    """A mark that is another one after each change."""

    mark: str = Field(description="To be compared, nothing else")
