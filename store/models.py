"""The tables. `Track` is the centre; everything that belongs to it goes when it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel


def _now() -> datetime:
    return datetime.now(UTC)


def _json(*, as_list: bool = False) -> Any:
    return Field(default_factory=list if as_list else dict, sa_column=Column(JSON, nullable=False))


def _owner(target: str, *, primary: bool = False, index: bool = True) -> Any:
    """A foreign key that goes with its owner."""
    column = Column(
        Integer,
        ForeignKey(target, ondelete="CASCADE"),
        primary_key=primary,
        nullable=False,
        index=index and not primary,
    )
    return Field(sa_column=column)


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

    artist_id: int = _owner("artist.id", primary=True)
    folded: str = Field(primary_key=True, index=True)
    sure: bool = True


class Cover(SQLModel, table=True):
    """A picture, stored once however many tracks carry it."""

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    mime: str
    width: int
    height: int
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Album(SQLModel, table=True):
    """An album of one album artist."""

    __table_args__ = (UniqueConstraint("title", "artist_id"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str
    folded: str = Field(index=True)
    artist_id: int | None = Field(
        default=None, foreign_key="artist.id", index=True, ondelete="SET NULL"
    )
    year: int | None = None
    musicbrainz_id: str | None = None


class Track(SQLModel, table=True):
    """One audio file. `content_hash` is that of the audio payload, tags excluded.

    `path` is what the file system says, bytes that are not UTF-8 as surrogate escapes written as
    `\\udcXX` text by `store.paths`, so that every name fits in SQLite. Tracks of one `recording`
    sound the same (`store.recordings`).
    """

    __table_args__ = (
        Index("ix_track_missing_added", "missing", "added_at"),
        Index("ix_track_year", "year"),
        Index("ix_track_missing", "missing"),
        Index("ix_track_status", "missing", "duration_s", "analysed_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    path: str = Field(unique=True)
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
    track_no: int | None = None
    disc_no: int | None = None
    year: int | None = None
    musicbrainz_id: str | None = None
    musicbrainz_album_id: str | None = None
    musicbrainz_artist_id: str | None = None
    acoustid_fingerprint: str | None = None
    recording: str | None = Field(default=None, index=True)
    missing: bool = False
    added_at: datetime = Field(default_factory=_now)
    analysed_at: datetime | None = None


class Genre(SQLModel, table=True):
    """A genre of the taxonomy, by its canonical name."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class GenreTag(SQLModel, table=True):
    """Track ↔ genre, with weight 0..1; exactly one per track is `main`."""

    track_id: int = _owner("track.id", primary=True)
    genre_id: int = _owner("genre.id", primary=True)
    weight: float = 1.0
    main: bool = False
    source: str = ""

    __table_args__ = (
        Index("ix_genretag_genre_track", "genre_id", "track_id", "main", "weight"),
        Index("ix_genretag_main", "genre_id", "track_id", sqlite_where=text("main")),
    )


class MoodTag(SQLModel, table=True):
    """Track ↔ mood, with strength 0..1; a mood filter takes 0.5 and more."""

    track_id: int = _owner("track.id", primary=True)
    mood: str = Field(primary_key=True)
    strength: float
    source: str = "calculated"

    __table_args__ = (
        Index("ix_moodtag_mood_strength", "mood", "strength", "track_id"),
        Index(
            "ix_moodtag_mood_track",
            "mood",
            "track_id",
            "strength",
            sqlite_where=text("strength >= 0.5"),
        ),
    )


class TrackAudioFeatures(SQLModel, table=True):
    """The features that filters and lists use, one row a track."""

    track_id: int = _owner("track.id", primary=True)
    bpm: float | None = Field(default=None, index=True)
    bpm_alternative: float | None = None
    bpm_confidence: float | None = None
    key: str | None = Field(default=None, index=True)
    scale: str | None = None
    camelot_key: str | None = Field(default=None, index=True)
    key_confidence: float | None = None
    energy: float | None = Field(default=None, index=True)
    danceability: float | None = None
    instrumental: float | None = Field(default=None, index=True)
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    onset_rate_hz: float | None = None
    stability: str = "unknown"


