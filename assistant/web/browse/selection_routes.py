"""/api/browse/selection: what is done with several tracks at once: playlist, charts, likes."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.web.session_person import person_of
from store.people import likes
from store.playlists.playlist_writing import save_playlist
from store.search.query import Name
from store.tracks.track_details import track_rows
from store.vocabulary import LEVELS
from tools.generate_drum_chart import existing_chart, queue_chart
from tools.saved_playlists.playlist_charts import PLAYLIST_PRIORITY
from tools.text.untrusted import shown

router = APIRouter(prefix="/api/browse/selection", include_in_schema=False)

AT_MOST: Final = 2000
"""Tracks of a playlist made of a selection."""
CHARTS_AT_MOST: Final = 200
"""Charts that are queued at once: each takes a worker a minute."""
TrackId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class _Selection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SelectedPlaylist(_Selection):
    """Tracks in order, and the name that their playlist gets."""

    name: Name
    tracks: list[TrackId] = Field(min_length=1, max_length=AT_MOST)


class SelectedTracks(_Selection):
    """Tracks whose charts are wanted."""

    tracks: list[TrackId] = Field(min_length=1, max_length=CHARTS_AT_MOST)


class SelectedLikes(_Selection):
    """Tracks that a person likes, or no longer likes."""

    tracks: list[TrackId] = Field(min_length=1, max_length=AT_MOST)
    liked: bool


@router.post("/playlist")
def make_playlist(asked: SelectedPlaylist, request: Request) -> dict[str, Any]:
    """Save a playlist of the tracks that are there."""
    there = {row.id for row in track_rows(asked.tracks)}
    entries = [(number, "") for number in asked.tracks if number in there]
    saved = save_playlist(asked.name, entries, {}, person=person_of(request))
    return {"id": saved.id, "name": shown(saved.name), "tracks": len(saved.entries)}


@router.post("/charts")
def make_charts(asked: SelectedTracks) -> dict[str, int]:
    """Queue the drum charts of the tracks that have none."""
    there = [row.id for row in track_rows(asked.tracks)]
    missing = [number for number in there if existing_chart(number, LEVELS) is None]
    for number in missing:
        queue_chart(number, LEVELS, priority=PLAYLIST_PRIORITY)
    return {"queued": len(missing), "tracks": len(there)}


@router.put("/likes")
def like(asked: SelectedLikes, request: Request) -> dict[str, int]:
    """Like all tracks, or take the likes back."""
    person = person_of(request)
    there = [row.id for row in track_rows(asked.tracks)]
    for number in there:
        if asked.liked:
            likes.set_like(person, number, likes.LIKED)
        else:
            likes.clear_like(person, number)
    return {"tracks": len(there)}
