"""Tables of the saved playlists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column, utc_now


class Playlist(SQLModel, table=True):
    """A saved playlist, the request that made it, and whose it is.

    A deleted one keeps its row for a while, so that it can be brought back. `refreshed_at` is when
    its tracks were last chosen, by it or its first request.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    folded: str = Field(index=True)
    request: dict[str, Any] = json_column()
    person_id: int = 1
    created_at: datetime = Field(default_factory=utc_now, index=True)
    refreshed_at: datetime | None = None
    deleted_at: datetime | None = None


class PlaylistEntry(SQLModel, table=True):
    """An entry of a playlist; a locked one stays when the playlist is filled anew."""

    id: int | None = Field(default=None, primary_key=True)
    playlist_id: int = owner_column("playlist.id")
    track_id: int = owner_column("track.id")
    position: int
    reason: str = ""
    locked: bool = False


class PlaylistVersion(SQLModel, table=True):
    """A playlist as it was before a change of `kind`; `entries` are [track id, reason, locked]."""

    id: int | None = Field(default=None, primary_key=True)
    playlist_id: int = owner_column("playlist.id")
    kind: str
    name: str
    request: dict[str, Any] = json_column()
    entries: list[Any] = json_column(as_list=True)
    created_at: datetime = Field(default_factory=utc_now)
