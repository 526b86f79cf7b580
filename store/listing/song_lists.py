"""Songs in the lists that player apps ask for: at random, of a genre, liked, most played.

Raw SQL: one statement a kind of list, each of track ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store.database.db import read, rows
from store.folding import fold
from store.listing.album_lists import album_list
from store.listing.album_rows import AlbumRow
from store.listing.artist_rows import ArtistRow, artists_of
from store.listing.song_rows import SongRow, songs_of
from store.search.query import canonical_genre
from store.tables.analysis import GENRE_COUNTS

LIKED_AT_MOST: Final = 100_000
"""Liked songs, albums and artists: apps keep all of them."""

_OF_GENRE: Final = f"""
SELECT track_id FROM genre JOIN genretag ON genretag.genre_id = genre.id AND ({GENRE_COUNTS})
WHERE genre.name = :genre"""
_RANDOM: Final = """
SELECT id FROM track WHERE missing = 0{filters} ORDER BY random() LIMIT :limit"""
_BY_GENRE: Final = f"""
SELECT id FROM track WHERE NOT missing AND id IN ({_OF_GENRE})
ORDER BY id LIMIT :limit OFFSET :offset"""
_TOP: Final = """
SELECT track.id FROM track LEFT JOIN (SELECT track_id, count(*) AS plays FROM play
    WHERE person_id = :person AND completed GROUP BY track_id) AS played
    ON played.track_id = track.id
LEFT JOIN tracklike AS liked ON liked.track_id = track.id AND liked.person_id = :person
WHERE NOT track.missing AND track.artist_id IN (
    SELECT artist_id FROM artistalias WHERE folded = :artist AND sure)
ORDER BY coalesce(played.plays, 0) DESC, coalesce(liked.value, 0) DESC, track.id LIMIT :limit"""
_TITLED: Final = """
SELECT track.id FROM track WHERE track.folded = :title AND NOT missing AND (:artist = ''
    OR artist_id IN (SELECT artist_id FROM artistalias WHERE folded = :artist))
ORDER BY track.id LIMIT 10"""
_LIKED: Final = """
SELECT track_id AS id FROM tracklike WHERE person_id = :person AND value = 1
ORDER BY created_at DESC, track_id"""
_LIKED_ARTISTS: Final = """
SELECT artist_id AS id FROM artistmark WHERE person_id = :person AND liked_at IS NOT NULL
ORDER BY liked_at DESC, artist_id"""
_GENRES: Final = f"""
SELECT genre.name, count(*) AS songs, count(DISTINCT track.album_id) AS albums
FROM genre JOIN genretag ON genretag.genre_id = genre.id AND ({GENRE_COUNTS})
JOIN track ON track.id = genretag.track_id
WHERE NOT track.missing GROUP BY genre.id ORDER BY genre.name"""


@dataclass(frozen=True, slots=True)
class GenreRow:
    """A genre of the library, and how many songs and albums have it."""

    name: str
    songs: int
    albums: int


@dataclass(frozen=True, slots=True)
class Liked:
    """What a person likes, the newest first."""

    artists: tuple[ArtistRow, ...]
    albums: tuple[AlbumRow, ...]
    songs: tuple[SongRow, ...]


def random_songs(
    *, person: int, limit: int, genre: str | None = None, years: tuple[int | None, int | None]
) -> tuple[SongRow, ...]:
    """Return songs at random, where asked of a genre and of years (first, last)."""
    filters, values = "", dict[str, object]()
    if genre:
        filters += f" AND id IN ({_OF_GENRE})"
        values["genre"] = canonical_genre(genre)
    for sign, name, year in ((">=", "first", years[0]), ("<=", "last", years[1])):
        if year is not None:
            filters += f" AND year {sign} :{name}"
            values[name] = year
    return _page(_RANDOM.format(filters=filters), person, limit=limit, **values)


def songs_of_genre(genre: str, *, person: int, limit: int, offset: int = 0) -> tuple[SongRow, ...]:
    """Return a page of the songs of a genre."""
    name = canonical_genre(genre)
    return _page(_BY_GENRE, person, genre=name, limit=limit, offset=offset)


def top_songs(artist: str, *, person: int, limit: int) -> tuple[SongRow, ...]:
    """Return an artist's songs that the person played most, then those liked."""
    found = {"artist": fold(artist), "limit": limit}
    with read() as session:
        ids = [row.id for row in rows(session, _TOP, person=person, **found)]
        return songs_of(session, ids, person=person)


def songs_titled(title: str, artist: str, *, person: int) -> tuple[SongRow, ...]:
    """Return a few songs of a title, where given of an artist."""
    return _page(_TITLED, person, title=fold(title), artist=fold(artist))


def liked(*, person: int) -> Liked:
    """Return all that a person likes."""
    albums = album_list("starred", person=person, limit=LIKED_AT_MOST)
    with read() as session:
        songs = [row.id for row in rows(session, _LIKED, person=person)]
        artists = [row.id for row in rows(session, _LIKED_ARTISTS, person=person)]
        return Liked(
            artists_of(session, artists, person=person),
            albums,
            songs_of(session, songs, person=person),
        )


def genres() -> tuple[GenreRow, ...]:
    """Return the genres of the library by name."""
    with read() as session:
        return tuple(GenreRow(*row) for row in rows(session, _GENRES))


def _page(sql: str, person: int, **values: object) -> tuple[SongRow, ...]:
    with read() as session:
        ids = [row.id for row in rows(session, sql, **values)]
        return songs_of(session, ids, person=person)
