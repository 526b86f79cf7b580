"""/api/feedback: corrections of what is known of tracks."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field

from assistant.web.contract.shapes import LARGEST_ID, Body, Reply, TrackId
from store.library.track_writing import feedback, save_feedback
from store.tracks import track_details

router = APIRouter(prefix="/api", tags=["feedback"])

FeedbackField = Literal[
    "title", "artist", "album", "year", "genre", "mood", "bpm", "key", "energy", "rating", "comment"
]


class NewFeedback(Body):
    """What a person says of a track: the right value of a field, a rating, a comment."""

    track_id: TrackId
    field: FeedbackField
    value: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]


class FeedbackReply(Reply):
    """The last value of each field that was given for a track."""

    track_id: int
    values: dict[str, str]


@router.post("/feedback", status_code=201)
def give(asked: NewFeedback) -> FeedbackReply:
    """Keep feedback on a track; the analysis stays as it is."""
    _require(asked.track_id)
    save_feedback(asked.track_id, asked.field, asked.value)
    return FeedbackReply(track_id=asked.track_id, values=dict(feedback(asked.track_id)))


@router.get("/feedback")
def given(track_id: Annotated[int, Query(ge=1, le=LARGEST_ID)]) -> FeedbackReply:
    """Return the feedback on a track."""
    _require(track_id)
    return FeedbackReply(track_id=track_id, values=dict(feedback(track_id)))


def _require(track_id: int) -> None:
    if not track_details.track_rows([track_id]):
        raise HTTPException(404, "There is no such track.")
