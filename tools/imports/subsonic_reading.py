"""Replies of the OpenSubsonic API that were saved as JSON: getPlaylist, getStarred2, getAlbum …

A file holds one reply or a list of them, with or without the `subsonic-response` around.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.imports.foreign_library import ForeignLibrary, MarkedTrack, entry_of
from tools.saved_playlists.file_reading import PlaylistFileError, ReadPlaylist


def read_subsonic(content: bytes) -> ForeignLibrary:
    """Return the playlists, likes and stars of saved replies.

    Raises:
        PlaylistFileError: There is none in the file.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PlaylistFileError("This is no JSON of OpenSubsonic.") from error
    playlists: list[ReadPlaylist] = []
    marks: dict[str, MarkedTrack] = {}
    for each in _objects(document):
        entries = [song for song in _list(each.get("entry")) if "title" in song]
        if entries and "name" in each:
            read = tuple(_entry(song) for song in entries)
            playlists.append(ReadPlaylist(str(each["name"]), read))
        stars = each.get("userRating")
        stars = stars if isinstance(stars, int) else 0
        if "title" in each and not each.get("isDir") and ("starred" in each or stars):
            mark = MarkedTrack(_entry(each), "starred" in each, max(0, min(5, stars)))
            marks[str(each.get("id", len(marks)))] = mark
    if not playlists and not marks:
        raise PlaylistFileError("There is no playlist, like or rating in this file.")
    return ForeignLibrary(tuple(playlists), tuple(marks.values()))


def _entry(song: Mapping[str, Any]) -> Any:
    artist, title, path = (song.get(name) for name in ("artist", "title", "path"))
    return entry_of(*(str(value) if value else None for value in (artist, title, path)))


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 12:
        return
    if isinstance(value, dict):
        yield value
    for inside in value.values() if isinstance(value, dict) else _list(value):
        yield from _objects(inside, depth + 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
