"""Navidrome's database (`navidrome.db`): playlists, likes and stars of a user. It is only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from store.results import StoreError

_NAMES: Final = "media_file.title AS title, media_file.artist AS artist, media_file.path AS path"
_MARKS: Final = f"""
SELECT {_NAMES}, annotation.starred AS liked, coalesce(annotation.rating, 0) AS stars
FROM annotation JOIN media_file ON media_file.id = annotation.item_id
WHERE annotation.item_type = 'media_file' AND annotation.user_id = ?
    AND (annotation.starred OR annotation.rating > 0) ORDER BY media_file.path"""
_LISTS: Final = "SELECT id, name FROM playlist WHERE owner_id = ? ORDER BY name"
_ENTRIES: Final = f"""
SELECT {_NAMES} FROM playlist_tracks
LEFT JOIN media_file ON media_file.id = playlist_tracks.media_file_id
WHERE playlist_tracks.playlist_id = ? ORDER BY playlist_tracks.id"""


@dataclass(frozen=True, slots=True)
class NavidromeTrack:
    """A track as Navidrome names it, with what its user thinks of it."""

    title: str
    artist: str
    path: str
    liked: bool = False
    stars: int = 0


@dataclass(frozen=True, slots=True)
class NavidromeLibrary:
    """What a user has there: playlists by name, and marked tracks."""

    playlists: tuple[tuple[str, tuple[NavidromeTrack, ...]], ...]
    marks: tuple[NavidromeTrack, ...]


def is_database(path: Path) -> bool:
    """Return whether a file is an SQLite database."""
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def navidrome_users(path: Path) -> tuple[str, ...]:
    """Return the names of the users.

    Raises:
        StoreError: It is no database of Navidrome.
    """
    with _opened(path) as connection:
        return tuple(row["user_name"] for row in connection.execute("SELECT user_name FROM user"))


def read_navidrome(path: Path, user: str) -> NavidromeLibrary:
    """Return the playlists and marks of a user.

    Raises:
        StoreError: It is no database of Navidrome, or there is no such user.
    """
    with _opened(path) as connection:
        named = "SELECT id FROM user WHERE user_name = ? COLLATE NOCASE"
        found = connection.execute(named, (user,)).fetchone()
        if found is None:
            raise StoreError(f"There is no user “{user}” in {path.name}.")
        lists = connection.execute(_LISTS, (found["id"],)).fetchall()
        return NavidromeLibrary(
            tuple(
                (each["name"], tuple(map(_track, connection.execute(_ENTRIES, (each["id"],)))))
                for each in lists
            ),
            tuple(map(_track, connection.execute(_MARKS, (found["id"],)))),
        )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection
    except sqlite3.Error as error:
        raise StoreError(f"{path.name} cannot be read as Navidrome's database: {error}.") from error


def _track(row: Any) -> NavidromeTrack:
    names = row.keys()
    return NavidromeTrack(
        row["title"] or "",
        row["artist"] or "",
        row["path"] or "",
        liked=bool(row["liked"]) if "liked" in names else False,
        stars=int(row["stars"]) if "stars" in names else 0,
    )
