"""Playlists of other programs: the entries of M3U and XSPF files. Pure; bytes in, values out.

Nothing is opened that they name: a path is only compared with those of the library.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from store.text_decoding import decoded
from tools.exports.playlist_formats import XSPF

ImportFormat = Literal["m3u8", "xspf"]
ENTRIES_AT_MOST: Final = 10_000
_EXTINF: Final = re.compile(r"#EXTINF:\s*(-?\d+(?:\.\d+)?)[^,]*,(.*)")


class PlaylistFileError(ValueError):
    """A file is no playlist of its format; the message says why."""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry; `path` as the file writes it, with "/" between its parts, "" without one."""

    name: str
    path: str = ""

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.name or PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True)
class ReadPlaylist:
    """A playlist as a file holds it; `name` may be ""."""

    name: str
    entries: tuple[ReadEntry, ...]


def read_playlist(content: bytes, format: ImportFormat) -> ReadPlaylist:
    """Return the entries of a playlist file.

    Raises:
        PlaylistFileError: It has none, too many, or is of another format.
    """
    found = _m3u(decoded(content)) if format == "m3u8" else _xspf(content)
    if not found.entries:
        raise PlaylistFileError(f"There is no track in this file. Is it really {format}?")
    if len(found.entries) > ENTRIES_AT_MOST:
        raise PlaylistFileError(f"A playlist has {ENTRIES_AT_MOST} tracks at most.")
    return found


def _m3u(text: str) -> ReadPlaylist:
    title, name = "", ""
    entries: list[ReadEntry] = []
    for line in map(str.strip, text.splitlines()):
        if said := _EXTINF.fullmatch(line):
            name = said[2].strip()
        elif line.upper().startswith("#PLAYLIST:"):
            title = line.partition(":")[2].strip()
        elif line and not line.startswith("#"):
            entries.append(ReadEntry(name, _path(line)))
            name = ""
    return ReadPlaylist(title, tuple(entries))


def _xspf(content: bytes) -> ReadPlaylist:
    try:
        root = ET.fromstring(content)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise PlaylistFileError("This is no XSPF file.") from error
    entries: list[ReadEntry] = []
    for track in root.iter(f"{{{XSPF}}}track"):
        artist, title, place = (_value(track, name) for name in ("creator", "title", "location"))
        name = " - ".join(part for part in (artist, title) if part) if title else ""
        entries.append(ReadEntry(name, unquote(_path(place))))
    return ReadPlaylist(_value(root, "title"), tuple(entries))


def _value(element: ET.Element, name: str) -> str:
    return (element.findtext(f"{{{XSPF}}}{name}") or "").strip()


def _path(place: str) -> str:
    try:
        parts = urlsplit(place)
    except ValueError:
        return place
    path = unquote(parts.path) if parts.scheme == "file" else place
    return path.replace("\\", "/")
