"""What the mood model sees of a track: the tagger's vector, descriptors, and the analytic moods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, select
from sqlmodel import Session, col

from store.database.db import read, rows
from store.database.expressions import among
from store.tables.analysis import (
    MoodTag,
    TrackAudioFeatures,
    TrackEmbedding,
    TrackMIRNormalized,
    TrackMIRScores,
)
from store.tables.tracks import Track
from store.vocabulary import MOODS

Values = NDArray[np.float32]

VECTOR_SIZE: Final = 200
"""Values of the tagger's vector; a track without one has NaN, which the model fills in."""
_NORMALIZED: Final = (
    "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed", "instrumental",
    "acoustic", "tonal",
)  # fmt: skip
_SCORES: Final = (
    "energy_score", "dance_score", "acousticness", "complexity_score", "emotional_intensity",
    "mood_valence",
)  # fmt: skip
_FEATURES: Final = ("bpm", "loudness_lufs", "onset_rate_hz")
DESCRIPTORS: Final = (*_NORMALIZED, *_SCORES, *_FEATURES)
"""Names of the values behind the vector, in their order."""
INPUTS: Final = VECTOR_SIZE + len(DESCRIPTORS)
CHUNK: Final = 4000
"""Tracks that are read at once: 4 MB of vectors."""


@dataclass(frozen=True, slots=True)
class MoodInputs:
    """Tracks as the model sees them.

    Attributes:
        ids: int64, (n,).
        values: float32, (n, INPUTS); NaN for what is not known.
        analytic: float32, (n, moods), 0..1 in the order of `MOODS`, without any learning.
    """

    ids: NDArray[np.int64]
    values: Values
    analytic: Values


def read_inputs(session: Session, track_ids: Sequence[int]) -> MoodInputs:
    """Return the analysed ones of some tracks, by id."""
    wanted = among(col(Track.id), track_ids)
    found = rows(session, _TRACKS.where(wanted).order_by(col(Track.id)))
    ids = np.array([row.id for row in found], np.int64)
    place = {int(number): at for at, number in enumerate(ids)}
    values = np.full((len(ids), INPUTS), np.nan, np.float32)
    for at, row in enumerate(found):
        if row.vector is not None and len(row.vector) == 4 * VECTOR_SIZE:
            values[at, :VECTOR_SIZE] = np.frombuffer(row.vector, "<f4")
        values[at, VECTOR_SIZE:] = [_number(row._mapping[name]) for name in DESCRIPTORS]
    analytic = np.zeros((len(ids), len(MOODS)), np.float32)
    for row in rows(session, _MOODS.where(among(col(MoodTag.track_id), track_ids))):
        if row.track_id in place and row.mood in _MOOD_PLACE:
            strength = row.strength if row.calculated is None else row.calculated
            analytic[place[row.track_id], _MOOD_PLACE[row.mood]] = strength
    return MoodInputs(ids, values, analytic)


def library_inputs() -> Iterator[MoodInputs]:
    """Yield all analysed tracks in pieces, by id."""
    after = 0
    while True:
        next_ids = select(col(TrackMIRScores.track_id)).where(col(TrackMIRScores.track_id) > after)
        ordered = next_ids.order_by(col(TrackMIRScores.track_id)).limit(CHUNK)
        with read() as session:
            ids = [row.track_id for row in rows(session, ordered)]
            if not ids:
                return
            yield read_inputs(session, ids)
        after = ids[-1]


def inputs_of(track_ids: Sequence[int]) -> MoodInputs:
    """Return what `read_inputs` does, of the stored library."""
    with read() as session:
        return read_inputs(session, track_ids)


def joined(pieces: Sequence[MoodInputs]) -> MoodInputs:
    """Return pieces as one."""
    if not pieces:
        empty = np.zeros((0, len(MOODS)), np.float32)
        return MoodInputs(np.zeros(0, np.int64), np.zeros((0, INPUTS), np.float32), empty)
    return MoodInputs(
        np.concatenate([one.ids for one in pieces]),
        np.concatenate([one.values for one in pieces]),
        np.concatenate([one.analytic for one in pieces]),
    )


def posted_inputs(features: Mapping[str, float], moods: Mapping[str, float]) -> MoodInputs:
    """Return features that were given by name instead of read; the others are not known."""
    values = np.full((1, INPUTS), np.nan, np.float32)
    for at, name in enumerate(DESCRIPTORS):
        values[0, VECTOR_SIZE + at] = features.get(name, np.nan)
    analytic = np.array([[moods.get(mood, 0.5) for mood in MOODS]], np.float32)
    return MoodInputs(np.zeros(1, np.int64), values, analytic)


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


_MOOD_PLACE: Final = {mood: at for at, mood in enumerate(MOODS)}
_MOODS: Final = select(
    col(MoodTag.track_id), col(MoodTag.mood), col(MoodTag.strength), col(MoodTag.calculated)
)
_TRACKS: Final[Any] = (
    select(
        col(Track.id),
        col(TrackEmbedding.vector),
        *(col(getattr(TrackMIRNormalized, name)) for name in _NORMALIZED),
        *(col(getattr(TrackMIRScores, name)) for name in _SCORES),
        *(col(getattr(TrackAudioFeatures, name)) for name in _FEATURES),
    )
    .select_from(Track)
    .join(TrackMIRScores, col(TrackMIRScores.track_id) == col(Track.id))
    .outerjoin(TrackMIRNormalized, col(TrackMIRNormalized.track_id) == col(Track.id))
    .outerjoin(TrackAudioFeatures, col(TrackAudioFeatures.track_id) == col(Track.id))
    .outerjoin(
        TrackEmbedding,
        and_(col(TrackEmbedding.track_id) == col(Track.id), col(TrackEmbedding.kind) == "audio"),
    )
)
