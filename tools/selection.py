"""From a wish to tracks: names made exact, "like" turned into neighbours by sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store import queries, vector_service
from store.folding import artist_parts, fold
from store.query import TrackQuery
from tools.base import ToolError
from tools.track_facts import find_track, not_in_library
from tools.untrusted import shown
from tools.words import Language, say

SURE_ARTIST: Final = 90.0
"""Score from which an artist is taken as meant; there are far fewer of them than of titles."""
NEIGHBOURS: Final = 300
"""How many neighbours "like this track" looks at before the other wishes narrow them."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A wish made exact.

    Attributes:
        query: With artist names as the library writes them.
        ids: Neighbours of the track that was named, nearest first; None without `like`.
        like_id: That track.
    """

    query: TrackQuery
    ids: tuple[int, ...] | None = None
    like_id: int | None = None


def exact(query: TrackQuery, language: Language) -> Selection:
    """Resolve the names in `query`.

    Raises:
        ToolError: An artist or track is not in the library, or may be one of several.
    """
    exact_query = query.model_copy(
        update={
            "artists": [_artist(name, language) for name in query.artists],
            "exclude_artists": [_artist(name, None) for name in query.exclude_artists],
        }
    )
    if query.like is None:
        return Selection(exact_query)
    like_id = find_track(query.like, language)
    ids = tuple(near for near, _ in vector_service.similar(like_id, limit=NEIGHBOURS))
    if not ids:
        raise ToolError(say(language, "similar.not_heard", name=shown(query.like)))
    return Selection(exact_query, ids, like_id)


def _artist(name: str, language: Language | None) -> str:
    """The artist as the library writes it; without `language` an unknown one is let through."""
    matches = queries.NameIndex().artists(name)
    if any(artist_parts(m.name).get(fold(name)) for m in matches):
        return name
    if matches and matches[0].score >= SURE_ARTIST:
        return matches[0].name
    if language is None:
        return name
    raise not_in_library(name, [shown(m.name) for m in matches], language)
