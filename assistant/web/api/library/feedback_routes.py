"""/api/feedback: corrections of what is known of tracks, and the stars that a person gives."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field

from assistant.web.contract.shapes import LARGEST_ID, Body, Reply, TrackId
from assistant.web.session_person import person_of
from store.library.track_writing import feedback, save_feedback
from store.people.ratings import MOST_STARS, rate_track, stars_of
from store.tracks import track_details

router = APIRouter(prefix="/api", tags=["feedback"])

Correction = Literal["title", "artist", "album", "year", "genre", "mood", "bpm", "key", "energy"]
_CORRECTIONS: Final = frozenset(get_args(Correction))
_STARS: Final = tuple(str(stars) for stars in range(MOST_STARS + 1))


class NewFeedback(Body):
    """What a person says of a track: the right value of a field, or its stars.

    The stars (`rating`, "0" to "5", "0" takes them back) are this person's; corrections are the
    library's.
    """

    track_id: TrackId
    field: Correction | Literal["rating"]
    value: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]


class FeedbackReply(Reply):
    """The last correction of each field of a track, and the person's own `rating`."""

    track_id: int
    values: dict[str, str]


@router.post("/feedback", status_code=201)
def give(asked: NewFeedback, request: Request) -> FeedbackReply:
    """Keep feedback on a track; the analysis stays as it is."""
    _require(asked.track_id)
    if asked.field != "rating":
        save_feedback(asked.track_id, asked.field, asked.value)
    elif asked.value in _STARS:
        rate_track(person_of(request), asked.track_id, int(asked.value))
    else:
        raise HTTPException(422, f"Expected a rating of 0 to {MOST_STARS} stars.")
    return _reply(asked.track_id, person_of(request))


@router.get("/feedback")
def given(track_id: Annotated[int, Query(ge=1, le=LARGEST_ID)], request: Request) -> FeedbackReply:
    """Return the feedback on a track."""
    _require(track_id)
    return _reply(track_id, person_of(request))


def _reply(track_id: int, person: int) -> FeedbackReply:
    found = feedback(track_id)
    values = {field: value for field, value in found.items() if field in _CORRECTIONS}
    if stars := stars_of(person, track_id):
        values["rating"] = str(stars)
    return FeedbackReply(track_id=track_id, values=values)


def _require(track_id: int) -> None:
    if not track_details.track_rows([track_id]):
        raise HTTPException(404, "There is no such track.")
