"""Corrections of tracks: set, withdrawn, listed, and put over values that were written anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import among, has_track
from store.library.corrections import sound_values, text_values
from store.library.corrections.values import FIELDS, SOUND_FIELDS, TEXT_FIELDS, checked
from store.library.track_texts import delete_text_vectors
from store.results import StoreError
from store.stored_values import as_utc, now
from store.tables.analysis import TrackMIRRaw
from store.tables.people import OWNER_ID
from store.tables.tracks import Feedback

Changes = Mapping[int, Mapping[str, str | None]]
"""Track → field → value; None withdraws the correction."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected value of a track.

    Attributes:
        predicted: What Backbeat or the file says without it (`Feedback.predicted`).
        features_version: Of the analysis that says so.
    """

    track_id: int
    field: str
    value: str
    person_id: int
    predicted: Mapping[str, Any]
    features_version: int
    created_at: datetime


def correct(changes: Changes, *, person_id: int = OWNER_ID) -> dict[int, dict[str, str | None]]:
    """Set and withdraw corrections, all of them or none.

    Returns:
        The changes that bring back what counted before.

    Raises:
        StoreError: No such track, or no value of the field.
    """
    asked = {
        track_id: {f: None if v is None else checked(f, v) for f, v in values.items()}
        for track_id, values in changes.items()
    }
    with write() as session:
        former = {
            track_id: _correct(session, track_id, v, person_id) for track_id, v in asked.items()
        }
        delete_text_vectors(session, list(asked))
    return former


def corrections_of(track_id: int) -> Mapping[str, str]:
    """Return field → corrected value of a track."""
    with read() as session:
        return {field: one.value for field, one in _stored(session, track_id).items()}


def corrections(track_ids: Iterable[int] | None = None) -> tuple[Correction, ...]:
    """Return the corrections of tracks, or all there are, the newest first."""
    some = () if track_ids is None else (among(col(Feedback.track_id), track_ids),)
    with read() as session:
        found = [_correction(row) for row in rows(session, _ROWS.where(*some))]
    last = {(one.track_id, one.field): one for one in found}
    return tuple(sorted(last.values(), key=lambda one: one.created_at, reverse=True))


def reapply(session: Session, track_id: int, fields: Iterable[str]) -> None:
    """Put the corrections of `fields` over values that were just written anew."""
    given = {f: one for f, one in _stored(session, track_id).items() if f in frozenset(fields)}
    if not given:
        return
    names = text_values.names_of(session, track_id)
    for field in given:
        fresh = (
            text_values.kept(names, field)
            if field in TEXT_FIELDS
            else sound_values.sound_of(session, track_id, field)
        )
        _note(session, track_id, field, fresh)
    _overlay(session, track_id, names, given)


def apply_waiting() -> int:
    """Apply the corrections that were kept before they counted; return how many tracks."""
    waiting = _OWN.where(col(Feedback.predicted).is_(None))
    with write() as session:
        tracks = {row.track_id: None for row in rows(session, waiting)}
        for track_id in tracks:
            for field, one in _stored(session, track_id).items():
                _make_count(session, track_id, field, one.value)
            pending = [f for f, one in _stored(session, track_id).items() if not one.predicted]
            reapply(session, track_id, pending)
        delete_text_vectors(session, list(tracks))
    return len(tracks)


def _make_count(session: Session, track_id: int, field: str, value: str) -> None:
    """Store a value in its form; what is none becomes a note that changes nothing."""
    try:
        changed: dict[str, str] = {"value": checked(field, value)}
    except StoreError:
        changed = {"field": f"note:{field}"}
    of_field = col(Feedback.track_id) == track_id, col(Feedback.field) == field
    rows(session, update(Feedback).where(*of_field).values(**changed))


def _correct(
    session: Session, track_id: int, values: Mapping[str, str | None], person_id: int
) -> dict[str, str | None]:
    if not has_track(session, track_id):
        raise StoreError(f"There is no track {track_id} in the library.")
    stored = _stored(session, track_id)
    names = text_values.names_of(session, track_id)
    for field, one in stored.items():
        if field in TEXT_FIELDS:
            names = text_values.before(names, one.predicted)
    for field, value in values.items():
        known = stored.get(field)
        if known is not None:
            fresh = known.predicted
        elif field in TEXT_FIELDS:
            fresh = text_values.kept(names, field)
        else:
            fresh = sound_values.sound_of(session, track_id, field)
        _delete(session, track_id, field)
        if value is not None:
            _add(session, track_id, field, value, fresh, person_id)
        elif known is not None and field in SOUND_FIELDS:
            sound_values.write_sound(session, track_id, field, fresh)
    _overlay(session, track_id, names, _stored(session, track_id))
    return {field: stored[field].value if field in stored else None for field in values}


def _overlay(
    session: Session,
    track_id: int,
    names: text_values.TrackNames,
    given: Mapping[str, Correction],
) -> None:
    """Write corrected values; `names` are those without corrections."""
    texts = {field: one.value for field, one in given.items() if field in TEXT_FIELDS}
    text_values.write_names(session, track_id, text_values.corrected(names, texts))
    for field, one in given.items():
        if field in SOUND_FIELDS:
            predicted = sound_values.sound_of(session, track_id, field)
            base = one.predicted or predicted
            changed = sound_values.corrected_sound(field, one.value, base)
            sound_values.write_sound(session, track_id, field, changed)


def _add(
    session: Session, track_id: int, field: str, value: str, fresh: Mapping[str, Any], person: int
) -> None:
    session.add(
        Feedback(
            track_id=track_id, field=field, value=value, person_id=person, predicted=dict(fresh),
            features_version=features_version(session, track_id), created_at=now(),
        )
    )  # fmt: skip
    session.flush()


def _note(session: Session, track_id: int, field: str, fresh: Mapping[str, Any]) -> None:
    changed = update(Feedback).where(
        col(Feedback.track_id) == track_id, col(Feedback.field) == field
    )
    version = features_version(session, track_id)
    rows(session, changed.values(predicted=dict(fresh), features_version=version))


def _delete(session: Session, track_id: int, field: str) -> None:
    gone = delete(Feedback).where(col(Feedback.track_id) == track_id, col(Feedback.field) == field)
    rows(session, gone)


def features_version(session: Session, track_id: int) -> int:
    """Return the version of the features of a track; 0 where it is not analysed."""
    of_track = select(col(TrackMIRRaw.version)).where(col(TrackMIRRaw.track_id) == track_id)
    found = rows(session, of_track)
    return int(found[0].version) if found else 0


def _stored(session: Session, track_id: int) -> dict[str, Correction]:
    found = rows(session, _ROWS.where(col(Feedback.track_id) == track_id))
    return {row.field: _correction(row) for row in found}


def _correction(row: Any) -> Correction:
    return Correction(
        row.track_id, row.field, row.value, row.person_id, row.predicted or {},
        row.features_version, as_utc(row.created_at),
    )  # fmt: skip


_OWN: Final = select(col(Feedback.track_id)).where(col(Feedback.field).in_(FIELDS))
_ROWS: Final = (
    select(
        col(Feedback.track_id), col(Feedback.field), col(Feedback.value), col(Feedback.person_id),
        col(Feedback.predicted), col(Feedback.features_version), col(Feedback.created_at),
    )
    .where(col(Feedback.field).in_(FIELDS))
    .order_by(col(Feedback.id))
)  # fmt: skip
