"""Playlists as files: M3U8, XSPF, Navidrome's NSP, rekordbox XML, CSV. Pure; text in, text out.

XSPF: the v1 specification (xspf.org). NSP: Navidrome's smart playlists, rules over its own
library. rekordbox: "XML format list for rekordbox" (DJ_PLAYLISTS 1.0.0). CSV: RFC 4180.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from tools.text.untrusted import plain

XSPF: Final = "http://xspf.org/ns/0/"
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


@dataclass(frozen=True, slots=True)
class ExportTrack:
    """A track as files of other programs name it. `path` is absolute."""

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


def m3u8(name: str, tracks: Sequence[ExportTrack], *, beside: Path | None) -> bytes:
    """M3U8 with paths relative to the folder `beside`, in which it will lie; None: absolute ones.

    The bytes of file names are kept; tags are put on one line, so none can start a line of its own.
    """
    lines = [b"#EXTM3U", b"#PLAYLIST:" + _utf8(plain(name))]
    for track in tracks:
        said = _utf8(" - ".join(plain(p) for p in (track.artist, track.title) if p))
        lines.append(b"#EXTINF:%d," % round(track.duration_s) + said)
        lines.append(_one_line(os.fsencode(_relative(track.path, beside))))
    return b"\n".join(lines) + b"\n"


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
_FORMULA: Final = ("=", "+", "-", "@")
"""A cell that begins so is run by spreadsheets; an apostrophe makes it text."""


def csv_table(tracks: Sequence[ExportTrack]) -> bytes:
    """CSV with a heading, in UTF-8 with a byte order mark, without which Excel reads Latin 1.

    Keys are Camelot codes, lengths h:mm:ss, which spreadsheets read as such.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for track in tracks:
        bpm = "" if track.bpm is None else f"{track.bpm:.1f}"
        path = os.fsencode(track.path).decode("utf-8", "replace")
        names = (_cell(name or "") for name in (track.title, track.artist, track.album))
        writer.writerow([*names, bpm, track.camelot or "", _clock(track.duration_s), path])
    return b"\xef\xbb\xbf" + _utf8(text.getvalue())


def _cell(text: str) -> str:
    cell = plain(text)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def file_uri(path: Path, *, host: str = "") -> str:
    """`path` as a file URI, every byte that is not plain percent-encoded."""
    return f"file://{host}{quote(os.fsencode(path.as_posix()), safe='/')}"


def xspf(name: str, tracks: Sequence[ExportTrack]) -> bytes:
    """XSPF version 1."""
    root = ET.Element("playlist", {"version": "1", "xmlns": XSPF})
    _child(root, "title", name)
    listing = ET.SubElement(root, "trackList")
    for track in tracks:
        entry = ET.SubElement(listing, "track")
        _child(entry, "location", file_uri(track.path))
        _child(entry, "title", track.title)
        if track.artist:
            _child(entry, "creator", track.artist)
        if track.album:
            _child(entry, "album", track.album)
        _child(entry, "duration", str(round(track.duration_s * 1000)))
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
        "Location": file_uri(track.path, host="localhost"),
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


_UNSAID: Final = {
    "harmonic_with": "keys that mix",
    "keys": "keys",
    "energy": "energy",
    "instrumental": "vocals",
    "like": "likeness",
    "arc": "the shape of the energy",
    "duration_min": "the length in minutes",
}
"""Wishes that Navidrome's rules have no field for."""
_SORTS: Final = {"bpm": "bpm", "year": "year", "added": "dateAdded", "random": "random"}


def nsp(name: str, request: Mapping[str, Any], tracks: Sequence[ExportTrack]) -> bytes:
    """Return a Navidrome smart playlist from the filters behind a playlist.

    Navidrome evaluates rules over its own library and cannot name files, so the filters become
    rules; those that have none are listed in the comment. A playlist without any
    such filter is given by the titles and artists of its tracks.
    """
    rules: list[dict[str, Any]] = []
    if text := request.get("text"):
        rules.append(
            {"any": [{"contains": {f: plain(text)}} for f in ("title", "artist", "album")]}
        )
    rules += _any_of("contains", "artist", request.get("artists", ()))
    rules += _any_of("contains", "genre", request.get("genres", ()))
    rules += [{"contains": {"mood": mood}} for mood in request.get("moods", ())]
    for key, field in (
        ("exclude_artists", "artist"),
        ("exclude_genres", "genre"),
        ("exclude_moods", "mood"),
    ):
        rules += [{"notContains": {field: plain(value)}} for value in request.get(key, ())]
    rules += _range("bpm", request.get("bpm_min"), request.get("bpm_max"))
    rules += _range("year", request.get("year_min"), request.get("year_max"))
    unsaid = [words for key, words in _UNSAID.items() if request.get(key)]
    comment = "Made by Backbeat. Navidrome applies the rules to its own library."
    if unsaid and rules:
        comment += f" Not expressed here: {', '.join(unsaid)}."
    document: dict[str, Any] = {"name": plain(name), "comment": comment}
    if rules:
        document["all"] = rules
    else:
        document["any"] = [_exactly(track) for track in tracks] or [{"is": {"title": ""}}]
    document["sort"] = _SORTS.get(str(request.get("sort")), "random")
    if document["sort"] == "dateAdded":
        document["order"] = "desc"
    document["limit"] = max(len(tracks), 1)
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _exactly(track: ExportTrack) -> dict[str, Any]:
    title = {"is": {"title": plain(track.title)}}
    return {"all": [title, {"is": {"artist": plain(track.artist)}}]} if track.artist else title


def _any_of(operator: str, field: str, values: Sequence[str]) -> list[dict[str, Any]]:
    rules = [{operator: {field: plain(value)}} for value in values]
    return [{"any": rules}] if len(rules) > 1 else rules


def _range(field: str, low: float | None, high: float | None) -> list[dict[str, Any]]:
    """Bounds included, as whole numbers: Navidrome's `gt` and `lt` exclude theirs."""
    if low is not None and high is not None:
        return [{"inTheRange": {field: [int(low), -int(-high // 1)]}}]
    if low is not None:
        return [{"gt": {field: -int(-low // 1) - 1}}]
    if high is not None:
        return [{"lt": {field: int(high) + 1}}]
    return []
