"""Playlists as files: M3U8, XSPF, rekordbox XML, CSV. Pure; text in, text out.

XSPF: the v1 specification (xspf.org). rekordbox: "XML format list for rekordbox" (DJ_PLAYLISTS
1.0.0). CSV: RFC 4180.
"""

from __future__ import annotations

import csv
import io
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from store.tracks.file_tags import TagsInFile
from tools.exports.root_map import file_uri
from tools.text.untrusted import plain

XSPF: Final = "http://xspf.org/ns/0/"
VLC: Final = "http://www.videolan.org/vlc/playlist/0"
VLC_NAMES: Final = "http://www.videolan.org/vlc/playlist/ns/0/"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS: Final = {
    "mp3": "MP3 File",
    "flac": "FLAC File",
    "m4a": "M4A File",
    "aac": "M4A File",
    "alac": "M4A File",
    "wav": "WAV File",
    "aiff": "AIFF File",
    "ogg": "OGG File",
    "opus": "OGG File",
}

ET.register_namespace("vlc", VLC_NAMES)


@dataclass(frozen=True, slots=True)
class ExportTrack:
    """A track as files of other programs name it.

    Attributes:
        path: Of the file, absolute.
        tags: What the file says itself.
        elsewhere: The path on another machine, where the file is for one.
        part_s: Where the track begins and ends in its file; None where it is all of it.
    """

    id: int
    title: str
    artist: str | None
    album: str | None
    genre: str | None
    year: int | None
    duration_s: float
    bpm: float | None
    camelot: str | None
    audio_format: str
    path: Path
    tags: TagsInFile = field(default_factory=TagsInFile)
    elsewhere: str | None = None
    part_s: tuple[float, float | None] | None = None

    @property
    def place(self) -> str:
        """The path where the file is to be read."""
        return os.fspath(self.path) if self.elsewhere is None else self.elsewhere


def m3u8(name: str, tracks: Sequence[ExportTrack], *, beside: Path | None) -> bytes:
    """M3U8 with paths relative to the folder `beside`, in which it will lie; None: absolute ones.

    The bytes of file names are kept; tags are put on one line, so none can start a line of its own.
    Parts of files begin and end by options that VLC and others understand; the rest plays the file.
    """
    lines = [b"#EXTM3U", b"#PLAYLIST:" + _utf8(plain(name))]
    for track in tracks:
        said = _utf8(" - ".join(plain(p) for p in (track.artist, track.title) if p))
        lines.append(b"#EXTINF:%d," % round(track.duration_s) + said)
        lines += [f"#EXTVLCOPT:{option}".encode() for option in _vlc_options(track)]
        place = _relative(track.path, beside) if track.elsewhere is None else track.elsewhere
        lines.append(_one_line(os.fsencode(place)))
    return b"\n".join(lines) + b"\n"


def _vlc_options(track: ExportTrack) -> list[str]:
    if track.part_s is None:
        return []
    named = zip(("start-time", "stop-time"), track.part_s, strict=True)
    return [f"{name}={time_s:.3f}" for name, time_s in named if time_s is not None]


def _relative(path: Path, beside: Path | None) -> str:
    try:
        relative = os.fspath(path) if beside is None else os.path.relpath(path, beside)
    except ValueError:  # another drive
        relative = os.fspath(path)
    # a leading # would be read as a comment
    return f"./{relative}" if relative.startswith("#") else relative


def _one_line(path: bytes) -> bytes:
    """A file name may hold a line break; M3U has no way to write one: such an entry is silenced."""
    return b"# " + re.sub(rb"[\r\n]+", b" ", path) if re.search(rb"[\r\n]", path) else path


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


CSV_COLUMNS: Final = ("title", "artist", "album", "bpm", "key", "length", "path")
BEGIN: Final = "begins at"
"""Column behind them where a track is a part of its file."""
_FORMULA: Final = ("=", "+", "-", "@")
"""A cell that begins so is run by spreadsheets; an apostrophe makes it text."""


