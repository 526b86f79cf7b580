"""/api/recommendations: what goes on after tracks, or after what a person likes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.web.contract.shapes import Reply, TrackId, TrackReply
from assistant.web.session_person import person_of
from store.people.likes import DISLIKED, LIKED, likes_of
from store.tracks import track_details
from tools.playlist.radio import further
from tools.tracks.track_facts import track_data, track_fact

router = APIRouter(prefix="/api", tags=["library"])

SEEDS_AT_MOST = 20
LIKES_READ = 3
"""Of the newest likes: `further` weighs the last three tracks."""
SPARE = 20
"""Asked for beyond the limit, as tracks that the person dislikes fall out."""


class Recommendations(Reply):
    """Tracks of the same sound, mood, tempo and key, ordered so that neighbours go together.

    `based_on` says what they follow from: tracks of the request, the person's likes, or nothing
    (then there are none).
    """

    based_on: Literal["tracks", "likes", "nothing"]
    seeds: list[int]
    tracks: list[TrackReply]


@router.get("/recommendations")
def recommendations(
    request: Request,
    track: Annotated[
        list[TrackId],
        Query(max_length=SEEDS_AT_MOST, description="Ids, the most important last"),
    ] = [],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Recommendations:
    """Return what goes on after the tracks given, or after what the person liked last."""
    likes = likes_of(person_of(request))
    if len(track_details.track_rows(sorted(set(track)))) < len(set(track)):
        raise HTTPException(404, "There is no such track.")
    liked = [number for number, value in likes.items() if value == LIKED]
    seeds = list(track) or liked[:LIKES_READ][::-1]
    disliked = {number for number, value in likes.items() if value == DISLIKED}
    known = disliked if track else disliked | set(liked)
    found = [number for number in further(seeds, count=limit + SPARE) if number not in known]
    rows = track_details.track_rows(found[:limit])
    return Recommendations.model_validate(
        {
            "based_on": "tracks" if track else "likes" if seeds else "nothing",
            "seeds": seeds,
            "tracks": [track_data(track_fact(row)) for row in rows],
        }
    )
