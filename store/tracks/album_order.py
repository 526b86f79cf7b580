"""Tracks in the order of their albums."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.tables.tracks import Track


def in_album_order(track_ids: Sequence[int]) -> list[int]:
    """Return the tracks album by album, in the order of disc, track number and path."""
    columns = (Track.id, Track.album_id, Track.disc_no, Track.track_no, Track.path)
    wanted = select(*(col(column) for column in columns)).where(among(col(Track.id), track_ids))
    with read() as session:
        stored = {row.id: row for row in rows(session, wanted)}
    albums: dict[int | None, int] = {}
    for number in track_ids:
        if number in stored:
            albums.setdefault(stored[number].album_id, len(albums))

    def place(number: int) -> tuple[object, ...]:
        row = stored[number]
        no_number = row.track_no is None
        return albums[row.album_id], row.disc_no or 1, no_number, row.track_no or 0, row.path

    return sorted((number for number in track_ids if number in stored), key=place)
