"""/api/artists/{id}/similar: artists by the mean sound of their tracks."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query

from assistant.web.contract.shapes import SimilarArtists
from assistant.web.row_id import RowId
from store.library import browsing
from tools.artists.similar_artists import similar_artists

router = APIRouter(prefix="/api/artists", tags=["artists"])

AT_MOST: Final = 100


@router.get("/{artist_id}/similar", response_model=SimilarArtists)
def similar(
    artist_id: RowId, limit: Annotated[int, Query(ge=1, le=AT_MOST)] = 10
) -> dict[str, Any]:
    """Artists that sound like an artist, the most similar first, with a similarity of 0..1.

    The list is empty where no track of the artist was analysed by sound yet.
    """
    named = browsing.artists([artist_id])
    if not named:
        raise HTTPException(404, "There is no such artist.")
    found = similar_artists(artist_id, named[0].name, limit=limit)
    return {
        "artist": {"id": artist_id, "name": named[0].name},
        "similar": [
            {
                "id": int(one.id),
                "name": one.name,
                "tracks": one.tracks,
                "duration_s": round(one.duration_s),
                "similarity": round(alike, 4),
            }
            for one, alike in found
        ],
    }
