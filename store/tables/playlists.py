"""Tables of the saved playlists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column, utc_now


class Playlist(SQLModel, table=True):
    """A saved playlist, the request that made it, and whose it is."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    folded: str = Field(index=True)
    request: dict[str, Any] = json_column()
    person_id: int = 1
    created_at: datetime = Field(default_factory=utc_now, index=True)


class PlaylistEntry(SQLModel, table=True):
    """An entry of a playlist; a locked one stays when the playlist is filled anew."""

    id: int | None = Field(default=None, primary_key=True)
    playlist_id: int = owner_column("playlist.id")
    track_id: int = owner_column("track.id")
    position: int
    reason: str = ""
    locked: bool = False
