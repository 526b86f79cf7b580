"""What lists show of albums and artists, counted for those of one page alone.

Raw SQL: SQLAlchemy would nest what is read of the tracks once a column.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import rows

_ALBUMS: Final = """
SELECT album.id, album.title, album.folded, album.year, album.musicbrainz_id, album.artist_id,
    album.edition_of,
    artist.name AS artist, count(track.id) AS tracks,
    coalesce(sum(track.duration_s), 0.0) AS duration_s, min(track.cover_id) AS cover_id,
    min(track.id) FILTER (WHERE track.cover_id IS NOT NULL) AS cover_track_id,
    max(track.added_at) AS added_at
FROM json_each(:ids) AS listed JOIN album ON album.id = listed.value
LEFT JOIN artist ON artist.id = album.artist_id
LEFT JOIN track ON track.album_id = album.id AND +track.missing = 0
GROUP BY listed.key ORDER BY listed.key"""
_ARTISTS: Final = """
WITH own AS (
    SELECT artist_id, count(*) AS tracks, sum(duration_s) AS duration_s,
        count(DISTINCT album_id) AS albums, min(year) AS year_min, max(year) AS year_max,
        max(cover_id) AS cover_id
    FROM track WHERE artist_id IN (SELECT value FROM json_each(:ids)) AND +missing = 0
    GROUP BY artist_id)
SELECT artist.id, artist.name, artist.folded, artist.musicbrainz_id,
    coalesce(own.tracks, 0) AS tracks, coalesce(own.duration_s, 0.0) AS duration_s,
    coalesce(own.albums, 0) AS on_albums, own.year_min, own.year_max,
    (SELECT count(DISTINCT album.id) FROM album JOIN track ON track.album_id = album.id
        WHERE album.artist_id = artist.id AND +track.missing = 0) AS own_albums,
    coalesce(own.cover_id,
        (SELECT max(track.cover_id) FROM album JOIN track ON track.album_id = album.id
            WHERE album.artist_id = artist.id AND +track.missing = 0)) AS cover_id
FROM json_each(:ids) AS listed JOIN artist ON artist.id = listed.value
LEFT JOIN own ON own.artist_id = artist.id ORDER BY listed.key"""


def album_rows(session: Session, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the albums in the order of `ids`, also those without a file; unknown ones not.

    Of the files that are there: `tracks`, `duration_s`, `cover_id` (a picture of one of them),
    `cover_track_id` (the first one with a picture), `added_at` (of the last one, UTC as stored).
    """
    return rows(session, _ALBUMS, ids=json.dumps(list(ids)))


def artist_rows(session: Session, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the artists in the order of `ids`, also those without a file; unknown ones not.

    Of the files that are there: `tracks`, `duration_s`, `year_min` and `year_max` by this artist,
    `on_albums` (with a track by this artist), `own_albums` (of this artist), `cover_id`.
    """
    return rows(session, _ARTISTS, ids=json.dumps(list(ids)))
