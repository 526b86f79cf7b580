"""The analysis of a track, stage by stage, replaced as a whole or copied to another copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from sqlmodel import Session, SQLModel

from store.database.db import rows, write
from store.database.tables import (
    GenreTag,
    MoodTag,
    TrackAudioFeatures,
    TrackEmbedding,
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
    TrackMIRSyntheticTag,
)
from store.library import catalogue, recordings
from store.library.track_texts import forget
from store.records import AnalysisRecord
from store.results import StoreError
from store.stored_values import plain, stamp
from store.vocabulary import MOODS

Row = TypeVar("Row", bound=SQLModel)

_STAGES: Final = (
    TrackAudioFeatures,
    TrackMIRRaw,
    TrackMIRNormalized,
    TrackMIRScores,
    TrackMIRSyntheticTag,
    MoodTag,
    GenreTag,
)


def replace_analysis(session: Session, track_id: int, analysis: AnalysisRecord) -> None:
    """Replace every stage of a track's analysis inside the caller's transaction."""
    for stage in _STAGES:
        _clear(session, stage, track_id)
    session.add(_row(TrackAudioFeatures, track_id, analysis.features))
    session.add(_row(TrackMIRRaw, track_id, {"version": 0, **analysis.raw}))
    session.add(_row(TrackMIRNormalized, track_id, analysis.normalized))
    session.add(_row(TrackMIRScores, track_id, analysis.scores))
    _add_tags(session, track_id, analysis)
    _add_genres(session, track_id, analysis)
    forget(session, [track_id])
    if analysis.embeddings is not None:
        _clear(session, TrackEmbedding, track_id)
        for embedding in analysis.embeddings:
            session.add(
                TrackEmbedding(
                    track_id=track_id,
                    kind=embedding.kind,
                    source=embedding.source,
                    model=embedding.model,
                    dimension=embedding.dimension,
                    version=embedding.version,
                    vector=embedding.vector,
                )
            )
    session.flush()
    rows(
        session,
        "UPDATE track SET analysed_at = :now WHERE id = :id",
        now=stamp(),
        id=track_id,
    )


def copy_analysis(from_id: int, to_id: int) -> None:
    """Give a second copy of the same audio the analysis of the first.

    Raises:
        StoreError: Either track is not there.
    """
    with write() as session:
        for track_id in (from_id, to_id):
            if not rows(session, "SELECT 1 FROM track WHERE id = :id", id=track_id):
                raise StoreError(f"There is no track {track_id} in the library.")
        if from_id == to_id:
            return
        for stage in (*_STAGES, TrackEmbedding):
            _clear(session, stage, to_id)
            _copy(session, stage, from_id, to_id)
        forget(session, [to_id])
        rows(
            session,
            "UPDATE track SET analysed_at = (SELECT analysed_at FROM track WHERE id = :source) "
            "WHERE id = :target",
            source=from_id,
            target=to_id,
        )
        recordings.assign(session, to_id)


def _copy(session: Session, stage: type[SQLModel], from_id: int, to_id: int) -> None:
    names = ", ".join(f'"{name}"' for name in stage.model_fields if name not in ("id", "track_id"))
    table = str(stage.__tablename__)
    rows(
        session,
        f"INSERT INTO {table} (track_id, {names}) "
        f"SELECT :target, {names} FROM {table} WHERE track_id = :source",
        source=from_id,
        target=to_id,
    )


def _clear(session: Session, stage: type[SQLModel], track_id: int) -> None:
    rows(session, f"DELETE FROM {stage.__tablename__} WHERE track_id = :id", id=track_id)


def _row(stage: type[Row], track_id: int, values: Mapping[str, object]) -> Row:
    unknown = set(values) - set(stage.model_fields)
    if unknown:
        raise StoreError(f"{stage.__name__} has no column {', '.join(sorted(unknown))}.")
    return stage(**{**plain(values), "track_id": track_id})


def _add_tags(session: Session, track_id: int, analysis: AnalysisRecord) -> None:
    for tag, score, category, reason in {tag[0]: tag for tag in analysis.synthetic_tags}.values():
        session.add(
            TrackMIRSyntheticTag(
                track_id=track_id, tag=tag, score=score, category=category, reason=reason
            )
        )
    for mood, strength in analysis.moods.items():
        if mood not in MOODS:
            raise StoreError(f"There is no mood {mood!r}; there are {', '.join(MOODS)}.")
        session.add(MoodTag(track_id=track_id, mood=mood, strength=plain(strength) or 0.0))


def _add_genres(session: Session, track_id: int, analysis: AnalysisRecord) -> None:
    for vote in {vote.name: vote for vote in analysis.genres}.values():
        session.add(
            GenreTag(
                track_id=track_id,
                genre_id=catalogue.genre_id(session, vote.name),
                weight=plain(vote.weight) or 0.0,
                main=vote.main,
                source=vote.source,
            )
        )
