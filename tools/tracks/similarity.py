"""Weights of sound, mood, tempo and key in the comparison of tracks, set by the user.

`BACKBEAT_ALIKE_SOUND`, `_MOOD`, `_TEMPO` and `_KEY` are weights: 0 leaves a thing out, and only
their ratio matters. The nearest tracks by sound are found first and put into the order of all four.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from store.results import TrackRow
from store.tracks import track_details
from store.vectors import vector_service
from store.vectors.vector_service import Neighbours
from tools.tracks.compatibility import key_similarity, tempo_similarity

COMPARED: Final = 100
"""Neighbours by sound that are compared in all respects; those farther off stay behind them."""
UNKNOWN: Final = 0.5


class SimilarityWeights(BaseSettings):
    """Weights of what makes tracks alike; at least one must be above 0."""

    model_config = SettingsConfigDict(env_prefix="BACKBEAT_ALIKE_", extra="ignore", frozen=True)

    sound: float = Field(default=0.7, ge=0)
    mood: float = Field(default=0.15, ge=0)
    tempo: float = Field(default=0.1, ge=0)
    key: float = Field(default=0.05, ge=0)


def alike(track_id: int, *, limit: int, weights: SimilarityWeights | None = None) -> Neighbours:
    """Return similar tracks, the most similar first: (track id, similarity of sound 0..1).

    Empty when the track was not listened to.
    """
    weights = weights or SimilarityWeights()
    near = vector_service.similar(track_id, limit=max(limit, COMPARED))
    first = near[:COMPARED]
    rows = track_details.track_rows([track_id, *(number for number, _ in first)])
    if len(rows) < 2 or weights == SimilarityWeights(sound=1, mood=0, tempo=0, key=0):
        return near[:limit]
    mine, others = rows[0], {row.id: row for row in rows[1:]}
    sounds = dict(first)
    closest, farthest = max(sounds.values()), min(sounds.values())
    scores = {
        number: _score(
            mine, others[number], (sound - farthest) / max(closest - farthest, 1e-9), weights
        )
        for number, sound in first
        if number in others
    }
    ranked = sorted(scores, key=lambda number: -scores[number])
    return (*((number, sounds[number]) for number in ranked), *near[COMPARED:])[:limit]


def _score(mine: TrackRow, other: TrackRow, sound: float, weights: SimilarityWeights) -> float:
    tempo = tempo_similarity(mine.bpm, other.bpm) if mine.bpm and other.bpm else UNKNOWN
    key = key_similarity(mine.camelot, other.camelot) if mine.camelot and other.camelot else UNKNOWN
    return (
        weights.sound * sound
        + weights.mood * _shared(mine.moods, other.moods)
        + weights.tempo * tempo
        + weights.key * key
    )


def _shared(mine: Sequence[str], its: Sequence[str]) -> float:
    """Share of the moods of either that both have (Jaccard)."""
    either = {*mine, *its}
    return len({*mine} & {*its}) / len(either) if either else UNKNOWN
