"""The library in lists: tracks of an album, files of one recording."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store.database.db import read, rows
from store.library.counting import Group
from store.results import TrackRow
from store.search.query import TrackQuery
from store.search.track_search import fitting_ids
from store.tables.tracks import Track
from store.tracks.track_details import rows_of

LAST_PLACE: Final = 100_000
"""Where tracks without a number stand on an album."""

_DUPLICATES: Final = """
WITH fit AS MATERIALIZED ({fit}),
    named AS (SELECT track.id, coalesce(track.recording, track.content_hash) AS recording
        FROM fit JOIN track ON track.id = fit.id)
SELECT id, recording FROM named
WHERE recording IN (SELECT recording FROM named GROUP BY recording HAVING count(*) > 1)
ORDER BY recording, id"""
"""A recording is named after the content of its first file; one file alone has no name."""


_ARTISTS: Final = """
SELECT artist.id, artist.name, count(*) AS tracks, sum(track.duration_s) AS duration_s,
    min(track.year) AS year_min, max(track.year) AS year_max
FROM track JOIN artist ON artist.id = track.artist_id
WHERE NOT track.missing AND artist.id IN (SELECT value FROM json_each(:ids))
GROUP BY artist.id"""


def artists(artist_ids: Sequence[int]) -> tuple[Group, ...]:
    """Return the artists of these ids that have tracks, in the order of the ids."""
    with read() as session:
        found: Sequence[Any] = rows(session, _ARTISTS, ids=json.dumps(list(artist_ids)))
    by_id = {
        row.id: Group(
            row.id, str(row.name), None, row.tracks, row.duration_s, row.year_min, row.year_max
        )
        for row in found
    }
    return tuple(by_id[number] for number in artist_ids if number in by_id)


def album_tracks(album_id: int) -> tuple[TrackRow, ...]:
    """Return the tracks of an album in its order."""
    places = [func.coalesce(col(part), LAST_PLACE) for part in (Track.disc_no, Track.track_no)]
    statement = (
        select(col(Track.id), col(Track.missing))
        .where(col(Track.album_id) == album_id)  # with `missing` too, its index would be taken
        .order_by(*places, col(Track.path))
    )
    with read() as session:
        return rows_of(session, [row.id for row in rows(session, statement) if not row.missing])


def duplicates(
    query: TrackQuery, ids: Sequence[int] | None = None
) -> tuple[tuple[TrackRow, ...], ...]:
    """Return the recordings of which several files fit `query`, each as its files."""
    sql, values = fitting_ids(query, ids)
    with read() as session:
        found = rows(session, _DUPLICATES.format(fit=sql), **values)
        files = {row.id: row for row in rows_of(session, [row.id for row in found])}
    recordings: dict[str, list[TrackRow]] = {}
    for row in found:
        recordings.setdefault(row.recording, []).append(files[row.id])
    return tuple(tuple(recording) for recording in recordings.values())
