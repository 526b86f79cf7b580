"""Resolution of a query: exact names, and tracks for "like" and descriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from store.folding import artist_parts, fold
from store.search import name_search, track_search
from store.search.query import TrackQuery
from store.search.sound_search import described
from store.vectors.model_server import ModelServerSettings
from store.vectors.significant_neighbours import significant_neighbours
from tools.base import ToolContext, ToolError
from tools.text.untrusted import shown
from tools.text.words import Language, say
from tools.tracks.meaning import meaning
from tools.tracks.similarity import alike
from tools.tracks.track_facts import find_track, not_in_library

SURE_ARTIST: Final = 90.0
"""Score from which an artist is taken as meant; there are far fewer of them than of titles."""
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
        query: With artist names as the library writes them, without a text that was taken as a
            description.
        ids: Tracks that resemble the one named or fit the description, the best first; None
            without either.
        like_id: The track named in `like`.
        taken_as: What a description was taken as, terms of `store.search.sound_search`,
            heaviest first.
        described: Whether the text was taken as a description; by a text model alone when
            `taken_as` is empty.
        puzzling: The text is in no name, and means nothing that is known.
    """

    query: TrackQuery
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
    language = context.language
    exact_query = query.model_copy(
        update={
            "artists": [_artist(name, language) for name in query.artists],
            "exclude_artists": [_artist(name, None) for name in query.exclude_artists],
        }
    )
    if query.like is None:
        return Selection(exact_query) if query.text is None else _by_text(exact_query, context)
    like_id = find_track(query.like, context)
    ids = tuple(near for near, _ in alike(like_id, limit=NEIGHBOURS))
    if not ids:
        raise ToolError(say(language, "similar.not_heard", name=shown(query.like)))
    return Selection(exact_query, ids, like_id)


def _by_text(query: TrackQuery, context: ToolContext) -> Selection:
    """Names before meanings: only a text that is in no name, or all of which means something."""
    text = query.text or ""
    words = TrackQuery(text=text)
    known = meaning(text, context.language)
    named = track_search.any_fits(words)
    if named and not (known and known.whole):
        return Selection(query)
    by_name = [one.id for one in track_search.candidates(words, limit=NAMED)] if named else []
    rest = query.model_copy(update={"text": None})
    narrowed = rest.model_copy(update={"sort": None, "limit": None}) != TrackQuery()
    limit = DESCRIBED_NARROWED if narrowed else DESCRIBED
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


def _artist(name: str, language: Language | None) -> str:
    """The artist as the library writes it; without `language` an unknown one is let through."""
    matches = name_search.NameSearch().artists(name)
    if any(artist_parts(m.name).get(fold(name)) for m in matches):
        return name
    if matches and matches[0].score >= SURE_ARTIST:
        return matches[0].name
    if language is None:
        return name
    raise not_in_library(name, [shown(m.name) for m in matches], language)
