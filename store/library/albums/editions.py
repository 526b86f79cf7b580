"""Editions of an album: a remaster, a deluxe edition, the same album as FLAC and as MP3.

Albums of one artist whose titles differ at most by words of an edition, and that share half of
their songs. Two self-titled albums share none.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlmodel import Session

from store.database.db import rows
from store.library.albums.album_titles import song_title

_ALBUMS: Final = """
SELECT album.id, album.edition_title, album.artist_id, album.year, album.edition_of
FROM album WHERE edition_title IN (SELECT value FROM json_each(:titles))
ORDER BY year IS NULL, year, id"""
_SONGS: Final = """
SELECT album_id, title FROM track WHERE album_id IN (SELECT value FROM json_each(:ids))"""
_SET: Final = "UPDATE album SET edition_of = :first WHERE id = :id"


def group_editions(session: Session, titles: Iterable[str]) -> None:
    """Store for the albums of folded titles whose editions they are; the oldest is the first."""
    albums = rows(session, _ALBUMS, titles=json.dumps(sorted(set(titles))))
    alike: dict[tuple[str, int | None], list[Any]] = defaultdict(list)
    for album in albums:
        alike[album.edition_title, album.artist_id].append(album)
    several = [album.id for same in alike.values() if len(same) > 1 for album in same]
    songs = _songs(session, several)
    for same in alike.values():
        for album, first in zip(same, _firsts(same, songs), strict=True):
            if album.edition_of != first:
                rows(session, _SET, id=album.id, first=first)


def _firsts(albums: Sequence[Any], songs: dict[int, set[str]]) -> list[int | None]:
    """Return the first edition of each album, which are by year; None for a first one."""
    found: list[int | None] = []
    for at, album in enumerate(albums):
        first = None
        for earlier, of in zip(albums[:at], found, strict=True):
            if _share(songs[earlier.id], songs[album.id]):
                first = of or earlier.id
                break
        found.append(first)
    return found


def _share(one: set[str], other: set[str]) -> bool:
    return 2 * len(one & other) >= min(len(one), len(other)) > 0


def _songs(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    songs: dict[int, set[str]] = defaultdict(set)
    for row in rows(session, _SONGS, ids=json.dumps(list(ids))) if ids else ():
        songs[row.album_id].add(song_title(row.title))
    return songs
