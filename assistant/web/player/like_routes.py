"""/api/tracks/…/like: what a person likes."""

from __future__ import annotations

from fastapi import APIRouter, Request

from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from store.people import likes

router = APIRouter(prefix="/api/tracks", tags=["likes"])


@router.put("/{track_id}/like", status_code=204)
def like(track_id: RowId, request: Request) -> None:
    """Like a track."""
    likes.set_like(person_of(request), track_id, likes.LIKED)


@router.delete("/{track_id}/like", status_code=204)
def forget(track_id: RowId, request: Request) -> None:
    """Take a like, or a dislike, back."""
    likes.clear_like(person_of(request), track_id)
