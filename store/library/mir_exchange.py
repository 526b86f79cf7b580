"""The analysis of a track in the exchange format, out and in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import Session

from store.database.db import read, rows, write
from store.database.tables import (
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
)
from store.library import catalogue
from store.library.track_writing import require
from store.results import StoreError
from store.stored_values import plain
from store.vocabulary import CAMELOT, MOODS

Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Bpm = Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
PitchClass = Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Raw(_Strict):
    """Stage `raw`."""

    tags: list[Word] = []
    source: Word = "acoustid+standards+librosa"
    version: int = Field(ge=0)
    features_raw: dict[str, Any] = {}


class Normalized(_Strict):
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


class Scores(_Strict):
    """Stage `scores`."""

    energy_score: Unit | None = None
    dance_score: Unit | None = None
    acousticness: Unit | None = None
    complexity_score: Unit | None = None
    emotional_intensity: Unit | None = None
    mood_valence: Signed | None = None


class SyntheticTag(_Strict):
    """One of `synthetic_tags`."""

    tag: Word
    score: Unit
    category: Literal["mood", "energy", "atmosphere", "usage"]
    source: Literal["calculated"] = "calculated"
    reason: Annotated[str, Field(max_length=500)] = ""


class Exchange(_Strict):
    """The whole; a stage that is left out stays as it is stored."""

    raw: Raw | None = None
    normalized: Normalized | None = None
    scores: Scores | None = None
    synthetic_tags: list[SyntheticTag] | None = None


def mir_exchange(track_id: int) -> dict[str, object] | None:
    """The analysis of a track in the exchange format; None when there is no such track."""
    with read() as session:
        if not rows(session, "SELECT 1 FROM track WHERE id = :id", id=track_id):
            return None
        raw = session.get(TrackMIRRaw, track_id)
        normalized = session.get(TrackMIRNormalized, track_id)
        scores = session.get(TrackMIRScores, track_id)
        tags = rows(session, _TAGS, id=track_id)
    return {
        "raw": raw.model_dump(include=set(Raw.model_fields)) if raw else None,
        "normalized": normalized.model_dump(exclude={"track_id"}) if normalized else None,
        "scores": scores.model_dump(exclude={"track_id"}) if scores else None,
        "synthetic_tags": [dict(row._mapping) for row in tags],
    }


_TAGS = """
SELECT tag, score, category, source FROM trackmirsynthetictag
WHERE track_id = :id ORDER BY score DESC, tag"""


def store_mir(track_id: int, exchange: Mapping[str, object]) -> None:
    """Check and store an analysis in the exchange format; what it leaves out stays.

    Raises:
        StoreError: No such track, or a value out of its range; the message says which.
    """
    try:
        given = Exchange.model_validate(plain(exchange))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the analysis"
        raise StoreError(f"{place}: {first['msg']}") from error
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


def _store_normalized(session: Session, track_id: int, given: Normalized) -> None:
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
    rows(session, "DELETE FROM genretag WHERE track_id = :id", id=track_id)
    names = dict.fromkeys((given.genre_main, *given.genre_secondary))
    for place, name in enumerate(names):
        rows(
            session,
            "INSERT INTO genretag (track_id, genre_id, weight, main, source) "
            "VALUES (:id, :genre, :weight, :main, 'exchange')",
            id=track_id,
            genre=catalogue.genre_id(session, name),
            weight=1.0 if place == 0 else 0.5,
            main=place == 0,
        )


_SHARED = ("bpm", "key", "scale", "camelot_key", "danceability", "instrumental")
"""Normalised values that the filters read from TrackAudioFeatures."""


def _features(session: Session, track_id: int, **values: object) -> None:
    rows(
        session,
        "INSERT INTO trackaudiofeatures (track_id, stability) VALUES (:id, 'unknown') "
        "ON CONFLICT (track_id) DO NOTHING",
        id=track_id,
    )
    for name, value in values.items():
        rows(
            session,
            f'UPDATE trackaudiofeatures SET "{name}" = :value WHERE track_id = :id',
            value=value,
            id=track_id,
        )


def _store_tags(session: Session, track_id: int, given: list[SyntheticTag]) -> None:
    old = rows(
        session,
        "SELECT tag, reason FROM trackmirsynthetictag WHERE track_id = :id",
        id=track_id,
    )
    reasons = {row.tag: row.reason for row in old}
    rows(session, "DELETE FROM trackmirsynthetictag WHERE track_id = :id", id=track_id)
    for tag in {tag.tag: tag for tag in given}.values():
        rows(
            session,
            "INSERT INTO trackmirsynthetictag (track_id, tag, score, category, reason, source) "
            "VALUES (:id, :tag, :score, :category, :reason, :source)",
            id=track_id,
            **tag.model_dump() | {"reason": tag.reason or reasons.get(tag.tag, "")},
        )
        if tag.tag in MOODS:
            rows(
                session,
                "INSERT INTO moodtag (track_id, mood, strength, source) "
                "VALUES (:id, :tag, :score, 'calculated') "
                "ON CONFLICT (track_id, mood) DO UPDATE SET strength = excluded.strength",
                id=track_id,
                tag=tag.tag,
                score=tag.score,
            )
