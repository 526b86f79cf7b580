"""Names that a model put into the wrong argument, or that are none."""

from __future__ import annotations

from typing import Any, Final

from assistant.messages import ToolCall
from assistant.turns.library_names import LibraryNames

_SURE: Final = 94.0  # score 0..100 from which a name is a title of the library
_NEAR: Final = 70.0  # from which it may be one, and the person is asked


def with_known_names(call: ToolCall) -> ToolCall:
    """Return a search whose names are names of the library, where that is plain.

    A title among the artists is the text to look for, what resembles no title is a description,
    and nobody of that name need not be left out.
    """
    arguments = dict(call.arguments)
    names = LibraryNames()
    if "text" not in arguments:
        _titles_as_text(arguments, names)
    like = arguments.get("like")
    if isinstance(like, str) and like.islower() and _score(names, like) < _NEAR:
        del arguments["like"]
        arguments.setdefault("text", like)
    if excluded := arguments.get("exclude_artists"):
        known = names.artists(excluded)
        kept = [name for name in excluded if name in known or _is_near_artist(names, name)]
        arguments["exclude_artists"] = kept
        if not kept:
            del arguments["exclude_artists"]
    return call.model_copy(update={"arguments": arguments})


def _titles_as_text(arguments: dict[str, Any], names: LibraryNames) -> None:
    artists = arguments.get("artists") or []
    known = names.artists(artists) if artists else {}
    titles = [name for name in artists if name not in known and _score(names, name) >= _SURE]
    if len(titles) == 1:
        arguments["artists"] = [name for name in artists if name not in titles]
        arguments["text"] = titles[0]
        if not arguments["artists"]:
            del arguments["artists"]


def _is_near_artist(names: LibraryNames, name: str) -> bool:
    return any(found.score >= _NEAR for found in names.near_artists(name)[:1])


def _score(names: LibraryNames, name: str) -> float:
    near = [*names.tracks(name), *names.near_tracks(name)[:1]]
    return max((found.score for found in near), default=0.0)
