"""Records that the indexer passes to the store: frozen values without tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store.vocabulary import MUSIC, POSTED_SOURCE, TrackKind


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Facts of a file. `content_hash` is that of the audio payload, tags excluded.

    Attributes:
        start_s: Where the track begins in the file.
        end_s: Where it ends; None for the end of the file.
    """

    path: Path
    content_hash: str
    size_bytes: int
    mtime_ns: int
    duration_s: float = 0.0
    audio_format: str = ""
    sample_rate_hz: int | None = None
    channels: int | None = None
    bit_rate: int | None = None
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class CoverPicture:
    """An embedded picture."""

    data: bytes
    mime: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class TagFacts:
    """Tags read from one file.

    Attributes:
        title: None or blank: the track is called by its file name.
        artists: The names of `artist` that the tags name apart.
        compilation: Whether the tags say that the album is of various artists.
        metadata: (key, value, source) of every other value.
    """

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    compilation: bool = False
    track_no: int | None = None
    disc_no: int | None = None
    year: int | None = None
    musicbrainz_id: str | None = None
    musicbrainz_album_id: str | None = None
    musicbrainz_artist_id: str | None = None
    acoustid_fingerprint: str | None = None
    cover: CoverPicture | None = None
    artists: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Embedding:
    """A vector of a track.

    Attributes:
        vector: float32 little-endian bytes, 4 × dimension long.
        kind: "audio" or "text".
        source: Program that computed it, e.g. "musicnn".
    """

    vector: bytes
    model: str
    version: int
    kind: str = "audio"
    source: str = "musicnn"

    @property
    def dimension(self) -> int:
        """Number of values of the vector."""
        return len(self.vector) // 4


@dataclass(frozen=True, slots=True)
class TrackGenre:
    """A genre of a track with its weight 0..1; at most one of a track is `main`."""

    name: str
    weight: float = 1.0
    main: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """Values that filters and lists use: the columns of TrackAudioFeatures.

    Attributes:
        bpm: Beats a minute, as `bpm_alternative`.
        key: Tonic as a sharp name ("C#").
        scale: "major" or "minor".
        energy: 0..1, as `danceability`, `instrumental` and the confidences.
        stability: See `store.track_structure.TempoStability`.
    """

    bpm: float | None = None
    bpm_alternative: float | None = None
    bpm_confidence: float | None = None
    key: str | None = None
    scale: str | None = None
    camelot_key: str | None = None
    key_confidence: float | None = None
    energy: float | None = None
    danceability: float | None = None
    instrumental: float | None = None
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    onset_rate_hz: float | None = None
    stability: str = "unknown"


@dataclass(frozen=True, slots=True)
class RawStage:
    """Measured values and tags: the columns of TrackMIRRaw.

    Attributes:
        features_raw: What later stages are computed from, as JSON.
        stage_versions: Stage → version.
    """

    tags: tuple[str, ...] = ()
    source: str = POSTED_SOURCE
    version: int = 0
    features_raw: Mapping[str, Any] = field(default_factory=dict)
    stage_versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NormalizedStage:
    """Features on 0..1, but `bpm` in beats a minute: the columns of TrackMIRNormalized."""

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
    genre_secondary: tuple[str, ...] = ()
    confidence_score: float = 0.0


@dataclass(frozen=True, slots=True)
class ScoresStage:
    """Combined scores 0..1, `mood_valence` −1..1: the columns of TrackMIRScores."""

    energy_score: float | None = None
    dance_score: float | None = None
    acousticness: float | None = None
    complexity_score: float | None = None
    emotional_intensity: float | None = None
    mood_valence: float | None = None


@dataclass(frozen=True, slots=True)
class SyntheticTagRecord:
    """A tag derived from the scores, with its strength 0..1."""

    tag: str
    score: float
    category: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnalysisRecord:
    """The stages of an analysis.

    Attributes:
        moods: Mood → strength 0..1.
        genres: Genres by weight.
        embeddings: None keeps the stored ones.
        kind: What the track is: a `store.vocabulary.TrackKind`.
    """

    features: AudioFeatures = AudioFeatures()
    raw: RawStage = RawStage()
    normalized: NormalizedStage = NormalizedStage()
    scores: ScoresStage = ScoresStage()
    synthetic_tags: tuple[SyntheticTagRecord, ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)
    genres: tuple[TrackGenre, ...] = ()
    embeddings: tuple[Embedding, ...] | None = None
    kind: TrackKind = MUSIC


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """A whole track. `analysis=None` saves the file and its tags alone."""

    file: FileFacts
    tags: TagFacts = TagFacts()
    analysis: AnalysisRecord | None = None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of a stored track.

    Attributes:
        away_from: Its folder that cannot be seen.
        others: Further tracks that are parts of the file, by a cue sheet.
    """

    size_bytes: int
    mtime_ns: int
    content_hash: str
    track_id: int
    missing: bool = False
    analysed: bool = True
    away_from: str | None = None
    duration_s: float = 0.0
    others: tuple[int, ...] = ()

    @property
    def track_ids(self) -> tuple[int, ...]:
        """All tracks of the file."""
        return (self.track_id, *self.others)


@dataclass(frozen=True, slots=True)
class ChartRecord:
    """A finished drum chart; paths are relative to the charts folder.

    Attributes:
        version: Number of the drum code.
        chart_version: Version of the drum code and its networks.
    """

    track_id: int
    folder: str
    zip_file: str
    bpm: float
    levels: Mapping[str, Mapping[str, object]]
    picture: str | None = None
    version: int = 1
    chart_version: str | None = None
