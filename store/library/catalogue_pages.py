"""Artists and albums by name, page by page, with the number and length of their tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlmodel import col

from store.database.db import read, rows
from store.folding import fold
from store.tables.tracks import Album, Artist, Track

Place = tuple[str, int]
"""Folded name and id of the last row of a page."""


@dataclass(frozen=True, slots=True)
class CatalogueArtist:
    """An artist who has tracks."""

    id: int
    name: str
    tracks: int
    albums: int
    duration_s: float
    year_min: int | None
    year_max: int | None
    musicbrainz_id: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class CatalogueAlbum:
    """An album with tracks; `cover_track_id` is the first one with a picture."""

    id: int
    title: str
    artist: str | None
    artist_id: int | None
    year: int | None
    tracks: int
    duration_s: float
    cover_track_id: int | None
    musicbrainz_id: str | None
    place: Place


def artists(
    *, limit: int, after: Place | None = None, search: str = ""
) -> tuple[tuple[CatalogueArtist, ...], int]:
    """Return artists by name behind a place, and how many there are in all.

    Args:
        limit: How many at most.
        after: The `place` of the last one before; None for the first page.
        search: A part of their names, without case and accents.
    """
    wanted = _ARTISTS
    if words := fold(search):
        wanted = wanted.where(col(Artist.folded).contains(words, autoescape=True))
    found, total = _page(wanted, (col(Artist.folded), col(Artist.id)), after, limit)
    return tuple(map(_artist, found)), total


def artist(artist_id: int) -> CatalogueArtist | None:
    """Return an artist who has tracks."""
    with read() as session:
        found = rows(session, _ARTISTS.where(col(Artist.id) == artist_id))
    return _artist(found[0]) if found else None


def albums(
    *, limit: int, after: Place | None = None, search: str = "", artist_id: int | None = None
) -> tuple[tuple[CatalogueAlbum, ...], int]:
    """Return albums by title behind a place, as `artists`; those of an artist where one is given.

    An album is also that of an artist who has a track on it.
    """
    wanted = _ALBUMS
    if words := fold(search):
        wanted = wanted.where(col(Album.folded).contains(words, autoescape=True))
    if artist_id is not None:
        with_tracks = select(col(Track.album_id)).where(
            col(Track.artist_id) == artist_id, col(Track.missing).is_(False)
        )
        own = col(Album.artist_id) == artist_id
        wanted = wanted.where(or_(own, col(Album.id).in_(with_tracks)))
    found, total = _page(wanted, (col(Album.folded), col(Album.id)), after, limit)
    return tuple(map(_album, found)), total


def album(album_id: int) -> CatalogueAlbum | None:
    """Return an album that has tracks."""
    with read() as session:
        found = rows(session, _ALBUMS.where(col(Album.id) == album_id))
    return _album(found[0]) if found else None


def _page(
    wanted: Select, order: tuple[Any, Any], after: Place | None, limit: int
) -> tuple[list[Row[Any]], int]:
    name, number = order
    with read() as session:
        total = rows(session, select(func.count()).select_from(wanted.subquery()))[0][0]
        if after is not None:
            same = and_(name == after[0], number > after[1])
            wanted = wanted.where(or_(name > after[0], same))
        found = rows(session, wanted.order_by(name, number).limit(limit))
    return list(found), int(total)


_TRACKS: Final = (
    func.count(col(Track.id)).label("tracks"),
    func.coalesce(func.sum(col(Track.duration_s)), 0.0).label("duration_s"),
)
_THERE: Final = col(Track.missing).is_(False)
_ARTISTS: Final = (
    select(
        col(Artist.id),
        col(Artist.name),
        col(Artist.folded),
        col(Artist.musicbrainz_id),
        *_TRACKS,
        func.count(func.distinct(col(Track.album_id))).label("albums"),
        func.min(col(Track.year)).label("year_min"),
        func.max(col(Track.year)).label("year_max"),
    )
    .join(Track, and_(col(Track.artist_id) == col(Artist.id), _THERE))
    .group_by(col(Artist.id))
)
_ALBUMS: Final = (
    select(
        col(Album.id),
        col(Album.title),
        col(Album.folded),
        col(Album.musicbrainz_id),
        col(Album.year),
        col(Album.artist_id),
        col(Artist.name).label("artist"),
        *_TRACKS,
        func.min(col(Track.id)).filter(col(Track.cover_id).is_not(None)).label("cover_track_id"),
    )
    .join(Track, and_(col(Track.album_id) == col(Album.id), _THERE))
    .outerjoin(Artist, col(Artist.id) == col(Album.artist_id))
    .group_by(col(Album.id))
)


def _artist(row: Row[Any]) -> CatalogueArtist:
    return CatalogueArtist(
        id=row.id,
        name=row.name,
        tracks=row.tracks,
        albums=row.albums,
        duration_s=row.duration_s,
        year_min=row.year_min,
        year_max=row.year_max,
        musicbrainz_id=row.musicbrainz_id,
        place=(row.folded, row.id),
    )


def _album(row: Row[Any]) -> CatalogueAlbum:
    return CatalogueAlbum(
        id=row.id,
        title=row.title,
        artist=row.artist,
        artist_id=row.artist_id,
        year=row.year,
        tracks=row.tracks,
        duration_s=row.duration_s,
        cover_track_id=row.cover_track_id,
        musicbrainz_id=row.musicbrainz_id,
        place=(row.folded, row.id),
    )
