"""Artists that sound like an artist, by the mean sound of their tracks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store.folding import artist_parts
from store.library import browsing
from store.library.counting import Group
from store.vectors import vector_service
from tools.base import Rendering, ToolError
from tools.text.words import Language, say, say_count
from tools.tracks.library_scope import Scope
from tools.tracks.track_groups import group_fact, group_item

LIMIT: Final = 10
SPARE: Final = 20
"""Neighbours asked for beyond the limit: credits that name the artist itself fall out."""


def similar_artists(
    artist_id: int, name: str, *, limit: int = LIMIT
) -> tuple[tuple[Group, float], ...]:
    """Return (artist, similarity 0..1), the most similar first, without credits of the artist.

    Empty when no track of the artist was listened to.
    """
    near = dict(vector_service.similar_artists(artist_id, limit=limit + SPARE))
    own = set(artist_parts(name))
    others = [one for one in browsing.artists(list(near)) if not own & set(artist_parts(one.name))]
    return tuple((one, near[int(one.id)]) for one in others[:limit])


def similar_facts(part: Scope, language: Language) -> dict[str, Any]:
    """Return the artists like the one that `part` is about, as facts.

    Raises:
        ToolError: None of its tracks was listened to.
    """
    found = similar_artists(part.artist_id or 0, part.name)
    if not found and not vector_service.similar_artists(part.artist_id or 0, limit=1):
        raise ToolError(say(language, "browse_library.artist_not_heard", name=part.name))
    similar = [{**group_fact(one), "similarity": round(alike, 3)} for one, alike in found]
    return {"what": "artists", "of": part.name, "of_kind": "artist", "similar": similar}


def render_similar(facts: Mapping[str, Any], language: Language) -> Rendering:
    """Return them as a list to click."""
    name, similar = facts["of"], facts["similar"]
    sentence = say_count(language, "browse_library.artists_like", len(similar), name=name)
    if not similar:
        sentence = say(language, "browse_library.no_artists_like", name=name)
        return Rendering(sentence, "text", dict(facts))
    items = [group_item(one, "artist", language) for one in similar]
    title = say(language, "browse_library.title_artists_like", name=name)
    return Rendering(sentence, "list", {**facts, "title": title, "items": items})
