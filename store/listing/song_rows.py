"""Songs with everything that a player app shows of them.

Raw SQL: one statement a page of songs, with the person's likes, stars and plays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows
from store.tables.analysis import GENRE_COUNTS
from store.tracks.track_details import MOOD_SHOWN


@dataclass(frozen=True, slots=True)
class SongRow:
    """A track as a player app shows it.

    Attributes:
        artist_id: Of the credit on the track; `album_artist_id` of the album.
        file_ending: Of the file, without the dot and lower-case ("flac").
        bit_rate: Bits a second, where the file tells.
        cover_id: Id of its picture; pictures of one content have one id.
        genres: The main one first.
        loudness_lufs: Of the whole track.
        liked_at: When the person liked it; None where not.
        rating: Stars 1..5 of the person.
        plays: How often the person played it; `played_at` when last.
    """

    id: int
    title: str
    artist_id: int | None
    artist: str | None
    album_id: int | None
    album: str | None
    album_artist_id: int | None
    album_artist: str | None
    track_no: int | None
    disc_no: int | None
    year: int | None
    duration_s: float
    size_bytes: int
    file_ending: str
    bit_rate: int | None
    sample_rate_hz: int | None
    channels: int | None
    cover_id: int | None
    added_at: datetime
    musicbrainz_id: str | None
    bpm: float | None
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    liked_at: datetime | None
    rating: int | None
    plays: int
    played_at: datetime | None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()


_SONGS: Final = """
SELECT track.id, track.title, track.artist_id, artist.name AS artist, track.album_id,
    album.title AS album, album.artist_id AS album_artist_id, of_album.name AS album_artist,
    track.track_no, track.disc_no, track.year, track.duration_s, track.size_bytes, track.path,
    track.bit_rate, track.sample_rate_hz, track.channels, track.cover_id, track.added_at,
    track.musicbrainz_id, features.bpm, features.loudness_lufs, features.true_peak_dbtp,
    CASE WHEN liked.value = 1 THEN liked.created_at END AS liked_at, stars.value AS rating,
    (SELECT count(*) FROM play WHERE play.person_id = :person AND play.track_id = track.id
        AND completed) AS plays,
    (SELECT max(played_at) FROM play WHERE play.person_id = :person AND play.track_id = track.id
        AND completed) AS played_at
FROM json_each(:ids) AS listed JOIN track ON track.id = listed.value
LEFT JOIN artist ON artist.id = track.artist_id
LEFT JOIN album ON album.id = track.album_id
LEFT JOIN artist AS of_album ON of_album.id = album.artist_id
LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id
LEFT JOIN tracklike AS liked ON liked.track_id = track.id AND liked.person_id = :person
LEFT JOIN trackrating AS stars ON stars.track_id = track.id AND stars.person_id = :person
WHERE NOT track.missing ORDER BY listed.key"""
_GENRES: Final = f"""
SELECT track_id, genre.name FROM json_each(:ids) AS listed
JOIN genretag ON track_id = listed.value AND ({GENRE_COUNTS})
JOIN genre ON genre.id = genretag.genre_id ORDER BY main DESC, weight DESC, genre.name"""
_MOODS: Final = f"""
SELECT track_id, mood FROM json_each(:ids) AS listed
JOIN moodtag ON track_id = listed.value AND strength >= {MOOD_SHOWN}
ORDER BY strength DESC, mood"""


def songs(ids: Sequence[int], *, person: int) -> tuple[SongRow, ...]:
    """Return songs in the order of `ids`; those whose files are missing are left out."""
    with read() as session:
        return songs_of(session, ids, person=person)


def songs_of(session: Session, ids: Sequence[int], *, person: int) -> tuple[SongRow, ...]:
    """Return what `songs` does, within the caller's session."""
    listed = json.dumps(list(ids))
    found = rows(session, _SONGS, ids=listed, person=person)
    genres = _of_tracks(rows(session, _GENRES, ids=listed), "name")
    moods = _of_tracks(rows(session, _MOODS, ids=listed), "mood")
    return tuple(_song(row, genres.get(row.id, ()), moods.get(row.id, ())) for row in found)


def time_of(text: str | None) -> datetime | None:
    """Return a time as raw SQL reads it, in UTC."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _of_tracks(found: Sequence[Row[Any]], name: str) -> Mapping[int, tuple[str, ...]]:
    values: dict[int, list[str]] = {}
    for row in found:
        values.setdefault(row.track_id, []).append(getattr(row, name))
    return {track_id: tuple(dict.fromkeys(names)) for track_id, names in values.items()}


def _song(row: Row[Any], genres: tuple[str, ...], moods: tuple[str, ...]) -> SongRow:
    values = dict(row._mapping)
    ending = PurePath(values.pop("path")).suffix.removeprefix(".").lower()
    times = {name: time_of(values.pop(name)) for name in ("added_at", "liked_at", "played_at")}
    return SongRow(**values, **times, file_ending=ending, genres=genres, moods=moods)  # pyright: ignore[reportArgumentType]
