"""Artists and albums by name, page by page, with the number and length of their tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlmodel import Session, col

from store.browse.catalogue_rows import album_rows, artist_rows
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
    """An album with tracks; `cover_track_id` is the first one with a picture.

    `edition_of` is the first edition of a later one.
    """

    id: int
    title: str
    artist: str | None
    artist_id: int | None
    year: int | None
    tracks: int
    duration_s: float
    cover_track_id: int | None
    musicbrainz_id: str | None
    edition_of: int | None
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
    wanted: list[ColumnElement[bool]] = [_ARTIST_THERE]
    if words := fold(search):
        wanted.append(col(Artist.folded).contains(words, autoescape=True))
    with read() as session:
        ids, total = _page(session, Artist, wanted, after, limit)
        return tuple(map(_artist, artist_rows(session, ids))), total


def artist(artist_id: int) -> CatalogueArtist | None:
    """Return an artist who has tracks."""
    with read() as session:
        found = artist_rows(session, [artist_id])
    return _artist(found[0]) if found and found[0].tracks else None


def albums(
    *, limit: int, after: Place | None = None, search: str = "", artist_id: int | None = None
) -> tuple[tuple[CatalogueAlbum, ...], int]:
    """Return albums by title behind a place, as `artists`; those of an artist where one is given.

    An album is also that of an artist who has a track on it.
    """
    wanted: list[ColumnElement[bool]] = [_ALBUM_THERE]
    if words := fold(search):
        wanted.append(col(Album.folded).contains(words, autoescape=True))
    if artist_id is not None:
        with_tracks = select(col(Track.album_id)).where(
            col(Track.artist_id) == artist_id, col(Track.missing).is_(False)
        )
        own = col(Album.artist_id) == artist_id
        wanted.append(or_(own, col(Album.id).in_(with_tracks)))
    with read() as session:
        ids, total = _page(session, Album, wanted, after, limit)
        return tuple(map(_album, album_rows(session, ids))), total


def album(album_id: int) -> CatalogueAlbum | None:
    """Return an album that has tracks."""
    with read() as session:
        found = album_rows(session, [album_id])
    return _album(found[0]) if found and found[0].tracks else None


def _page(
    session: Session,
    of: type[Artist] | type[Album],
    wanted: list[ColumnElement[bool]],
    after: Place | None,
    limit: int,
) -> tuple[list[int], int]:
    """Return the ids of a page, and how many rows are wanted on all pages."""
    place = (col(of.folded), col(of.id))
    total = rows(session, select(func.count()).select_from(of).where(*wanted))[0][0]
    behind = [] if after is None else [tuple_(*place) > tuple_(*map(literal, after))]
    page = select(col(of.id)).where(*wanted, *behind).order_by(*place).limit(limit)
    return [row.id for row in rows(session, page)], int(total)


# "+": by the index of the album or artist, as most tracks are there
_THERE: Final = literal_column("+track.missing") == 0
_ARTIST_THERE: Final = exists().where(col(Track.artist_id) == col(Artist.id), _THERE)
_ALBUM_THERE: Final = exists().where(col(Track.album_id) == col(Album.id), _THERE)


def _artist(row: Row[Any]) -> CatalogueArtist:
    return CatalogueArtist(
        id=row.id,
        name=row.name,
        tracks=row.tracks,
        albums=row.on_albums,
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
        edition_of=row.edition_of,
        musicbrainz_id=row.musicbrainz_id,
        place=(row.folded, row.id),
    )
