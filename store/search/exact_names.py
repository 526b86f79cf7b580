"""Artists and tracks of exactly a folded name (see `store.folding.fold`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from store.database.db import read, rows
from store.database.expressions import among
from store.tables.tracks import Artist, ArtistAlias, Track


@dataclass(frozen=True, slots=True)
class ArtistName:
    """An artist found under the folded name `alias`; `folded` is that of the artist itself."""

    alias: str
    folded: str
    name: str


@dataclass(frozen=True, slots=True)
class TrackName:
    """Title and artist of a track."""

    title: str
    artist: str | None


def artists_named(folded: Iterable[str]) -> tuple[ArtistName, ...]:
    """Return the artists of these folded names, without uncertain parts of a credit."""
    statement = (
        select(col(ArtistAlias.folded).label("alias"), col(Artist.folded), col(Artist.name))
        .join(Artist, col(Artist.id) == col(ArtistAlias.artist_id))
        .where(among(col(ArtistAlias.folded), folded), col(ArtistAlias.sure))
    )
    with read() as session:
        found = rows(session, statement)
    return tuple(ArtistName(row.alias, row.folded, row.name) for row in found)


def tracks_titled(folded: str, *, limit: int) -> tuple[TrackName, ...]:
    """Return tracks of this folded title, without missing ones."""
    statement = (
        select(col(Track.title), col(Artist.name).label("artist"))
        .select_from(Track)
        .outerjoin(Artist, col(Artist.id) == col(Track.artist_id))
        .where(col(Track.folded) == folded, col(Track.missing).is_(False))
        .limit(limit)
    )
    with read() as session:
        found = rows(session, statement)
    return tuple(TrackName(row.title, row.artist) for row in found)