def csv_table(tracks: Sequence[ExportTrack]) -> bytes:
    """CSV with a heading, in UTF-8 with a byte order mark, without which Excel reads Latin 1.

    Keys are Camelot codes, lengths h:mm:ss, which spreadsheets read as such.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    parts = any(track.part_s for track in tracks)
    writer.writerow([*CSV_COLUMNS, BEGIN] if parts else CSV_COLUMNS)
    for track in tracks:
        bpm = "" if track.bpm is None else f"{track.bpm:.1f}"
        path = os.fsencode(track.place).decode("utf-8", "replace")
        begin = [_clock(track.part_s[0]) if track.part_s else ""] if parts else []
        names = (_cell(name or "") for name in (track.title, track.artist, track.album))
        writer.writerow([*names, bpm, track.camelot or "", _clock(track.duration_s), path, *begin])
    return b"\xef\xbb\xbf" + _utf8(text.getvalue())


def _cell(text: str) -> str:
    cell = plain(text)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def xspf(name: str, tracks: Sequence[ExportTrack]) -> bytes:
    """XSPF version 1."""
    root = ET.Element("playlist", {"version": "1", "xmlns": XSPF})
    _child(root, "title", name)
    listing = ET.SubElement(root, "trackList")
    for track in tracks:
        entry = ET.SubElement(listing, "track")
        _child(entry, "location", file_uri(track.place))
        _child(entry, "title", track.title)
        if track.artist:
            _child(entry, "creator", track.artist)
        if track.album:
            _child(entry, "album", track.album)
        _child(entry, "duration", str(round(track.duration_s * 1000)))
        if options := _vlc_options(track):
            extension = ET.SubElement(entry, "extension", {"application": VLC})
            for option in options:
                _child(extension, f"{{{VLC_NAMES}}}option", option)
    return _document(root)


def rekordbox(name: str, tracks: Sequence[ExportTrack]) -> bytes:
    """rekordbox XML with one playlist; a track that is in it twice is in the collection once."""
    root = ET.Element("DJ_PLAYLISTS", {"Version": "1.0.0"})
    ET.SubElement(root, "PRODUCT", {"Name": "Backbeat", "Version": "0.1.0", "Company": ""})
    once = {track.id: track for track in tracks}
    collection = ET.SubElement(root, "COLLECTION", {"Entries": str(len(once))})
    for track in once.values():
        ET.SubElement(collection, "TRACK", _rekordbox_track(track))
    folder = ET.SubElement(
        ET.SubElement(root, "PLAYLISTS"), "NODE", {"Type": "0", "Name": "ROOT", "Count": "1"}
    )
    node = ET.SubElement(
        folder,
        "NODE",
        {"Name": _xml(name), "Type": "1", "KeyType": "0", "Entries": str(len(tracks))},
    )
    for track in tracks:
        ET.SubElement(node, "TRACK", {"Key": str(track.id)})
    return _document(root)


def _rekordbox_track(track: ExportTrack) -> dict[str, str]:
    ending = track.path.suffix.removeprefix(".").lower()
    values = {
        "TrackID": str(track.id),
        "Name": _xml(track.title),
        "Artist": _xml(track.artist or ""),
        "Album": _xml(track.album or ""),
        "Genre": _xml(track.genre or ""),
        "Kind": _KINDS.get(ending) or _KINDS.get(track.audio_format.lower(), "Unknown"),
        "TotalTime": str(round(track.duration_s)),
        "Year": str(track.year or 0),
        "AverageBpm": f"{track.bpm or 0:.2f}",
        "Tonality": track.camelot or "",
        "Location": file_uri(track.place, host="localhost"),
    }
    return values


def _child(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _xml(text)


def _xml(text: str) -> str:
    """Text that XML can carry at all, on one line."""
    return _NOT_XML.sub("", plain(text))


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
