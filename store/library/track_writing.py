"""Tracks as the indexer writes them: file facts, tags and analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col

from store.database.db import rows, write
from store.database.expressions import has_track
from store.folding import fold
from store.library import catalogue, recordings
from store.library.albums.album_titles import album_key
from store.library.albums.regrouping import regroup
from store.library.analysis_writing import replace_analysis
from store.library.corrections.correcting import reapply
from store.library.corrections.values import TEXT_FIELDS
from store.library.track_texts import delete_text_vectors
from store.paths import encode_path, shown_path
from store.records import AnalysisRecord, FileFacts, TagFacts, TrackRecord
from store.results import StoreError
from store.stored_values import clean
from store.tables.tracks import Track, TrackMetadata


def save_track(record: TrackRecord) -> int:
    """Add the track at its path, or replace all its values; return its id.

    Id, date added, playlists, charts and feedback stay. Without `analysis` the stored one stays.
    """
    with write() as session:
        track_id = _save_row(session, record.file, record.tags)
        if record.analysis is not None:
            replace_analysis(session, track_id, record.analysis)
            recordings.assign(session, track_id)
        return track_id


def save_analysis(track_id: int, analysis: AnalysisRecord) -> None:
    """Replace the analysis of a stored track."""
    with write() as session:
        require(session, track_id)
        replace_analysis(session, track_id, analysis)
        recordings.assign(session, track_id)


def retag_track(
    track_id: int, file: FileFacts, tags: TagFacts, *, analysis: AnalysisRecord | None = None
) -> None:
    """Replace the file facts and tags of a track whose audio is unchanged.

    With `analysis` (recomputed from the stored raw values and the new tags) that is replaced too;
    its `embeddings=None` keeps the vectors.
    """
    with write() as session:
        require(session, track_id)
        moved = update(Track).where(col(Track.id) == track_id)
        rows(session, moved.values(path=encode_path(file.path)))
        _save_row(session, file, tags)
        if analysis is not None:
            replace_analysis(session, track_id, analysis)


def remove_track(track_id: int) -> None:
    """Delete a track and all that belongs to it."""
    with write() as session:
        found = rows(session, select(col(Track.path)).where(col(Track.id) == track_id))
        if found:
            former = catalogue.references(session, found[0].path)
            rows(session, delete(Track).where(col(Track.id) == track_id))
            regroup(session, (former.album_key,))
            catalogue.delete_unused(session, former)


def require(session: Session, track_id: int) -> None:
    """Raise StoreError unless there is such a track."""
    if not has_track(session, track_id):
        raise StoreError(f"There is no track {track_id} in the library.")


def title_of(path: Path, tags: TagFacts) -> str:
    """Return the title in the tags, or else the file name without its ending."""
    stem = shown_path(encode_path(path.stem))
    return clean(tags.title) or clean(stem) or "?"


def _save_row(session: Session, file: FileFacts, tags: TagFacts) -> int:
    former = catalogue.references(session, encode_path(file.path), file.start_s)
    values = _file_values(file) | _tag_values(session, file, tags)
    if values["album_key"] is None:
        values["album_id"] = None
    changed = {name: value for name, value in values.items() if name != "path"}
    statement = (
        insert(Track)
        .values(**values)
        .on_conflict_do_update(index_elements=["path", "start_s"], set_=changed)
        .returning(col(Track.id))
    )
    track_id: Any = session.connection().execute(statement).scalar_one()
    delete_text_vectors(session, [track_id])
    rows(session, delete(TrackMetadata).where(col(TrackMetadata.track_id) == track_id))
    session.add_all(
        TrackMetadata(track_id=track_id, key=key, value=value, source=clean(source) or "")
        for key, value, source in ((clean(k), clean(v), s) for k, v, s in tags.metadata)
        if key and value
    )
    regroup(session, (former.album_key, values["album_key"]), path=values["path"])
    catalogue.delete_unused(session, former)
    reapply(session, track_id, TEXT_FIELDS)
    return track_id


def _file_values(file: FileFacts) -> dict[str, Any]:
    return {
        "path": encode_path(file.path),
        "start_s": file.start_s,
        "end_s": file.end_s,
        "content_hash": file.content_hash,
        "size_bytes": file.size_bytes,
        "mtime_ns": file.mtime_ns,
        "duration_s": file.duration_s,
        "audio_format": clean(file.audio_format) or "",
        "sample_rate_hz": file.sample_rate_hz,
        "channels": file.channels,
        "bit_rate": file.bit_rate,
        "missing": False,
        "away_from": None,
    }


def _tag_values(session: Session, file: FileFacts, tags: TagFacts) -> dict[str, Any]:
    title, album = title_of(file.path, tags), clean(tags.album)
    return {
        "title": title,
        "folded": fold(title),
        "artist_id": catalogue.artist_id(
            session,
            tags.artist,
            musicbrainz_id=clean(tags.musicbrainz_artist_id),
            members=tags.artists,
        ),
        "album_title": album,
        "album_key": album_key(album) if album else None,
        "album_artist": clean(tags.album_artist),
        "compilation": tags.compilation,
        "cover_id": catalogue.cover_id(session, tags.cover),
        "track_no": tags.track_no,
        "disc_no": tags.disc_no,
        "year": tags.year,
        "musicbrainz_id": clean(tags.musicbrainz_id),
        "musicbrainz_album_id": clean(tags.musicbrainz_album_id),
        "musicbrainz_artist_id": clean(tags.musicbrainz_artist_id),
        "acoustid_fingerprint": clean_fingerprint(tags.acoustid_fingerprint),
    }


def clean_fingerprint(text: str | None) -> str | None:
    """Return an AcoustID fingerprint, which may be longer than `clean` allows, without blanks."""
    return "".join(text.split()) or None if text and text.isascii() else None
