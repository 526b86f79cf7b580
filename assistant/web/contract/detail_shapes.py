"""Replies about one track."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assistant.web.contract.shapes import Reply
from store.library.exchange_format import (
    NormalizedExchange,
    RawExchange,
    ScoresExchange,
    SyntheticTagExchange,
)


class DetailRow(Reply):
    """A track as lists show it."""

    id: int
    title: str
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float
    bpm: float | None
    bpm_alternative: float | None
    camelot: str | None
    genre: str | None
    moods: list[str]
    energy: float | None
    has_cover: bool
    chart_count: int
    recording: str | None = Field(description="Tracks with the same one sound the same")
    audio_format: str
    bit_rate: int | None


class Structure(Reply):
    """Metre, tempo stability, and the keys of a track that changes its key, each from a time on."""

    beats_per_bar: int | None
    meter_confidence: float
    first_downbeat_s: float | None
    stability: Literal["constant", "drifting", "changing", "unknown"]
    key_sections: list[tuple[float, str]]


class TrackDetails(Reply):
    """Everything known of a track, but where its file is.

    `synthetic_tags` are tag, score 0..1, category and reason; `charts` ids of drum charts.
    """

    row: DetailRow
    audio_format: str
    key: str | None
    scale: str | None
    bpm_confidence: float | None
    genres: list[str]
    normalized: dict[str, Any]
    scores: dict[str, float | None]
    synthetic_tags: list[tuple[str, float, str, str]]
    moods: dict[str, float]
    source: str
    charts: list[int]
    structure: Structure


class LyricsLineReply(Reply):
    """A line, with the time at which it is sung where the file tells."""

    time_s: float | None
    text: str


class Lyrics(Reply):
    """The lyrics; no lines where there are none."""

    lines: list[LyricsLineReply]


class Features(Reply):
    """The measured values that filters and lists use; null where nothing was measured."""

    track_id: int
    bpm: float | None
    bpm_alternative: float | None
    bpm_confidence: float | None
    key: str | None
    scale: str | None
    camelot_key: str | None
    key_confidence: float | None
    energy: float | None
    danceability: float | None
    instrumental: float | None
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    onset_rate_hz: float | None
    stability: str


class Vector(Reply):
    """A vector in which tracks that sound alike are near; `values` only where asked for."""

    kind: str
    source: str
    model: str
    version: int
    dimension: int
    values: list[float] | None


class VectorsReply(Reply):
    """The vectors of a track; none before it was analysed."""

    track_id: int
    embeddings: list[Vector]


class MetadataEntry(Reply):
    """A value of the file's tags, and where it came from."""

    key: str
    value: str
    source: str


class FileReply(Reply):
    """What is known of the file but where it is."""

    size_bytes: int
    duration_s: float
    audio_format: str
    sample_rate_hz: int | None
    channels: int | None
    bit_rate: int | None
    track_no: int | None
    disc_no: int | None
    year: int | None
    musicbrainz_id: str | None
    musicbrainz_album_id: str | None
    musicbrainz_artist_id: str | None
    acoustid_fingerprint: str | None
    content_hash: str


class Metadata(Reply):
    """The file and its tags."""

    track_id: int
    file: FileReply
    metadata: list[MetadataEntry]


class SummaryContext(Reply):
    """What a conversation needs of a track; `mood` is its clearest mood, null without one."""

    genre: str | None
    mood: str | None
    energy: float | None
    danceability: float | None
    bpm: int | None
    key: str | None
    synthetic_tags: list[str]
    source: str


class MirSummary(Reply):
    """A track in one sentence, and what to ask for next."""

    track_id: int
    summary: str
    context: SummaryContext
    search_suggestions: list[str]


class StoredMir(Reply):
    """An analysis in the exchange format; a stage is null where there is none."""

    raw: RawExchange | None
    normalized: NormalizedExchange | None
    scores: ScoresExchange | None
    synthetic_tags: list[SyntheticTagExchange]


class MirStored(Reply):
    """An analysis was taken over."""

    success: Literal[True] = True
    track_id: int
