"""The analysis of a track in the exchange format, out and in.

What is posted is the whole truth of what it brings: values that the track had before and that say
something else about the same thing go, such as the other tempo, genres, tags and moods.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import has_track
from store.library import catalogue
from store.library.corrections.correcting import reapply
from store.library.corrections.values import SOUND_FIELDS
from store.library.exchange_format import (
    MirExchange,
    NormalizedExchange,
    RawExchange,
    SyntheticTagExchange,
)
from store.library.track_texts import delete_text_vectors
from store.library.track_writing import require
from store.results import StoreError
from store.stored_values import now, plain
from store.tables.analysis import (
    COUNTED_SHARE,
    GenreTag,
    MoodTag,
    TrackAudioFeatures,
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
    TrackMIRSyntheticTag,
)
from store.tables.tracks import Track
from store.vocabulary import CAMELOT, MOODS


def mir_exchange(track_id: int) -> dict[str, object] | None:
    """Return the analysis of a track in the exchange format; None when there is no such track."""
    with read() as session:
        if not has_track(session, track_id):
            return None
        raw = session.get(TrackMIRRaw, track_id)
        normalized = session.get(TrackMIRNormalized, track_id)
        scores = session.get(TrackMIRScores, track_id)
        columns = (col(getattr(TrackMIRSyntheticTag, name)) for name in _TAG_COLUMNS)
        ordered = select(*columns).order_by(
            col(TrackMIRSyntheticTag.score).desc(), col(TrackMIRSyntheticTag.tag)
        )
        tags = rows(session, ordered.where(col(TrackMIRSyntheticTag.track_id) == track_id))
    return {
        "raw": raw.model_dump(include=set(RawExchange.model_fields)) if raw else None,
        "normalized": normalized.model_dump(exclude={"track_id"}) if normalized else None,
        "scores": scores.model_dump(exclude={"track_id"}) if scores else None,
        "synthetic_tags": [dict(row._mapping) for row in tags],
    }


_TAG_COLUMNS: Final = ("tag", "score", "category", "source")


def store_mir(track_id: int, exchange: MirExchange | Mapping[str, object]) -> None:
    """Check and store an analysis in the exchange format; stages that it leaves out stay.

    Raises:
        StoreError: No such track, or a value out of its range; the message says which.
    """
    given = exchange if isinstance(exchange, MirExchange) else _checked(exchange)
    tags = given.synthetic_tags
    if tags is None and (given.normalized or given.scores):
        tags = []
    with write() as session:
        require(session, track_id)
        if given.raw:
            _replace(session, TrackMIRRaw, track_id, plain(given.raw.model_dump()))
            _features(session, track_id, **_measured(given.raw))
        if given.normalized:
            _store_normalized(session, track_id, given.normalized)
        if given.scores:
            _replace(session, TrackMIRScores, track_id, given.scores.model_dump())
            _features(session, track_id, energy=given.scores.energy_score)
        if tags is not None:
            _store_tags(session, track_id, tags)
            _store_moods(session, track_id)
        if given.normalized:
            reapply(session, track_id, SOUND_FIELDS)
        delete_text_vectors(session, [track_id])
        analysed = func.coalesce(col(Track.analysed_at), now())
        of_track = update(Track).where(col(Track.id) == track_id)
        rows(session, of_track.values(analysed_at=analysed))


def _checked(exchange: Mapping[str, object]) -> MirExchange:
    try:
        return MirExchange.model_validate(plain(exchange))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the analysis"
        raise StoreError(f"{field}: {first['msg']}") from error


def _measured(raw: RawExchange) -> dict[str, float]:
    """Return the measured values that the player and the lists read, where they are brought."""
    found = {name: raw.features_raw.get(name) for name in _MEASURED}
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and math.isfinite(value)
    }


_MEASURED: Final = ("loudness_lufs", "true_peak_dbtp", "onset_rate_hz")


def _replace(
    session: Session,
    stage: type[TrackMIRRaw | TrackMIRNormalized | TrackMIRScores],
    track_id: int,
    values: dict[str, Any],
) -> None:
    row = session.get(stage, track_id)
    if row is None:
        row = stage(track_id=track_id, **values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.add(row)
    session.flush()


def _store_normalized(session: Session, track_id: int, given: NormalizedExchange) -> None:
    values = given.model_dump()
    if given.camelot_key is None and given.key and given.scale:
        values["camelot_key"] = CAMELOT[given.key, given.scale]
    _replace(session, TrackMIRNormalized, track_id, values)
    shared = {name: values[name] for name in _SHARED}
    _features(session, track_id, **shared, **_OF_THE_FORMER_TEMPO)
    rows(session, delete(GenreTag).where(col(GenreTag.track_id) == track_id))
    main = [given.genre_main] if given.genre_main else []
    for name in dict.fromkeys((*main, *given.genre_secondary)):
        genre = insert(GenreTag).values(
            track_id=track_id,
            genre_id=catalogue.genre_id(session, name),
            weight=1.0 if name in main else COUNTED_SHARE if main else _TRACE,
            main=name in main,
            source="exchange",
        )
        rows(session, genre)


_TRACE: Final = 0.4
"""Share of a genre that a track without a main one is only near to."""
_SHARED: Final = ("bpm", "key", "scale", "camelot_key", "danceability", "instrumental")
"""Normalised values that the filters read from TrackAudioFeatures."""
_OF_THE_FORMER_TEMPO: Final = {
    "bpm_alternative": None,
    "bpm_confidence": None,
    "key_confidence": None,
    "stability": "unknown",
}
"""What said something about the tempo and key that were stored before."""


def _features(session: Session, track_id: int, **values: object) -> None:
    new = sqlite.insert(TrackAudioFeatures).values(track_id=track_id, stability="unknown")
    rows(session, new.on_conflict_do_nothing(index_elements=["track_id"]))
    if values:
        changed = update(TrackAudioFeatures).where(col(TrackAudioFeatures.track_id) == track_id)
        rows(session, changed.values(values))


def _store_tags(session: Session, track_id: int, given: list[SyntheticTagExchange]) -> None:
    stored_tag = TrackMIRSyntheticTag
    of_track = col(stored_tag.track_id) == track_id
    old = rows(session, select(col(stored_tag.tag), col(stored_tag.reason)).where(of_track))
    reasons = {row.tag: row.reason for row in old}
    rows(session, delete(stored_tag).where(of_track))
    for tag in {tag.tag: tag for tag in given}.values():
        values = tag.model_dump() | {"reason": tag.reason or reasons.get(tag.tag, "")}
        rows(session, insert(stored_tag).values(track_id=track_id, **values))


def _store_moods(session: Session, track_id: int) -> None:
    """Replace the moods by those of the stored features and tags, each by its higher strength."""
    rows(session, delete(MoodTag).where(col(MoodTag.track_id) == track_id))
    tag = TrackMIRSyntheticTag
    tagged = select(col(tag.tag), col(tag.score)).where(col(tag.track_id) == track_id)
    found = [(row.tag, row.score) for row in rows(session, tagged) if row.tag in MOODS]
    normalized = session.get(TrackMIRNormalized, track_id)
    found += [(mood, getattr(normalized, name, None)) for mood, name in _MEASURED_MOODS.items()]
    strengths: dict[str, float] = {}
    for mood, strength in found:
        strengths[mood] = max(strengths.get(mood, 0.0), strength or 0.0)
    for mood, strength in strengths.items():
        if not strength:
            continue
        values = {"mood": mood, "strength": strength, "source": "exchange"}
        rows(session, insert(MoodTag).values(track_id=track_id, **values))


_MEASURED_MOODS: Final = {
    mood: f"mood_{mood}" for mood in ("happy", "aggressive", "party", "relaxed")
}
