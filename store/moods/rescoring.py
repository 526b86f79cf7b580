"""The moods of tracks as the model that serves sees them; the analytic strength stays beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.jobs import indexer_state
from store.library.track_texts import delete_text_vectors
from store.moods.artefacts import current_model, current_version
from store.moods.inputs import MoodInputs, library_inputs, read_inputs
from store.moods.model import MoodModel, predict
from store.tables.analysis import MoodTag
from store.vocabulary import MOODS

LEARNED: Final = "learned"
"""Source of a strength that the model gave."""
_SCORED_BY: Final = "moods_scored_by"
_ANALYTIC: Final = "-"
DIGITS: Final = 4


def score_tracks(session: Session, track_ids: Sequence[int]) -> None:
    """Give tracks whose analysis was just written the moods of the model that serves."""
    model = current_model()
    if model is not None and model.heads:
        _write(session, model, read_inputs(session, track_ids))


def is_scored() -> bool:
    """Return whether the whole library has the moods of the model that serves."""
    return (indexer_state.get(_SCORED_BY) or _ANALYTIC) == (current_version() or _ANALYTIC)


def rescore_library(on_progress: Callable[[int], None] = lambda done: None) -> int:
    """Give every track the moods of the model that serves; return how many.

    It may be ended at any time: what is left is done by the next call.
    """
    version, model = current_version(), current_model()
    done = 0
    for piece in library_inputs():
        with write() as session:
            if model is not None and model.heads:
                _write(session, model, piece)
            _restore(session, model, [int(number) for number in piece.ids])
            delete_text_vectors(session, [int(number) for number in piece.ids])
        done += len(piece.ids)
        on_progress(done)
    indexer_state.put(_SCORED_BY, version or _ANALYTIC)
    return done


def learned_moods(track_id: int) -> frozenset[str]:
    """Return the moods of a track whose strength was learned."""
    of_track = select(col(MoodTag.mood)).where(
        col(MoodTag.track_id) == track_id, col(MoodTag.source) == LEARNED
    )
    with read() as session:
        return frozenset(row.mood for row in rows(session, of_track))


def _write(session: Session, model: MoodModel, inputs: MoodInputs) -> None:
    strengths = predict(model, inputs)
    for mood in model.heads:
        at = MOODS.index(mood)
        changes: list[dict[str, Any]] = [
            {"of_track": int(number), "of_mood": mood, "now": round(float(strength), DIGITS)}
            for number, strength in zip(inputs.ids, strengths[:, at], strict=True)
        ]
        if changes:
            session.connection().execute(_LEARN, changes)


def _restore(session: Session, model: MoodModel | None, ids: Sequence[int]) -> None:
    """Give moods that are no longer learned their analytic strength back."""
    kept = sorted(model.heads) if model else []
    statement = _FORGET.where(among(col(MoodTag.track_id), ids), col(MoodTag.mood).not_in(kept))
    rows(session, statement)


_OF: Final = (
    col(MoodTag.track_id) == bindparam("of_track"),
    col(MoodTag.mood) == bindparam("of_mood"),
)
_LEARN: Final = (
    update(MoodTag)
    .where(*_OF)
    .values(
        strength=bindparam("now"),
        source=LEARNED,
        calculated=func.coalesce(col(MoodTag.calculated), col(MoodTag.strength)),
    )
)
_FORGET: Final = (
    update(MoodTag)
    .where(col(MoodTag.calculated).is_not(None))
    .values(strength=col(MoodTag.calculated), calculated=None, source="calculated")
)
