"""Names that a model put into the wrong argument: a title as an artist."""

from __future__ import annotations

from assistant.messages import ToolCall
from assistant.turns.library_names import LibraryNames

_SURE = 94.0  # score 0..100 from which a name is a title of the library


def with_known_names(call: ToolCall) -> ToolCall:
    """Return a search with titles among its artists as the text to look for."""
    artists = call.arguments.get("artists")
    if not artists or "text" in call.arguments:
        return call
    names = LibraryNames()
    known = names.artists(artists)
    titles = [name for name in artists if name not in known and _is_title(names, name)]
    if len(titles) != 1:
        return call
    rest = [name for name in artists if name not in titles]
    arguments = {**call.arguments, "artists": rest, "text": titles[0]}
    if not rest:
        del arguments["artists"]
    return call.model_copy(update={"arguments": arguments})


def _is_title(names: LibraryNames, name: str) -> bool:
    near = [*names.tracks(name), *names.near_tracks(name)[:1]]
    return any(found.score >= _SURE for found in near)
