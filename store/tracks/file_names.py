"""Tracks by the names of their files; nothing is looked for on a disk."""

from __future__ import annotations

from collections.abc import Collection
from unicodedata import normalize

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.paths import shown_path
from store.tables.tracks import Track


def alike(name: str) -> str:
    """Return a file name as other systems may write it: in any case, accents composed or not."""
    return normalize("NFC", name).casefold()


def tracks_by_file_name(names: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """Return file name → (track id, whole path) of the tracks that are there with these names.

    Names are compared, and returned, as `alike` writes them.
    """
    if not names:
        return {}
    wanted = {alike(name) for name in names}
    found: dict[str, list[tuple[int, str]]] = {}
    paths = select(col(Track.id), col(Track.path)).where(col(Track.missing).is_(False))
    with read() as session:
        every = rows(session, paths.order_by(col(Track.id)))
    for row in every:
        path = shown_path(row.path)
        name = alike(path.rsplit("/", 1)[-1])
        if name in wanted:
            found.setdefault(name, []).append((row.id, path))
    return found
