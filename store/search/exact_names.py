"""Artists and tracks of exactly a folded name (see `store.folding.fold`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer, null, select, type_coerce
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.tables.playlists import Playlist
from store.tables.tracks import Album, Artist, ArtistAlias, Track


@dataclass(frozen=True, slots=True)
class ArtistName:
    """An artist found under the folded name `alias`; `folded` is that of the artist itself."""

    alias: str
    folded: str
    name: str
    id: int


@dataclass(frozen=True, slots=True)
class TrackName:
    """Title and artist of a track."""

    title: str
    artist: str | None


def artists_named(folded: Iterable[str]) -> tuple[ArtistName, ...]:
    """Return the artists of these folded names, without uncertain parts of a credit."""
    statement = (
        select(
            col(ArtistAlias.folded).label("alias"),
            col(Artist.folded),
            col(Artist.name),
            col(Artist.id),
        )
        .join(Artist, col(Artist.id) == col(ArtistAlias.artist_id))
        .where(among(col(ArtistAlias.folded), folded), col(ArtistAlias.sure))
    )
    with read() as session:
        found = rows(session, statement)
    return tuple(ArtistName(row.alias, row.folded, row.name, row.id) for row in found)


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A track, album or playlist of the folded name `folded`."""

    kind: str
    folded: str
    id: int
    name: str
    artist: str | None = None


_SHOWN: Final = type_coerce(col(Track.missing), Integer) + 0 == 0
"""The sum keeps SQLite from the index of `missing`: nearly every track is there."""
MOST_NAMED: Final = 400
"""Things of a kind that are read; a request names a handful."""


def things_named(folded: Collection[str]) -> tuple[NamedThing, ...]:
    """Return the tracks, albums and playlists of these folded names, without missing tracks."""
    of_artist = col(Artist.name).label("artist")
    tracks = (
        select(col(Track.folded), col(Track.id), col(Track.title).label("name"), of_artist)
        .outerjoin(Artist, col(Artist.id) == col(Track.artist_id))
        .where(among(col(Track.folded), folded), _SHOWN)
    )
    albums = (
        select(col(Album.folded), col(Album.id), col(Album.title).label("name"), of_artist)
        .outerjoin(Artist, col(Artist.id) == col(Album.artist_id))
        .where(among(col(Album.folded), folded))
    )
    playlists = select(
        col(Playlist.folded), col(Playlist.id), col(Playlist.name), null().label("artist")
    ).where(among(col(Playlist.folded), folded))
    with read() as session:
        return tuple(
            NamedThing(kind, row.folded, row.id, row.name, row.artist)
            for kind, statement in (("track", tracks), ("album", albums), ("playlist", playlists))
            for row in rows(session, statement.limit(MOST_NAMED))
        )


def tracks_titled(folded: str, *, limit: int) -> tuple[TrackName, ...]:
    """Return tracks of this folded title, without missing ones."""
    statement = (
        select(col(Track.title), col(Artist.name).label("artist"))
        .select_from(Track)
        .outerjoin(Artist, col(Artist.id) == col(Track.artist_id))
        .where(col(Track.folded) == folded, _SHOWN)
        .limit(limit)
    )
    with read() as session:
        found = rows(session, statement)
    return tuple(TrackName(row.title, row.artist) for row in found)
