"""/api/tracks/rows: further rows of a table, in its own order or another."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

import prompts
from assistant.model.embedding import embedder
from assistant.settings import current
from assistant.web.results.track_rows import shown_row
from assistant.web.session_person import person_of
from store.people.likes import LIKED, likes_of
from store.search.query import RowOrder, TrackQuery
from tools.base import ToolContext
from tools.search_tracks import search_tracks

router = APIRouter(prefix="/api/tracks", tags=["tracks"])

ROWS_AT_ONCE: Final = 200
ROWS_AT_MOST: Final = 5000
"""Of one table; a person who wants more narrows the query."""
_LARGEST: Final = 2**63 - 1
"""The largest integer of SQLite; a larger one would cause a server error."""

TrackId = Annotated[int, Field(ge=1, le=_LARGEST)]


class RowsRequest(BaseModel):
    """What a table shows, and what it wants behind it.

    Attributes:
        query: What the table shows; its own limit does not count.
        seen: Ids of the rows that are there.
        count: How many further rows.
        order: Another order than that of the query.
        language: Of moods and reasons.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: TrackQuery
    seen: list[TrackId] = Field(default=[], max_length=ROWS_AT_MOST)
    count: int = Field(ge=1, le=ROWS_AT_ONCE)
    order: RowOrder | None = None
    language: str = Field(default=prompts.FALLBACK, max_length=20)


@router.post("/rows", include_in_schema=False)
def rows(request: Request, asked: RowsRequest) -> dict[str, Any]:
    """The rows that follow those seen, and how many there are in all."""
    language = prompts.language_for(asked.language) or prompts.FALLBACK
    context = ToolContext(
        language=language,
        person=person_of(request),
        seen=tuple(asked.seen),
        order=asked.order,
        embed_text=embedder(current()),
    )
    query = asked.query.model_copy(update={"limit": asked.count})
    result = search_tracks.run(query, context)
    tracks = search_tracks.render(result, context).data["tracks"]
    return {
        "tracks": [shown_row(track, language) for track in tracks],
        "total": result.facts["total"],
    }


@router.get("/liked")
def liked(request: Request) -> list[int]:
    """Ids of the tracks that the person likes, the newest first."""
    found = likes_of(person_of(request))
    return [number for number, value in found.items() if value == LIKED]
