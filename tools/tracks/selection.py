"""Resolution of a query: exact names, and tracks for "like" and descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from store.folding import fold
from store.search import track_search
from store.search.exact_names import things_named
from store.search.query import ResolvedQuery, TrackQuery
from store.search.sound_search import described
from store.vectors.model_server import ModelServerSettings
from store.vectors.significant_neighbours import significant_neighbours
from tools.base import ToolContext, ToolError
from tools.text.untrusted import shown
from tools.text.words import say
from tools.tracks.meaning import meaning
from tools.tracks.query_names import resolved
from tools.tracks.similarity import alike
from tools.tracks.track_facts import find_track

NEIGHBOURS: Final = 300
"""How many neighbours "like this track" reads before the other filters narrow them."""


DESCRIBED: Final = 400
"""How many tracks a description brings."""
DESCRIBED_NARROWED: Final = 3000
"""How many where other filters narrow them afterwards."""
NAMED: Final = 100
"""Tracks with the very words of a description in their names, which come before the others."""
RANK_OFFSET: Final = 60
"""Of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009), which joins two rankings."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A resolved query.

    Attributes:
        query: With names as the library has them, without a text that was taken as a description.
        ids: Tracks that resemble the one named or fit the description, the best first; None
            without either.
        like_id: The track named in `like`.
        taken_as: What a description was taken as, terms of `store.search.sound_search`,
            heaviest first.
        described: Whether the text was taken as a description; by a text model alone when
            `taken_as` is empty.
        puzzling: The text is in no name, and means nothing that is known.
    """

    query: ResolvedQuery
    ids: tuple[int, ...] | None = None
    like_id: int | None = None
    taken_as: tuple[str, ...] = ()
    described: bool = False
    puzzling: bool = False


def exact(query: TrackQuery, context: ToolContext) -> Selection:
    """Resolve the names in `query`, and a description.

    Raises:
        ToolError: An artist or track is not in the library, or may be one of several.
    """
    exact_query = resolved(query, context)
    if query.like is None:
        return Selection(exact_query) if query.text is None else _by_text(exact_query, context)
    like_id = find_track(query.like, context)
    ids = tuple(near for near, _ in alike(like_id, limit=NEIGHBOURS))
    if not ids:
        raise ToolError(say(context.language, "similar.not_heard", name=shown(query.like)))
    return Selection(exact_query, ids, like_id)


def _by_text(query: ResolvedQuery, context: ToolContext) -> Selection:
    """Names before meanings: a title is no description, whatever its words mean."""
    text = query.text or ""
    if any(thing.kind != "playlist" for thing in things_named([fold(text)])):
        return Selection(query)
    words = TrackQuery(text=text)
    known = meaning(text, context.language)
    named = track_search.any_fits(words)
    if named and not (known and known.whole):
        return Selection(query)
    by_name = [one.id for one in track_search.candidates(words, limit=NAMED)] if named else []
    rest = query.model_copy(update={"text": None})
    limit = DESCRIBED_NARROWED if rest.narrows() else DESCRIBED
    rankings = [described(known.weights, limit=limit)] if known else []
    rankings.append(_by_model(text, context, limit=limit))
    ids = tuple(dict.fromkeys([*by_name, *_fused(rankings)]))
    if not ids:
        return Selection(query, puzzling=known is None)
    return Selection(rest, ids, taken_as=tuple(known.weights) if known else (), described=True)


def _by_model(text: str, context: ToolContext, *, limit: int) -> tuple[int, ...]:
    """Tracks whose own words a text model finds nearest, where some stand out; else none."""
    vector = context.embed_text(text) if context.embed_text else None
    if not vector:
        return ()
    near = significant_neighbours(
        np.asarray(vector, "<f4").tobytes(), model=ModelServerSettings().embed_model, limit=limit
    )
    return tuple(track_id for track_id, _ in near)


def _fused(rankings: Sequence[Sequence[int]]) -> list[int]:
    """One ranking of several: what stands high in any, higher still what does in all."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, track_id in enumerate(ranking):
            scores[track_id] = scores.get(track_id, 0.0) + 1.0 / (RANK_OFFSET + rank)
    return sorted(scores, key=lambda track_id: -scores[track_id])
