"""Tables of the tracks, their artists, albums and covers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Float, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.tables.columns import owner_column, utc_now


class Artist(SQLModel, table=True):
    """A performer; `folded` is the name without case, accents and leading article."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    folded: str = Field(index=True)
    musicbrainz_id: str | None = None


class ArtistAlias(SQLModel, table=True):
    """A folded name under which an artist is found: the whole credit, and everyone on it.

    `sure` is false for a single word split off at "&" or a comma ("fire" of Earth, Wind & Fire).
    """

    artist_id: int = owner_column("artist.id", primary=True)
    folded: str = Field(primary_key=True, index=True)
    sure: bool = True


class CoverImage(SQLModel, table=True):
    """A picture, stored once for all tracks that contain it."""

    __tablename__: ClassVar[Any] = "cover"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    mime: str
    width: int
    height: int
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Album(SQLModel, table=True):
    """An album (`store.library.albums`).

    `edition_title` is the folded title without words of an edition; `edition_of` is the first
    edition of a later one.
    """

    id: int | None = Field(default=None, primary_key=True)
    title: str
    folded: str = Field(index=True)
    artist_id: int | None = Field(
        default=None, foreign_key="artist.id", index=True, ondelete="SET NULL"
    )
    year: int | None = None
    musicbrainz_id: str | None = None
    edition_title: str = Field(default="", index=True)
    edition_of: int | None = Field(default=None, foreign_key="album.id", ondelete="SET NULL")


class Track(SQLModel, table=True):
    """One audio file. `content_hash` is that of the audio payload, tags excluded.

    `path` is what the file system says, bytes that are not UTF-8 as surrogate escapes written as
    `\\udcXX` text by `store.paths`, so that every name fits in SQLite. Tracks of one `recording`
    sound the same (`store.library.recordings`). `kind` is None for music and else a
    `store.vocabulary.TrackKind`. A `missing` file was deleted; one that is away is still listed,
    and expected back: `away_from` is the folder that cannot be seen. A part of a file, by a cue
    sheet, lasts from `start_s` to `end_s` of it (None: to the end). `album_title`, `album_artist`
    and `compilation` are what its tags say of the album; `album_key` is the folded title.
    `text_encoding` is the code page of its tags that a person chose.
    """

    __table_args__ = (
        UniqueConstraint("path", "start_s"),
        Index("ix_track_missing_added", "missing", "added_at"),
        Index("ix_track_year", "year"),
        Index("ix_track_missing", "missing"),
        Index("ix_track_status", "missing", "duration_s", "analysed_at"),
        Index("ix_track_away", "away_from", sqlite_where=text("away_from IS NOT NULL")),
        Index("ix_track_kind", "kind", sqlite_where=text("kind IS NOT NULL")),
        Index(
            "ix_track_musicbrainz_album",
            "musicbrainz_album_id",
            sqlite_where=text("musicbrainz_album_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    path: str
    start_s: float = Field(default=0.0, sa_column=Column(Float, nullable=False, server_default="0"))
    end_s: float | None = None
    content_hash: str = Field(index=True)
    size_bytes: int
    mtime_ns: int
    duration_s: float = 0.0
    audio_format: str = ""
    sample_rate_hz: int | None = None
    channels: int | None = None
    bit_rate: int | None = None
    title: str
    folded: str = Field(index=True)
    artist_id: int | None = Field(
        default=None, foreign_key="artist.id", index=True, ondelete="SET NULL"
    )
    album_id: int | None = Field(
        default=None, foreign_key="album.id", index=True, ondelete="SET NULL"
    )
    cover_id: int | None = Field(
        default=None, foreign_key="cover.id", index=True, ondelete="SET NULL"
    )
    album_title: str | None = None
    album_key: str | None = Field(default=None, index=True)
    album_artist: str | None = None
    compilation: bool = False
    track_no: int | None = None
    disc_no: int | None = None
    year: int | None = None
    musicbrainz_id: str | None = None
    musicbrainz_album_id: str | None = None
    musicbrainz_artist_id: str | None = None
    acoustid_fingerprint: str | None = None
    recording: str | None = Field(default=None, index=True)
    kind: str | None = None
    missing: bool = False
    away_from: str | None = None
    text_encoding: str | None = None
    added_at: datetime = Field(default_factory=utc_now)
    analysed_at: datetime | None = None


class TrackMetadata(SQLModel, table=True):
    """Any other value read from a file: key, value, and where it came from."""

    __table_args__ = (
        Index("ix_trackmetadata_genre", "value", "track_id", sqlite_where=text("key = 'genre'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = owner_column("track.id")
    key: str
    value: str
    source: str


class Feedback(SQLModel, table=True):
    """What a person said of a track.

    A correction (`field` as in `store.library.corrections.values`) counts for everybody, the last
    one of a field; `predicted` is what Backbeat or the file says without it, {"bpm": 174, …}. A
    mood ("mood:relaxed", `value` "fits" or "not") is one's own; `predicted` is {"strength": 0.6}.
    """

    __table_args__ = (Index("ix_feedback_person", "person_id", "field"),)

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = owner_column("track.id")
    field: str
    value: str
    created_at: datetime = Field(default_factory=utc_now)
    person_id: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    predicted: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    features_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
