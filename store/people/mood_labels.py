"""What people say of the moods of tracks: a mood fits, or it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import has_track
from store.jobs import indexer_state, job_queue
from store.jobs.job_order import BULK_PRIORITY
from store.library.corrections.correcting import features_version
from store.results import StoreError
from store.settings import StoreSettings
from store.stored_values import as_utc, moment, now
from store.tables.analysis import MoodTag
from store.tables.tracks import Feedback
from store.vocabulary import MOODS

TRAINED_AT: Final = "moods_trained_at"
"""State of the indexer: when the labels were read that the last training saw."""
RETRAIN: Final = ("moods", "retrain")
"""Kind and key of the job that trains the mood model."""
PREFIX: Final = "mood:"
"""Before the mood in the field of a stored label."""
FITS: Final = "fits"
NOT: Final = "not"


@dataclass(frozen=True, slots=True)
class MoodLabel:
    """A person's word on a mood of a track; `strength` 0..1 is what was predicted then."""

    person_id: int
    track_id: int
    mood: str
    fits: bool
    strength: float | None
    features_version: int
    created_at: datetime


def label_mood(person_id: int, track_id: int, mood: str, fits: bool | None) -> bool | None:
    """Note whether a mood fits a track; None forgets what was said. Return what was said before.

    Raises:
        StoreError: No such track or mood.
    """
    if mood not in MOODS:
        raise StoreError(f"There is no mood {mood!r}; there are {', '.join(MOODS)}.")
    with write() as session:
        if not has_track(session, track_id):
            raise StoreError(f"There is no track {track_id} in the library.")
        own = (
            col(Feedback.person_id) == person_id,
            col(Feedback.track_id) == track_id,
            col(Feedback.field) == PREFIX + mood,
        )
        gone = rows(session, delete(Feedback).where(*own).returning(col(Feedback.value)))
        if fits is not None:
            session.add(
                Feedback(
                    track_id=track_id, field=PREFIX + mood, value=FITS if fits else NOT,
                    person_id=person_id, predicted=_predicted(session, track_id, mood),
                    features_version=features_version(session, track_id), created_at=now(),
                )
            )  # fmt: skip
    _train_when_due()
    return gone[0].value == FITS if gone else None


def _train_when_due() -> None:
    """Queue a training once there are as many new labels as the settings say."""
    after = StoreSettings().retrain_after
    if after and new_labels() >= after:
        job_queue.enqueue(*RETRAIN, priority=BULK_PRIORITY + 100)


def new_labels() -> int:
    """Return how many labels came since the last training."""
    since = indexer_state.get(TRAINED_AT)
    counted = select(func.count().label("n")).where(_IS_MOOD)
    if since:
        counted = counted.where(col(Feedback.created_at) > moment(since))
    with read() as session:
        return int(rows(session, counted)[0].n)


def mood_labels(
    person_id: int | None = None, *, track_id: int | None = None
) -> tuple[MoodLabel, ...]:
    """Return the labels of a person or of all, of a track or of all, the oldest first."""
    wanted = _ROWS
    if person_id is not None:
        wanted = wanted.where(col(Feedback.person_id) == person_id)
    if track_id is not None:
        wanted = wanted.where(col(Feedback.track_id) == track_id)
    with read() as session:
        return tuple(_label(row) for row in rows(session, wanted))


def label_count() -> int:
    """Return how many labels there are of everybody."""
    with read() as session:
        return int(rows(session, select(func.count().label("n")).where(_IS_MOOD))[0].n)


def _predicted(session: Session, track_id: int, mood: str) -> dict[str, Any]:
    statement = select(col(MoodTag.strength)).where(
        col(MoodTag.track_id) == track_id, col(MoodTag.mood) == mood
    )
    found = rows(session, statement)
    return {"strength": found[0].strength if found else None}


def _label(row: Any) -> MoodLabel:
    return MoodLabel(
        row.person_id, row.track_id, row.field.removeprefix(PREFIX), row.value == FITS,
        (row.predicted or {}).get("strength"), row.features_version, as_utc(row.created_at),
    )  # fmt: skip


_IS_MOOD: Final = col(Feedback.field).startswith(PREFIX)
_ROWS: Final = (
    select(
        col(Feedback.person_id), col(Feedback.track_id), col(Feedback.field), col(Feedback.value),
        col(Feedback.predicted), col(Feedback.features_version), col(Feedback.created_at),
    )
    .where(_IS_MOOD)
    .order_by(col(Feedback.id))
)  # fmt: skip
