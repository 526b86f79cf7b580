"""Selection and order of the tracks that a query plays."""

from __future__ import annotations

import random
from typing import Final

from store.results import SearchResult
from store.search import track_search
from store.tracks.album_order import in_album_order
from tools.base import ToolContext, TrackQuery
from tools.playlist.composing import PlaylistOptions, compose, pool_of
from tools.playlist.song_versions import best_file_first, songs_of
from tools.tracks.selection import Selection, exact

DEFAULT_LIMIT: Final = 50
"""Tracks: three hours of music."""
LONGEST: Final = 200
"""Tracks at most, as of `TrackQuery.limit`."""
SPARE: Final = 10
"""Read beyond the limit, as other versions of a song fall out."""
CANDIDATES: Final = 900
"""Read from the store."""
POOL: Final = 400
"""Songs looked at: enough for variety, few enough for a table of all pairs."""
CHANCE: Final = 0.1
"""Of fit 0..1: tracks that fit about as well take turns between one request and another."""
SEEDS: Final = 10_000


class NothingFitsError(Exception):
    """No track fits the query.

    Attributes:
        found: The empty search.
        selection: The resolved query.
    """

    def __init__(self, found: SearchResult, selection: Selection) -> None:
        super().__init__("nothing fits")
        self.found = found
        self.selection = selection


def tracks_to_play(query: TrackQuery, context: ToolContext) -> tuple[list[int], Selection]:
    """Return the ids of the tracks to play, each song once, and the resolved query.

    A query with a sort, or with words of a name, keeps the order of a search; an album that of
    its tracks; everything else is varied and ordered for smooth transitions.

    Raises:
        NothingFitsError: No track fits.
        ToolError: A name is not in the library.
    """
    selection = exact(query, context)
    limit = query.limit or DEFAULT_LIMIT
    if query.sort or selection.query.text or _albums(query):
        track_ids = _searched(selection, limit=limit)
    else:
        track_ids = _composed(selection, limit=limit, context=context)
    return (in_album_order(track_ids) if _albums(query) and not query.sort else track_ids), (
        selection
    )


def _albums(query: TrackQuery) -> bool:
    return bool(query.model_dump(exclude_defaults=True).get("albums"))


def _searched(selection: Selection, *, limit: int) -> list[int]:
    read = min(2 * limit + SPARE, LONGEST)
    spare = selection.query.model_copy(update={"limit": read})
    found = track_search.search(spare, ids=selection.ids)
    if not found.tracks:
        raise NothingFitsError(found, selection)
    return [best_file_first(song)[0].id for song in songs_of(found.tracks)][:limit]


def _composed(selection: Selection, *, limit: int, context: ToolContext) -> list[int]:
    found = track_search.candidates(
        selection.query,
        limit=CANDIDATES,
        ids=selection.ids,
        seed=random.randrange(SEEDS),
        chance=CHANCE,
    )
    if not found:
        empty = track_search.search(selection.query, default_limit=1, ids=selection.ids)
        raise NothingFitsError(empty, selection)
    options = PlaylistOptions(count=limit)
    pool = pool_of(found, size=POOL)
    return [number for number, _ in compose(pool, options, language=context.language)]
