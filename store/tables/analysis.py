"""Tables of the analysis: one row a track and stage, with genres, moods and vectors."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.tables.columns import json_column, owner_column
from store.vocabulary import POSTED_SOURCE

COUNTED_SHARE: Final = 0.5
"""A genre that is not the main one counts in searches and counts from this share of its votes on:
below it is a trace, such as the jazz in a rock song with a brass section."""
BPM_UNSURE: Final = "bpm_confidence < 0.8"
"""Of a tempo whose half or double may be meant: a search for that finds the track too."""
GENRE_COUNTS: Final = f"main OR weight >= {COUNTED_SHARE}"


class Genre(SQLModel, table=True):
    """A genre of the taxonomy, by its canonical name."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class GenreTag(SQLModel, table=True):
    """Track ↔ genre; one of a track is `main`, none where it is mixed.

    `weight` is 0..1: of the main genre the confidence of the analysis, of another its share of the
    votes relative to the main one.
    """

    track_id: int = owner_column("track.id", primary=True)
    genre_id: int = owner_column("genre.id", primary=True)
    weight: float = 1.0
    main: bool = False
    source: str = ""

    __table_args__ = (
        Index("ix_genretag_genre_track", "genre_id", "track_id", "main", "weight"),
        Index(
            "ix_genretag_counted",
            "genre_id",
            "track_id",
            "main",
            "weight",
            sqlite_where=text(GENRE_COUNTS),
        ),
    )


class MoodTag(SQLModel, table=True):
    """Track ↔ mood, with strength 0..1; a mood filter takes 0.5 and more.

    `calculated` is the strength without learning, where the mood model gave another one.
    """

    track_id: int = owner_column("track.id", primary=True)
    mood: str = Field(primary_key=True)
    strength: float
    source: str = "calculated"
    calculated: float | None = None

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

    __table_args__ = (
        Index("ix_features_other_bpm", "bpm_alternative", sqlite_where=text(BPM_UNSURE)),
    )

    track_id: int = owner_column("track.id", primary=True)
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
    track_id: int = owner_column("track.id")
    kind: str = Field(description="audio or text")
    source: str
    model: str
    dimension: int
    version: int
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class TrackMIRRaw(SQLModel, table=True):
    """Stage `raw`: what was measured and read."""

    track_id: int = owner_column("track.id", primary=True)
    tags: list[str] = json_column(as_list=True)
    source: str = POSTED_SOURCE
    version: int
    features_raw: dict[str, Any] = json_column()
    stage_versions: dict[str, int] = json_column()


class TrackMIRNormalized(SQLModel, table=True):
    """Stage `normalized`: features on 0..1."""

    track_id: int = owner_column("track.id", primary=True)
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
    genre_secondary: list[str] = json_column(as_list=True)
    confidence_score: float = 0.0


class TrackMIRScores(SQLModel, table=True):
    """Stage `scores`."""

    track_id: int = owner_column("track.id", primary=True)
    energy_score: float | None = None
    dance_score: float | None = None
    acousticness: float | None = None
    complexity_score: float | None = None
    emotional_intensity: float | None = None
    mood_valence: float | None = None


class TrackMIRSyntheticTag(SQLModel, table=True):
    """Stage `synthetic_tags`."""

    track_id: int = owner_column("track.id", primary=True)
    tag: str = Field(primary_key=True)
    score: float
    category: str
    reason: str
    source: str = "calculated"
