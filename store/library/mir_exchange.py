"""The analysis of a track in the exchange format, out and in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import has_track
from store.library import catalogue
from store.library.track_writing import require
from store.results import StoreError
from store.stored_values import plain
from store.tables.analysis import (
    GenreTag,
    MoodTag,
    TrackAudioFeatures,
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
    TrackMIRSyntheticTag,
)
from store.vocabulary import CAMELOT, MOODS, POSTED_SOURCE

Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Bpm = Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
PitchClass = Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RawExchange(_Strict):
    """Stage `raw`."""

    tags: list[Word] = []
    source: Word = POSTED_SOURCE
    version: int = Field(ge=0)
    features_raw: dict[str, Any] = {}


class NormalizedExchange(_Strict):
    """Stage `normalized`."""

    bpm: Bpm | None = None
    key: PitchClass | None = None
    scale: Literal["major", "minor"] | None = None
    camelot_key: Annotated[str, Field(pattern=r"^(1[0-2]|[1-9])[AB]$")] | None = None
    danceability: Unit | None = None
    mood_happy: Unit | None = None
    mood_aggressive: Unit | None = None
    mood_party: Unit | None = None
    mood_relaxed: Unit | None = None
    instrumental: Unit | None = None
    acoustic: Unit | None = None
    tonal: Unit | None = None
    genre_main: Word | None = None
    genre_secondary: list[Word] = []
    confidence_score: Unit = 0.0


class ScoresExchange(_Strict):
    """Stage `scores`."""

    energy_score: Unit | None = None
    dance_score: Unit | None = None
    acousticness: Unit | None = None
    complexity_score: Unit | None = None
    emotional_intensity: Unit | None = None
    mood_valence: Signed | None = None


class SyntheticTagExchange(_Strict):
    """One of `synthetic_tags`."""

    tag: Word
    score: Unit
    category: Literal["mood", "energy", "atmosphere", "usage"]
    source: Literal["calculated"] = "calculated"
    reason: Annotated[str, Field(max_length=500)] = ""


class MirExchange(_Strict):
    """The whole; a stage that is left out stays as it is stored."""

    raw: RawExchange | None = None
    normalized: NormalizedExchange | None = None
    scores: ScoresExchange | None = None
    synthetic_tags: list[SyntheticTagExchange] | None = None


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


def store_mir(track_id: int, exchange: Mapping[str, object]) -> None:
    """Check and store an analysis in the exchange format; what it leaves out stays.

    Raises:
        StoreError: No such track, or a value out of its range; the message says which.
    """
    try:
        given = MirExchange.model_validate(plain(exchange))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the analysis"
        raise StoreError(f"{field}: {first['msg']}") from error
    with write() as session:
        require(session, track_id)
        if given.raw:
            _replace(session, TrackMIRRaw, track_id, given.raw.model_dump())
        if given.normalized:
            _store_normalized(session, track_id, given.normalized)
        if given.scores:
            _replace(session, TrackMIRScores, track_id, given.scores.model_dump())
            _features(session, track_id, energy=given.scores.energy_score)
        if given.synthetic_tags is not None:
            _store_tags(session, track_id, given.synthetic_tags)


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
    _features(
        session,
        track_id,
        **{name: values[name] for name in _SHARED},
    )
    if given.genre_main is None:
        return
    rows(session, delete(GenreTag).where(col(GenreTag.track_id) == track_id))
    names = dict.fromkeys((given.genre_main, *given.genre_secondary))
    for number, name in enumerate(names):
        genre = insert(GenreTag).values(
            track_id=track_id,
            genre_id=catalogue.genre_id(session, name),
            weight=1.0 if number == 0 else 0.5,
            main=number == 0,
            source="exchange",
        )
        rows(session, genre)


_SHARED: Final = ("bpm", "key", "scale", "camelot_key", "danceability", "instrumental")
"""Normalised values that the filters read from TrackAudioFeatures."""


def _features(session: Session, track_id: int, **values: object) -> None:
    new = sqlite.insert(TrackAudioFeatures).values(track_id=track_id, stability="unknown")
    rows(session, new.on_conflict_do_nothing(index_elements=["track_id"]))
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
        if tag.tag in MOODS:
            mood = sqlite.insert(MoodTag).values(
                track_id=track_id, mood=tag.tag, strength=tag.score, source="calculated"
            )
            changed = {"strength": mood.excluded.strength}
            rows(session, mood.on_conflict_do_update(index_elements=_MOOD_KEY, set_=changed))


_MOOD_KEY: Final = ("track_id", "mood")
