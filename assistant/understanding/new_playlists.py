"""Requests that put something into a new playlist: "put Copper Sky in a playlist"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from assistant.understanding.lexing.plain_text import fold_phrase
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.names.mentions import Found
from assistant.understanding.reading import Reading
from tools.make_playlist import MakePlaylistArguments

_SHOWN: Final = frozenset({"search_tracks", "play_music"})
_FIELDS: Final = frozenset(MakePlaylistArguments.model_fields) - {"sort"}


def put_into_playlist(reading: Reading, scan: Scan, found: Found) -> Reading:
    """Return a request as the playlist that it makes, else as it is.

    A title of the library that nothing calls the playlist's name is what goes into it; what would
    be listed or played "in a playlist" is made one.
    """
    if reading.tool == "make_playlist" and set(reading.arguments) == {"name"}:
        title = str(reading.arguments["name"])
        if _is_title(title, found) and not _says(scan, "named.ask"):
            added = {"playlist": title, "action": "add", "tracks": [title]}
            return replace(reading, tool="edit_playlist", arguments=added)
    filters = set(reading.arguments)
    if reading.tool in _SHOWN and filters and filters <= _FIELDS and _says(scan, "into_playlist"):
        return replace(reading, tool="make_playlist")
    return reading


def _is_title(name: str, found: Found) -> bool:
    folded = fold_phrase(name)
    return any(
        entity.kind == "track" and fold_phrase(entity.name) == folded
        for entities in found.values()
        for entity in entities
    )


def _says(scan: Scan, group: str) -> bool:
    return any(scan.group_at(at, group) for at in range(len(scan.tokens)))
