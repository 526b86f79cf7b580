"""The moods of tracks as the model that serves sees them; the analytic strength stays beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from store.database.db import read, rows
from store.database.expressions import among
from store.moods.artefacts import current_model
from store.moods.inputs import MoodInputs, read_inputs
from store.moods.model import MoodModel, predict
from store.tables.analysis import MoodTag
from store.vocabulary import MOODS

LEARNED: Final = "learned"
"""Source of a strength that the model gave."""
DIGITS: Final = 4


def score_tracks(session: Session, track_ids: Sequence[int]) -> None:
    """Give tracks whose analysis was just written the moods of the model that serves."""
    model = current_model()
    if model is not None and model.heads:
        session.flush()
        write_strengths(session, model, read_inputs(session, track_ids))


def learned_moods(track_id: int) -> frozenset[str]:
    """Return the moods of a track whose strength was learned."""
    of_track = select(col(MoodTag.mood)).where(
        col(MoodTag.track_id) == track_id, col(MoodTag.source) == LEARNED
    )
    with read() as session:
        return frozenset(row.mood for row in rows(session, of_track))


def write_strengths(session: Session, model: MoodModel | None, inputs: MoodInputs) -> None:
    """Write the moods that a model learned; all others get their analytic strength back."""
    heads = sorted(model.heads) if model else []
    forget = _FORGET.where(
        among(col(MoodTag.track_id), map(int, inputs.ids)), col(MoodTag.mood).not_in(heads)
    )
    rows(session, forget)
    if model is None or not len(inputs.ids):
        return
    strengths = predict(model, inputs)
    for mood in heads:
        column = strengths[:, MOODS.index(mood)]
        changes: list[dict[str, Any]] = [
            {"of_track": int(number), "of_mood": mood, "now": round(float(strength), DIGITS)}
            for number, strength in zip(inputs.ids, column, strict=True)
        ]
        session.connection().execute(_LEARN, changes)


_LEARN: Final = (
    update(MoodTag)
    .where(
        col(MoodTag.track_id) == bindparam("of_track"), col(MoodTag.mood) == bindparam("of_mood")
    )
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
