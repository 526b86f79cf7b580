"""Conversion of analysis results to store records; the only module that knows both types."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from indexer.files.audio.audio_types import AudioInfo
from indexer.files.tags.cover import EmbeddedCover
from indexer.files.tags.tag_reading import FileTags
from indexer.ingest.pipeline import AudioFacts
from indexer.ingest.raw_features import raw_from_json, raw_to_json
from indexer.mir.provenance import raw_source
from indexer.mir.tags.embed import EMBEDDING_NAME, EMBEDDING_VERSION
from indexer.mir.types import MirResult, RawFeatures
from store.library import stored_analysis
from store.records import (
    AnalysisRecord,
    AudioFeatures,
    CoverPicture,
    Embedding,
    FileFacts,
    NormalizedStage,
    RawStage,
    ScoresStage,
    SyntheticTagRecord,
    TagFacts,
    TrackGenre,
)
from store.tracks.text_encodings import REPAIRED

TAGS_SOURCE: Final = "tags"
COMPILATION_NAMES: Final = ("compilation", "tcmp", "itunescompilation", "wmiscompilation")
"""Plain names of the flag of Vorbis and MP4, ID3, APEv2 and ASF."""


def file_facts(
    path: Path, status: os.stat_result, content_hash: str, audio: AudioFacts | AudioInfo
) -> FileFacts:
    """Return the facts of a file."""
    return FileFacts(
        path=path,
        content_hash=content_hash,
        size_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        duration_s=audio.duration_s or 0.0,
        audio_format=audio.container,
        sample_rate_hz=audio.sample_rate,
        channels=audio.channels,
        bit_rate=audio.bit_rate,
    )


def tag_facts(tags: FileTags, cover: EmbeddedCover | None) -> TagFacts:
    """What the tags say, with the cover."""
    return TagFacts(
        title=tags.title,
        artist=tags.artist,
        artists=tags.artists if len(tags.artists) > 1 else (),
        album=tags.album,
        album_artist=tags.album_artist,
        compilation=_flagged(tags),
        track_no=tags.track_no,
        disc_no=tags.disc_no,
        year=tags.year,
        musicbrainz_id=tags.musicbrainz_recording_id,
        musicbrainz_album_id=tags.musicbrainz_album_id,
        musicbrainz_artist_id=tags.musicbrainz_artist_id,
        acoustid_fingerprint=tags.acoustid_fingerprint,
        cover=CoverPicture(cover.data, cover.mime, cover.width, cover.height) if cover else None,
        metadata=tuple(_metadata(tags)),
    )


def _flagged(tags: FileTags) -> bool:
    """Whether a tag of a compilation is set; programs write several names and values."""
    values = (value for name in COMPILATION_NAMES for value in tags.extra.get(name, ()))
    return any(value.strip().lower() in ("1", "true", "yes") for value in values)


def _metadata(tags: FileTags) -> list[tuple[str, str, str]]:
    found = [("genre", genre) for genre in tags.genres]
    found += [("mood", mood) for mood in tags.moods]
    single = {
        "comment": tags.comment,
        "edition_year": tags.edition_year if tags.edition_year != tags.year else None,
        "bpm": tags.bpm,
        "key": " ".join(tags.key) if tags.key else None,
        "energy": tags.energy,
        "replaygain_track_gain_db": tags.replaygain_track_gain_db,
        "replaygain_track_peak": tags.replaygain_track_peak,
        "acoustid_id": tags.acoustid_id,
        **tags.estimates,
    }
    found += [(name, str(value)) for name, value in single.items() if value is not None]
    found += [(name, value) for name, values in tags.extra.items() for value in values]
    repaired = [
        (one.name, _visible(one.original), f"{REPAIRED}{one.codec}") for one in tags.repaired
    ]
    return [(name, value, TAGS_SOURCE) for name, value in found] + repaired


def _visible(text: str) -> str:
    """Text with its control characters as numbers ("\\x92"), which a store does not keep."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def analysis_record(
    mir: MirResult, versions: Mapping[str, int], *, keep_embedding: bool = False
) -> AnalysisRecord:
    """Return the record of an analysis.

    Args:
        mir: Results of the stages.
        versions: Stage → version, see `indexer.ingest.rederive.stage_versions`.
        keep_embedding: Keep the stored vector: the audio was not analysed again.
    """
    return AnalysisRecord(
        features=_features(mir),
        raw=RawStage(
            tags=tuple(mir.raw.tags),
            source=raw_source(mir.raw),
            version=mir.raw.version,
            features_raw=raw_to_json(mir.raw),
            stage_versions=dict(versions),
        ),
        normalized=NormalizedStage(**dataclasses.asdict(mir.normalized)),
        scores=ScoresStage(**dataclasses.asdict(mir.scores)),
        synthetic_tags=tuple(
            SyntheticTagRecord(tag.tag, tag.score, tag.category, tag.reason)
            for tag in mir.synthetic_tags
        ),
        moods=mir.moods,
        genres=_genres(mir),
        embeddings=None if keep_embedding else _embeddings(mir),
        kind=mir.kind,
    )


def _features(mir: MirResult) -> AudioFeatures:
    raw, normalized, measured = mir.raw, mir.normalized, mir.raw.measured
    loudness = AudioFeatures(
        loudness_lufs=measured.get("loudness_lufs"), true_peak_dbtp=measured.get("true_peak_dbtp")
    )
    tempo = mir.tempo
    if tempo is None:
        return loudness
    return dataclasses.replace(
        loudness,
        bpm=normalized.bpm,
        bpm_alternative=tempo.alternative,
        bpm_confidence=tempo.confidence,
        key=normalized.key,
        scale=normalized.scale,
        camelot_key=normalized.camelot_key,
        key_confidence=raw.key.confidence if raw.key else None,
        energy=mir.scores.energy_score,
        danceability=normalized.danceability,
        instrumental=normalized.instrumental,
        onset_rate_hz=measured.get("onset_rate_hz"),
        stability=raw.tempo.stability,
    )


def _genres(mir: MirResult) -> tuple[TrackGenre, ...]:
    normalized = mir.normalized
    shares = zip(normalized.genre_secondary, mir.genre_shares, strict=True)
    others = tuple(TrackGenre(name, share) for name, share in shares)
    if normalized.genre_main is None:
        return others
    return (TrackGenre(normalized.genre_main, normalized.confidence_score, main=True), *others)


def _embeddings(mir: MirResult) -> tuple[Embedding, ...]:
    if not mir.embedding:
        return ()
    vector = np.asarray(mir.embedding, dtype="<f4").tobytes()
    return (Embedding(vector, model=EMBEDDING_NAME, version=EMBEDDING_VERSION),)


def stored_raw(track_id: int) -> tuple[RawFeatures, Mapping[str, int]] | None:
    """Return the stored raw features of a track, with the versions of their stages."""
    stored = stored_analysis.read_raw_stage(track_id)
    if stored is None:
        return None
    raw = raw_from_json(stored.features_raw, tags=stored.tags, version=stored.version)
    return None if raw is None else (raw, stored.stage_versions)
