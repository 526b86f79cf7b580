"""Playlists, likes and stars of another program taken into the library of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.foreign.navidrome_database import (
    NavidromeTrack,
    is_database,
    navidrome_users,
    read_navidrome,
)
from store.people import likes, ratings
from store.playlists.playlist_writing import save_playlist
from tools.imports.foreign_library import ForeignLibrary, MarkedTrack, entry_of
from tools.imports.rekordbox_reading import read_rekordbox
from tools.imports.subsonic_reading import read_subsonic
from tools.saved_playlists.file_matching import match_each
from tools.saved_playlists.file_reading import (
    PlaylistFileError,
    ReadEntry,
    ReadPlaylist,
    read_playlist,
)

LARGEST_BYTES: Final = 256 * 1024 * 1024
_XSPF: Final = b"xspf.org/ns/0"


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A playlist that was made: its name, its tracks, and what the library does not have."""

    name: str
    tracks: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was taken over.

    Attributes:
        playlists: Those that were made.
        left_out: Names of playlists none of whose tracks is in the library.
        liked: Tracks that are liked now.
        rated: Tracks that have stars now.
        missing: Liked and rated tracks that the library does not have.
    """

    playlists: tuple[ImportedList, ...]
    left_out: tuple[str, ...]
    liked: int
    rated: int
    missing: tuple[str, ...]


def read_foreign(file: Path, *, user: str | None = None) -> ForeignLibrary:
    """Return what a file of another program holds; its kind is told by its content.

    Args:
        file: M3U, XSPF, rekordbox XML, JSON of OpenSubsonic or Navidrome's database.
        user: Of Navidrome's users; needed where there are several.

    Raises:
        PlaylistFileError: It is none of these.
        StoreError: The database cannot be read.
        OSError: The file cannot be read.
    """
    if is_database(file):
        return _navidrome(file, user)
    if file.stat().st_size > LARGEST_BYTES:
        raise PlaylistFileError("This file is too large.")
    content = file.read_bytes()
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")) and file.suffix.lower() == ".json":
        return read_subsonic(content)
    if start.startswith(b"<") and _XSPF not in start:
        return read_rekordbox(content)
    found = read_playlist(content, "xspf" if start.startswith(b"<") else "m3u8")
    return ForeignLibrary((ReadPlaylist(found.name or file.stem, found.entries),))


def import_library(found: ForeignLibrary, *, person: int) -> ImportReport:
    """Make the playlists and store likes and stars; what is there already stays."""
    made: list[ImportedList] = []
    left_out: list[str] = []
    for playlist in found.playlists:
        ids, missing = _matched(playlist.entries)
        if not ids:
            left_out.append(playlist.name)
            continue
        saved = save_playlist(playlist.name, [(number, "") for number in ids], {}, person=person)
        made.append(ImportedList(saved.name, len(ids), missing))
    liked, rated, missing = _mark(found.marks, person)
    return ImportReport(tuple(made), tuple(left_out), liked, rated, missing)


def _mark(marks: Sequence[MarkedTrack], person: int) -> tuple[int, int, tuple[str, ...]]:
    liked = rated = 0
    missing: list[str] = []
    for mark, number in zip(marks, match_each([each.entry for each in marks]), strict=True):
        if number is None:
            missing.append(mark.entry.label)
            continue
        if mark.liked:
            likes.set_like(person, number, likes.LIKED)
            liked += 1
        if mark.stars:
            ratings.rate_track(person, number, mark.stars)
            rated += 1
    return liked, rated, tuple(missing)


def _matched(entries: Sequence[ReadEntry]) -> tuple[list[int], tuple[str, ...]]:
    found = match_each(entries)
    pairs = list(zip(entries, found, strict=True))
    missing = tuple(entry.label for entry, number in pairs if number is None)
    return [number for number in found if number is not None], missing


def _navidrome(file: Path, user: str | None) -> ForeignLibrary:
    users = navidrome_users(file)
    if user is None and len(users) != 1:
        raise PlaylistFileError(f"Whose? --from-user takes one of: {', '.join(users)}.")
    library = read_navidrome(file, user or users[0])
    return ForeignLibrary(
        tuple(
            ReadPlaylist(name, tuple(map(_entry, tracks)))
            for name, tracks in library.playlists
            if tracks
        ),
        tuple(MarkedTrack(_entry(each), each.liked, each.stars) for each in library.marks),
    )


def _entry(track: NavidromeTrack) -> ReadEntry:
    return entry_of(track.artist, track.title, track.path)
