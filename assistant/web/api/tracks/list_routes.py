"""/api/tracks: lists of tracks by the filters of `TrackQuery`."""

from __future__ import annotations

import random
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field

from assistant.model.embedding import embedder
from assistant.settings import current
from assistant.web.contract.cursors import FOREIGN, cursor, place
from assistant.web.contract.shapes import FoundSong, Reply, TrackPageReply
from assistant.web.session_person import person_of
from store.search.query import TrackQuery
from store.search.track_pages import LARGEST_SEED, NoPlaceError, track_page
from tools.base import ToolContext
from tools.search_tracks import search_tracks
from tools.tracks.selection import exact
from tools.tracks.track_facts import track_data, track_fact

router = APIRouter(prefix="/api/tracks", tags=["tracks"])

PAGE = 50


class TrackListQuery(TrackQuery):
    """The filters of a list, and where it goes on."""

    cursor: str | None = Field(default=None, max_length=4000)


class FoundSongs(Reply):
    """Songs that fit, each once, as the conversation shows them."""

    tracks: list[FoundSong]
    total: int
    facts: dict[str, Any]


@router.get("")
def tracks(request: Request, asked: Annotated[TrackListQuery, Query()]) -> TrackPageReply:
    """Return tracks that fit all filters, page by page; each file is a track.

    Pass the `next` of a page as `cursor` for the page that follows.
    """
    query = TrackQuery(**asked.model_dump(exclude={"cursor"}))
    context = _context(request)
    told = {**query.model_dump(exclude={"limit"}), "person": context.person}
    seed, after = random.randrange(LARGEST_SEED), None
    if asked.cursor is not None:
        seed, *after = place(told, asked.cursor)
    selection = exact(query, context)
    try:
        found = track_page(
            selection.query,
            limit=query.limit or PAGE,
            after=None if after is None else tuple(after),
            ids=selection.ids,
            seed=seed if isinstance(seed, int) else 0,
        )
    except NoPlaceError as error:
        raise HTTPException(422, FOREIGN) from error
    return TrackPageReply.model_validate(
        {
            "tracks": [track_data(track_fact(row)) for row in found.tracks],
            "total": found.total,
            "next": None if found.last is None else cursor(told, [seed, *found.last]),
            "taken_as": list(selection.taken_as),
        }
    )


@router.post("")
def songs(request: Request, query: TrackQuery) -> FoundSongs:
    """Return songs that fit a query given as JSON, each once with its other versions."""
    context = _context(request)
    result = search_tracks.run(query, context)
    data = search_tracks.render(result, context).data
    return FoundSongs.model_validate(
        {"tracks": data["tracks"], "total": result.facts["total"], "facts": dict(result.facts)}
    )


def _context(request: Request) -> ToolContext:
    return ToolContext(person=person_of(request), embed_text=embedder(current()))
