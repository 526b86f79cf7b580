"""The analysis of a track, stage by stage: replaced as a whole, or copied to a duplicate file."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, TypeVar

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, SQLModel, col

from store.database.db import rows, write
from store.database.expressions import has_track
from store.library import catalogue, recordings
from store.library.corrections.correcting import reapply
from store.library.corrections.values import SOUND_FIELDS
from store.library.track_texts import delete_text_vectors
from store.moods.scoring import score_tracks
from store.records import AnalysisRecord, AudioFeatures, NormalizedStage, RawStage, ScoresStage
from store.results import StoreError
from store.stored_values import now, plain
from store.tables.analysis import (
    GenreTag,
    MoodTag,
    TrackAudioFeatures,
    TrackEmbedding,
    TrackMIRNormalized,
    TrackMIRRaw,
    TrackMIRScores,
    TrackMIRSyntheticTag,
)
from store.tables.tracks import Track
from store.vocabulary import MOODS, MUSIC

Row = TypeVar("Row", bound=SQLModel)

Stage = AudioFeatures | RawStage | NormalizedStage | ScoresStage

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
    session.add(_row(TrackMIRRaw, track_id, analysis.raw))
    session.add(_row(TrackMIRNormalized, track_id, analysis.normalized))
    session.add(_row(TrackMIRScores, track_id, analysis.scores))
    _add_tags(session, track_id, analysis)
    _add_genres(session, track_id, analysis)
    delete_text_vectors(session, [track_id])
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
    kind = None if analysis.kind == MUSIC else analysis.kind
    analysed = update(Track).where(col(Track.id) == track_id)
    rows(session, analysed.values(analysed_at=now(), kind=kind))
    reapply(session, track_id, SOUND_FIELDS)
    score_tracks(session, [track_id])


def copy_analysis(from_id: int, to_id: int) -> None:
    """Copy the analysis of a track to another file of the same audio.

    Raises:
        StoreError: Either track is not there.
    """
    with write() as session:
        for track_id in (from_id, to_id):
            if not has_track(session, track_id):
                raise StoreError(f"There is no track {track_id} in the library.")
        if from_id == to_id:
            return
        for stage in (*_STAGES, TrackEmbedding):
            _clear(session, stage, to_id)
            _copy(session, stage, from_id, to_id)
        delete_text_vectors(session, [to_id])
        source = aliased(Track)
        copied = {
            name: select(col(getattr(source, name))).where(col(source.id) == from_id)
            for name in ("analysed_at", "kind")
        }
        statement = update(Track).where(col(Track.id) == to_id)
        rows(session, statement.values({n: one.scalar_subquery() for n, one in copied.items()}))
        reapply(session, to_id, SOUND_FIELDS)
        recordings.assign(session, to_id)


def _copy(session: Session, stage: type[SQLModel], from_id: int, to_id: int) -> None:
    names = [name for name in stage.model_fields if name not in ("id", "track_id")]
    source = select(literal(to_id), *(_column(stage, name) for name in names))
    source = source.where(_column(stage, "track_id") == from_id)
    rows(session, insert(stage).from_select(["track_id", *names], source))


def _clear(session: Session, stage: type[SQLModel], track_id: int) -> None:
    rows(session, delete(stage).where(_column(stage, "track_id") == track_id))


def _column(stage: type[SQLModel], name: str) -> Mapped[Any]:
    return col(getattr(stage, name))


def _row(stage: type[Row], track_id: int, record: Stage) -> Row:
    values = {column.name: plain(getattr(record, column.name)) for column in fields(record)}
    return stage(track_id=track_id, **values)


def _add_tags(session: Session, track_id: int, analysis: AnalysisRecord) -> None:
    for tag in {tag.tag: tag for tag in analysis.synthetic_tags}.values():
        session.add(
            TrackMIRSyntheticTag(
                track_id=track_id,
                tag=tag.tag,
                score=tag.score,
                category=tag.category,
                reason=tag.reason,
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
