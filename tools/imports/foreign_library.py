"""What another program knows of its tracks: playlists, likes and stars."""

from __future__ import annotations

from dataclasses import dataclass

from tools.saved_playlists.file_reading import ReadEntry, ReadPlaylist


@dataclass(frozen=True, slots=True)
class MarkedTrack:
    """A track that somebody liked or gave stars (1..5; 0 without)."""

    entry: ReadEntry
    liked: bool = False
    stars: int = 0


@dataclass(frozen=True, slots=True)
class ForeignLibrary:
    """Playlists and marks of another program."""

    playlists: tuple[ReadPlaylist, ...] = ()
    marks: tuple[MarkedTrack, ...] = ()


def entry_of(artist: str | None, title: str | None, path: str | None) -> ReadEntry:
    """Return an entry of these names; "" where one is unknown."""
    named = " - ".join(part for part in (artist, title) if part) if title else ""
    return ReadEntry(named, (path or "").replace("\\", "/"))
