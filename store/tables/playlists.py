"""Tables of the saved playlists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column, utc_now


class Playlist(SQLModel, table=True):
    """A saved playlist and the request that made it."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    folded: str = Field(index=True)
    request: dict[str, Any] = json_column()
    created_at: datetime = Field(default_factory=utc_now, index=True)


class PlaylistEntry(SQLModel, table=True):
    """An entry of a playlist."""

    id: int | None = Field(default=None, primary_key=True)
    playlist_id: int = owner_column("playlist.id")
    track_id: int = owner_column("track.id")
    position: int
    reason: str = ""