class TrackEmbedding(SQLModel, table=True):
    """A vector of a track, as float32 little-endian: what LanceDB is rebuilt from."""

    __table_args__ = (
        UniqueConstraint("track_id", "kind", "model"),
        Index("ix_trackembedding_model", "model", "kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = _owner("track.id")
    kind: str = Field(description="audio or text")
    source: str
    model: str
    dimension: int
    version: int
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class TrackMetadata(SQLModel, table=True):
    """Any other value read from a file: key, value, and where it came from."""

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = _owner("track.id")
    key: str
    value: str
    source: str


class TrackMIRRaw(SQLModel, table=True):
    """Stage `raw`: what was measured and read."""

    track_id: int = _owner("track.id", primary=True)
    tags: list[str] = _json(as_list=True)
    source: str = "acoustid+standards+librosa"
    version: int
    features_raw: dict[str, Any] = _json()
    stage_versions: dict[str, int] = _json()


class TrackMIRNormalized(SQLModel, table=True):
    """Stage `normalized`: features on 0..1."""

    track_id: int = _owner("track.id", primary=True)
    bpm: float | None = None
    key: str | None = None
    scale: str | None = None
    camelot_key: str | None = None
    danceability: float | None = None
    mood_happy: float | None = None
    mood_aggressive: float | None = None
    mood_party: float | None = None
    mood_relaxed: float | None = None
    instrumental: float | None = None
    acoustic: float | None = None
    tonal: float | None = None
    genre_main: str | None = None
    genre_secondary: list[str] = _json(as_list=True)
    confidence_score: float = 0.0


class TrackMIRScores(SQLModel, table=True):
    """Stage `scores`."""

    track_id: int = _owner("track.id", primary=True)
    energy_score: float | None = None
    dance_score: float | None = None
    acousticness: float | None = None
    complexity_score: float | None = None
    emotional_intensity: float | None = None
    mood_valence: float | None = None


class TrackMIRSyntheticTag(SQLModel, table=True):
    """Stage `synthetic_tags`."""

    track_id: int = _owner("track.id", primary=True)
    tag: str = Field(primary_key=True)
    score: float
    category: str
    reason: str
    source: str = "calculated"


class DrumChart(SQLModel, table=True):
    """A finished chart; `folder`, `zip_file`, `picture` are relative to the charts folder."""

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = _owner("track.id")
    folder: str
    zip_file: str
    picture: str | None = None
    bpm: float
    levels: dict[str, Any] = _json()
    version: int = 1
    created_at: datetime = Field(default_factory=_now)


class ChartCorrection(SQLModel, table=True):
    """A chart of a track as a person corrected it; `file` is relative to the corrections folder.

    `start_s` is the recording time of its first bar, `automatic` how well the chart that Backbeat
    made met it: {"F": …, "KD": …}, by the version `automatic_version` of the charting.
    """

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = _owner("track.id")
    file: str
    start_s: float
    notes: int
    automatic: dict[str, Any] = _json()
    automatic_version: int
    created_at: datetime = Field(default_factory=_now)


class Playlist(SQLModel, table=True):
    """A saved playlist and the request that made it."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    folded: str = Field(index=True)
    request: dict[str, Any] = _json()
    created_at: datetime = Field(default_factory=_now, index=True)


class PlaylistEntry(SQLModel, table=True):
    """A place in a playlist."""

    id: int | None = Field(default=None, primary_key=True)
    playlist_id: int = _owner("playlist.id")
    track_id: int = _owner("track.id")
    position: int
    reason: str = ""


class Feedback(SQLModel, table=True):
    """What a person said of a track: a correction (`field`, `value`) or a liking."""

    id: int | None = Field(default=None, primary_key=True)
    track_id: int = _owner("track.id")
    field: str
    value: str
    created_at: datetime = Field(default_factory=_now)


class Job(SQLModel, table=True):
    """A piece of work: queued → running → done or failed. Lower `priority` goes first."""

    __table_args__ = (
        Index("ix_job_state_priority", "state", "priority", "id"),
        Index("ix_job_kind_state", "kind", "state"),
        Index(
            "ux_job_open",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
        ),
        Index(
            "ix_job_interrupted",
            "state",
            "priority",
            "interruptions",
            "id",
            sqlite_where=text("interruptions > 0"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(description="analyse or chart")
    key: str = Field(index=True, description="path or track: one open job a key and kind")
    state: str = "queued"
    priority: int = 100
    attempts: int = 0
    interruptions: int = Field(
        default=0,
        sa_column=Column(Integer, nullable=False, server_default="0"),
        description="how often it was cut off by something else than itself",
    )
    reason: str | None = None
    progress: float = 0.0
    step: str = ""
    track_id: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("track.id", ondelete="CASCADE"), index=True),
    )
    payload: dict[str, Any] = _json()
    result: dict[str, Any] = _json()
    worker: str | None = None
    heartbeat_at: datetime | None = None
    created_at: datetime = Field(default_factory=_now)
    finished_at: datetime | None = None


class IndexerState(SQLModel, table=True):
    """One row a named value of the indexer: heartbeat, watched folder, paused."""

    name: str = Field(primary_key=True)
    value: str
    updated_at: datetime = Field(default_factory=_now)
