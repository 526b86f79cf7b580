"""/api/search: tracks, artists, albums and playlists of a name, also a misspelt one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from assistant.web.contract.shapes import Reply
from assistant.web.session_person import person_of
from store.folding import fold
from store.playlists import playlist_reading
from store.results import LibraryMatch
from store.search.name_search import NameSearch
from tools.text.untrusted import shown

router = APIRouter(prefix="/api", tags=["library"])


class Match(Reply):
    """A name in the library; `score` 0..100, from 90 on it is as good as exact."""

    id: int
    name: str
    artist: str | None
    score: float


class SearchReply(Reply):
    """What resembles the text, each kind with the best first."""

    query: str
    tracks: list[Match]
    artists: list[Match]
    albums: list[Match]
    playlists: list[Match]


@router.get("/search")
def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, description="A name or a part of one")],
    limit: Annotated[int, Query(ge=1, le=50, description="Of each kind")] = 10,
) -> SearchReply:
    """Return what in the library resembles a text. Filters are those of `/api/tracks`."""
    names = NameSearch()
    return SearchReply(
        query=q,
        tracks=_matches(names.tracks(q, limit=limit)),
        artists=_matches(names.artists(q, limit=limit)),
        albums=_matches(names.albums(q, limit=limit)),
        playlists=_playlists(q, person_of(request))[:limit],
    )


def _matches(found: tuple[LibraryMatch, ...]) -> list[Match]:
    return [
        Match(
            id=match.id,
            name=shown(match.name),
            artist=shown(match.artist) if match.artist else None,
            score=round(match.score, 1),
        )
        for match in found
    ]


def _playlists(text: str, person: int) -> list[Match]:
    words = fold(text)
    found: list[Match] = []
    for playlist in playlist_reading.playlists(person=person):
        folded = fold(playlist.name)
        if words and words in folded:
            score = 100.0 * len(words) / len(folded)
            name = shown(playlist.name)
            found.append(Match(id=playlist.id, name=name, artist=None, score=round(score, 1)))
    return sorted(found, key=lambda match: -match.score)
