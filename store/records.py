"""What the indexer hands to the store: plain frozen values, no tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The file itself. `content_hash` is that of the audio payload, tags excluded."""

    path: Path
    content_hash: str
    size_bytes: int
    mtime_ns: int
    duration_s: float = 0.0
    audio_format: str = ""
    sample_rate_hz: int | None = None
    channels: int | None = None
    bit_rate: int | None = None


@dataclass(frozen=True, slots=True)
class CoverPicture:
    """An embedded picture."""

    data: bytes
    mime: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class TagFacts:
    """What the tags say.

    Attributes:
        title: None or blank: the track is called by its file name.
        metadata: (key, value, source) of any other value worth keeping.
    """

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    track_no: int | None = None
    disc_no: int | None = None
    year: int | None = None
    musicbrainz_id: str | None = None
    musicbrainz_album_id: str | None = None
    musicbrainz_artist_id: str | None = None
    acoustid_fingerprint: str | None = None
    cover: CoverPicture | None = None
    metadata: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Embedding:
    """A vector of a track.

    Attributes:
        vector: float32 little-endian bytes, 4 × dimension long.
        kind: "audio" or "text".
        source: What made it, e.g. "musicnn".
    """

    vector: bytes
    model: str
    version: int
    kind: str = "audio"
    source: str = "musicnn"

    @property
    def dimension(self) -> int:
        """How many values the vector holds."""
        return len(self.vector) // 4


@dataclass(frozen=True, slots=True)
class GenreVote:
    """A genre with its weight 0..1; exactly one of a track is `main`."""

    name: str
    weight: float = 1.0
    main: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class AnalysisRecord:
    """What the analysis says. Every mapping's keys are column names of its table.

    Attributes:
        features: Columns of TrackAudioFeatures (bpm, bpm_alternative, camelot_key, …).
        raw: Columns of TrackMIRRaw (tags, source, version, features_raw, stage_versions).
        normalized: Columns of TrackMIRNormalized.
        scores: Columns of TrackMIRScores.
        synthetic_tags: (tag, score, category, reason).
        moods: Mood → strength 0..1.
        genres: Genres by weight.
        embeddings: None keeps the ones already stored.
    """

    features: Mapping[str, object] = field(default_factory=dict)
    raw: Mapping[str, object] = field(default_factory=dict)
    normalized: Mapping[str, object] = field(default_factory=dict)
    scores: Mapping[str, object] = field(default_factory=dict)
    synthetic_tags: tuple[tuple[str, float, str, str], ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)
    genres: tuple[GenreVote, ...] = ()
    embeddings: tuple[Embedding, ...] | None = None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """A whole track. `analysis=None` saves the file and its tags alone."""

    file: FileFacts
    tags: TagFacts = TagFacts()
    analysis: AnalysisRecord | None = None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the store knows of a file on disk."""

    size_bytes: int
    mtime_ns: int
    content_hash: str
    track_id: int
    missing: bool = False
    analysed: bool = True


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
