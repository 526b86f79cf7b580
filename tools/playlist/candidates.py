"""Candidates for a playlist: tracks that fit a request, by fit with a little chance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from store.results import Candidate
from store.search import track_search
from store.search.query import TrackQuery
from tools.base import ToolContext
from tools.playlist.choosing import leading
from tools.playlist.song_versions import songs_of
from tools.tracks.selection import Selection, exact
from tools.tracks.similarity import alike

LONGEST: Final = 200
"""Tracks of a playlist at most, as of `TrackQuery.limit`."""
CANDIDATES: Final = 900
"""Read from the store."""
POOL: Final = 600
"""Songs looked at: enough for variety, few enough for a table of all pairs."""
CHANCE: Final = 0.1
"""Of fit 0..1: tracks that fit about as well take turns between one request and another."""
SEEDS: Final = 10_000
"""A seed is a number that a person can say."""
FROM_SHOWN: Final = "from_shown"
"""Key of a stored request: the playlist was made of the tracks shown."""

_FREE: Final = (None, "relevance", "random")
"""Orders without a first track."""
_EXAMPLES: Final = 5
"""Tracks of a playlist whose neighbours continue it."""
_NEIGHBOURS: Final = 100
"""Neighbours of each of them."""


def candidates_of(
    selection: Selection, *, seed: int, count: int, among: Sequence[int] | None = None
) -> tuple[Candidate, ...]:
    """Return the candidates; for "added" only the tracks added last, the newest the fittest.

    With a direction ("the 10 longest") they are the first `count` of that order alone.

    Args:
        selection: The resolved query.
        seed: The same number gives the same tracks.
        count: Of tracks wanted.
        among: Only these tracks; their order is their fit.
    """
    ids = selection.ids
    if among is not None:
        ids = among if ids is None else [track_id for track_id in ids if track_id in set(among)]
    if selection.query.descending is not None and selection.query.sort not in _FREE:
        ids = leading(replace(selection, ids=ids), count=count)
    elif selection.query.sort == "added" and among is None:
        newest = selection.query.model_copy(update={"limit": LONGEST})
        ids = [row.id for row in track_search.search(newest, ids=ids).tracks]
    chance = 1.0 if selection.query.sort == "random" else CHANCE
    return track_search.candidates(
        selection.query, limit=CANDIDATES, ids=ids, seed=seed, chance=chance
    )


def candidates_again(
    request: Mapping[str, Any], tracks: Sequence[int], context: ToolContext, *, seed: int
) -> tuple[Candidate, ...]:
    """Return candidates for a playlist that is there already.

    They fit the request that made it; where that was a path or a list by hand, they resemble the
    tracks in it.

    Raises:
        ToolError: A name of the request is no longer in the library.
    """
    selection = exact(query_of(request), context)
    by_hand = not request or request.get(FROM_SHOWN) or request.get("from_track")
    examples = _continuing(tracks) if by_hand and selection.ids is None else ()
    return candidates_of(selection, seed=seed, count=LONGEST, among=examples or None)


def query_of(request: Mapping[str, Any]) -> TrackQuery:
    """Return the filters of a stored request; without those that are no longer understood."""
    filters = {name: value for name, value in request.items() if name in TrackQuery.model_fields}
    try:
        return TrackQuery.model_validate(filters)
    except ValidationError as error:
        wrong = {item["loc"][0] for item in error.errors() if item["loc"]}
        return TrackQuery.model_validate({k: v for k, v in filters.items() if k not in wrong})


def without_songs(found: Sequence[Candidate], taken: Collection[int]) -> list[Candidate]:
    """Return the candidates whose songs are none of the tracks `taken`, in any version."""
    there = track_search.candidates(TrackQuery(), limit=max(len(taken), 1), ids=list(taken))
    fresh: set[int] = set()
    for song in songs_of([*there, *(track for track in found if track.id not in taken)]):
        ids = {track.id for track in song}
        fresh |= set() if ids & set(taken) else ids
    return [track for track in found if track.id in fresh]


def _continuing(tracks: Sequence[int]) -> tuple[int, ...]:
    """Return tracks that resemble some of `tracks`, the nearest to any of them first."""
    step = max(1, len(tracks) // _EXAMPLES)
    near = [alike(track_id, limit=_NEIGHBOURS) for track_id in tracks[::step][:_EXAMPLES]]
    ranked = sorted((rank, track_id) for one in near for rank, (track_id, _) in enumerate(one))
    return tuple(dict.fromkeys(track_id for _, track_id in ranked))
