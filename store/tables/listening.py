"""Tables of what people think of albums and artists, of ratings, and of what was played."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.columns import owner_column, utc_now


class TrackRating(SQLModel, table=True):
    """How many stars, 1..5, a person gives a track."""

    person_id: int = owner_column("person.id", primary=True)
    track_id: int = owner_column("track.id", primary=True)
    value: int
    created_at: datetime = Field(default_factory=utc_now)


class AlbumMark(SQLModel, table=True):
    """What a person thinks of an album: when it was liked, and 1..5 stars; None for neither."""

    person_id: int = owner_column("person.id", primary=True)
    album_id: int = owner_column("album.id", primary=True)
    liked_at: datetime | None = None
    rating: int | None = None


class ArtistMark(SQLModel, table=True):
    """What a person thinks of an artist, as in `AlbumMark`."""

    person_id: int = owner_column("person.id", primary=True)
    artist_id: int = owner_column("artist.id", primary=True)
    liked_at: datetime | None = None
    rating: int | None = None


class Play(SQLModel, table=True):
    """A track that a person played; `completed` is whether most of it was heard.

    `source` is what reported it: the name of a player, or "page".
    """

    __table_args__ = (
        Index("ix_play_person_track", "person_id", "track_id", "played_at"),
        Index("ix_play_person_time", "person_id", "played_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = owner_column("person.id", index=False)
    track_id: int = owner_column("track.id")
    played_at: datetime
    source: str
    completed: bool = True
