"""rekordbox XML ("XML format list for rekordbox", DJ_PLAYLISTS 1.0.0): playlists and stars."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from tools.imports.foreign_library import ForeignLibrary, MarkedTrack, entry_of
from tools.saved_playlists.file_reading import PlaylistFileError, ReadEntry, ReadPlaylist

_STAR: Final = 51
"""A star in `Rating`, which goes to 255."""


def read_rekordbox(content: bytes) -> ForeignLibrary:
    """Return the playlists and stars of a rekordbox XML file.

    Raises:
        PlaylistFileError: It is none.
    """
    try:
        root = ET.fromstring(content)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise PlaylistFileError("This is no rekordbox XML.") from error
    if root.tag != "DJ_PLAYLISTS":
        raise PlaylistFileError("This is no rekordbox XML.")
    by_id: dict[str, ReadEntry] = {}
    by_location: dict[str, ReadEntry] = {}
    marks: list[MarkedTrack] = []
    for track in root.iterfind("COLLECTION/TRACK"):
        location = track.get("Location", "")
        entry = entry_of(track.get("Artist"), track.get("Name"), _path(location))
        by_id[track.get("TrackID", "")] = by_location[location] = entry
        if stars := _stars(track.get("Rating", "")):
            marks.append(MarkedTrack(entry, stars=stars))
    nodes = root.iterfind("PLAYLISTS/NODE")
    lists = tuple(each for node in nodes for each in _playlists(node, by_id, by_location))
    return ForeignLibrary(lists, tuple(marks))


def _playlists(
    node: ET.Element, by_id: Mapping[str, ReadEntry], by_location: Mapping[str, ReadEntry]
) -> Iterator[ReadPlaylist]:
    if node.get("Type") == "1":
        known = by_location if node.get("KeyType") == "1" else by_id
        keys = [track.get("Key", "") for track in node.iterfind("TRACK")]
        entries = (known.get(key) or ReadEntry(key) for key in keys)
        yield ReadPlaylist(node.get("Name", ""), tuple(entries))
    for inside in node.iterfind("NODE"):
        yield from _playlists(inside, by_id, by_location)


def _path(location: str) -> str:
    try:
        return unquote(urlsplit(location).path)
    except ValueError:
        return unquote(location)


def _stars(rating: str) -> int:
    return min(5, round(int(rating) / _STAR)) if rating.isdigit() else 0
