"""/api/feedback: what a person says of tracks: the right values, moods, likes, stars."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field

from assistant.web.contract.shapes import LARGEST_ID, Body, Reply, TrackId
from assistant.web.session_person import person_of
from store.library.corrections.correcting import corrections_of
from store.people.given_feedback import GivenFeedback, give, given_feedback
from store.results import StoreError
from store.tracks import track_details

router = APIRouter(prefix="/api", tags=["feedback"])

_FIELD: Final = (
    "title, artist, album, year, genre, bpm or key: the right value, which then counts for "
    "everybody; mood:NAME: fits or not; like: 1, -1 or 0; rating: 0 to 5. 0 takes back."
)
GivenField = Annotated[
    str,
    Field(
        description=_FIELD,
        pattern=r"^(title|artist|album|year|genre|bpm|key|like|rating|mood:[a-z]+)$",
    ),
]
GivenValue = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]
TrackNumber = Annotated[int, Query(ge=1, le=LARGEST_ID)]


class NewFeedback(Body):
    """What a person says of a track."""

    track_id: TrackId
    field: GivenField
    value: GivenValue


class FeedbackReply(Reply):
    """What counts of a track: everybody's corrections, and the person's own moods and stars."""

    track_id: int
    values: dict[str, str]


class FeedbackEntry(Reply):
    """Something that the person said, with what Backbeat says without it."""

    track_id: int
    field: str
    value: str
    predicted: dict[str, Any]
    features_version: int
    created_at: datetime


class FeedbackList(Reply):
    """All that the person said, the newest first."""

    feedback: list[FeedbackEntry]


@router.post("/feedback", status_code=201)
def give_feedback(asked: NewFeedback, request: Request) -> FeedbackReply:
    """Keep feedback; a correction counts from then on, over tags and analysis."""
    _require(asked.track_id)
    _give(request, asked.track_id, asked.field, asked.value)
    return _reply(asked.track_id, person_of(request))


@router.delete("/feedback")
def take_back(track_id: TrackNumber, field: GivenField, request: Request) -> FeedbackReply:
    """Take feedback back; what the file and the analysis say counts again."""
    _require(track_id)
    _give(request, track_id, field, None)
    return _reply(track_id, person_of(request))


@router.get("/feedback")
def given(track_id: TrackNumber, request: Request) -> FeedbackReply:
    """Return the feedback on a track."""
    _require(track_id)
    return _reply(track_id, person_of(request))


@router.get("/feedback/all")
def all_given(request: Request) -> FeedbackList:
    """Return all feedback of the person."""
    return FeedbackList(feedback=[_entry(one) for one in given_feedback(person_of(request))])


def _give(request: Request, track_id: int, field: str, value: str | None) -> None:
    try:
        give(person_of(request), track_id, field, value)
    except StoreError as error:
        raise HTTPException(422, str(error)) from error


def _entry(one: GivenFeedback) -> FeedbackEntry:
    return FeedbackEntry(
        track_id=one.track_id, field=one.field, value=one.value, predicted=dict(one.predicted),
        features_version=one.features_version, created_at=one.created_at,
    )  # fmt: skip


def _reply(track_id: int, person: int) -> FeedbackReply:
    own = {one.field: one.value for one in given_feedback(person, track_id=track_id)}
    return FeedbackReply(track_id=track_id, values={**own, **corrections_of(track_id)})


def _require(track_id: int) -> None:
    if not track_details.track_rows([track_id]):
        raise HTTPException(404, "There is no such track.")
