"""Everything that a person said of tracks, each a field and a value.

| field | value |
|---|---|
| title, artist, album, year, genre, bpm, key | the right value; counts for everybody |
| mood:relaxed, … | fits, not |
| like | 1 liked, -1 disliked |
| rating | 1..5 stars |
| play | full, skip: what the player or an app counted; one row a time |
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from store.database.db import read, rows
from store.library.corrections.correcting import correct, corrections
from store.library.corrections.values import FIELDS
from store.people import likes, plays, ratings
from store.people.mood_labels import FITS, NOT, PREFIX, label_mood, mood_labels
from store.results import StoreError
from store.stored_values import as_utc
from store.tables.listening import Play, TrackRating
from store.tables.people import TrackLike

Value = TypeVar("Value")

LIKE: Final = "like"
RATING: Final = "rating"
PLAY: Final = "play"
FULL: Final = "full"
SKIP: Final = "skip"


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """Something that a person said of a track.

    Attributes:
        predicted: What Backbeat says without it: {"bpm": 174.0}, {"strength": 0.6}.
        features_version: Of the analysis that says so; 0 where it does not matter.
    """

    track_id: int
    field: str
    value: str
    created_at: datetime
    predicted: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    features_version: int = 0

    @property
    def name(self) -> str:
        """The name by which it is edited and deleted: "mood:relaxed@12"."""
        return f"{self.field}@{self.track_id}"


def given_feedback(
    person_id: int, *, track_id: int | None = None, with_plays: bool = False
) -> tuple[GivenFeedback, ...]:
    """Return what a person said, of one track or of all, the newest first."""
    found = [
        GivenFeedback(
            label.track_id, PREFIX + label.mood, FITS if label.fits else NOT, label.created_at,
            {"strength": label.strength}, label.features_version,
        )
        for label in mood_labels(person_id, track_id=track_id)
    ]  # fmt: skip
    found += [
        GivenFeedback(
            one.track_id, one.field, one.value, one.created_at, one.predicted, one.features_version
        )
        for one in corrections(None if track_id is None else [track_id])
        if one.person_id == person_id
    ]
    found += _of_table(TrackLike, LIKE, person_id, track_id)
    found += _of_table(TrackRating, RATING, person_id, track_id)
    if with_plays:
        found += _plays(person_id, track_id)
    return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))


def give(person_id: int, track_id: int, field: str, value: str | None) -> None:
    """Store what a person says of a track; None takes it back.

    Raises:
        StoreError: No such track or field, or a value that the field does not take.
    """
    if field in FIELDS:
        correct({track_id: {field: value}}, person_id=person_id)
    elif field.startswith(PREFIX):
        label_mood(person_id, track_id, field.removeprefix(PREFIX), _choice(value, _FITTING))
    elif field == LIKE:
        _like(person_id, track_id, _choice(value, _LIKING) or 0)
    elif field == RATING:
        ratings.rate_track(person_id, track_id, _choice(value, _STARS) or 0)
    elif field == PLAY and value is None:
        plays.forget_plays(person_id, track_id)
    elif field == PLAY:
        completed = _choice(value, _PLAYED) is not False
        plays.store_play(person_id, track_id, source="import", completed=completed)
    else:
        names = ", ".join((*FIELDS, f"{PREFIX}NAME", LIKE, RATING))
        raise StoreError(f"Expected one of {names}, not {field!r}.")


def give_play(person_id: int, track_id: int, value: str, played_at: datetime) -> None:
    """Store a play of an earlier time."""
    completed = _choice(value, _PLAYED) is not False
    plays.store_play(person_id, track_id, source="import", played_at=played_at, completed=completed)


_FITTING: Final[Mapping[str, bool]] = {FITS: True, NOT: False}
_LIKING: Final[Mapping[str, int]] = {"1": 1, "-1": -1, "0": 0}
_STARS: Final[Mapping[str, int]] = {str(stars): stars for stars in range(ratings.MOST_STARS + 1)}
_PLAYED: Final[Mapping[str, bool]] = {FULL: True, SKIP: False}


def _choice(value: str | None, known: Mapping[str, Value]) -> Value | None:
    if value is None:
        return None
    if value not in known:
        raise StoreError(f"Expected {' or '.join(known)}, not {value!r}.")
    return known[value]


def _like(person_id: int, track_id: int, value: int) -> None:
    if value == 0:
        likes.clear_like(person_id, track_id)
    else:
        likes.set_like(person_id, track_id, likes.LIKED if value > 0 else likes.DISLIKED)


def _of_table(
    table: type[TrackLike | TrackRating], name: str, person_id: int, track_id: int | None
) -> Iterable[GivenFeedback]:
    columns = select(col(table.track_id), col(table.value), col(table.created_at))
    with read() as session:
        found = rows(session, columns.where(*_whose(table, person_id, track_id)))
    return [
        GivenFeedback(row.track_id, name, str(row.value), as_utc(row.created_at)) for row in found
    ]


def _plays(person_id: int, track_id: int | None) -> Iterable[GivenFeedback]:
    columns = select(col(Play.track_id), col(Play.played_at), col(Play.completed))
    with read() as session:
        found = rows(session, columns.where(*_whose(Play, person_id, track_id)))
    return [
        GivenFeedback(row.track_id, PLAY, FULL if row.completed else SKIP, as_utc(row.played_at))
        for row in found
    ]


def _whose(
    table: type[TrackLike | TrackRating | Play], person_id: int, track_id: int | None
) -> tuple[ColumnElement[bool], ...]:
    of_person = col(table.person_id) == person_id
    return (of_person,) if track_id is None else (of_person, col(table.track_id) == track_id)
