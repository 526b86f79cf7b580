"""Artists, albums, genres and covers: found or added, and deleted when no track needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, col

from store.database.db import rows
from store.folding import artist_parts, fold
from store.records import CoverPicture
from store.stored_values import clean
from store.tables.analysis import Genre
from store.tables.tracks import Album, Artist, ArtistAlias, CoverImage, Track


def artist_id(
    session: Session,
    name: str | None,
    *,
    musicbrainz_id: str | None = None,
    members: Sequence[str] = (),
) -> int | None:
    """Return the artist of that name, added with the aliases under which it is found.

    `members` are the artists that tags name apart: each is a sure alias, of one word too.
    """
    name = clean(name)
    if name is None:
        return None
    found = rows(session, select(col(Artist.id)).where(col(Artist.name) == name))
    if found:
        known = int(found[0].id)
        aliases = {}
    else:
        new = insert(Artist).values(name=name, folded=fold(name), musicbrainz_id=musicbrainz_id)
        known = int(rows(session, new.returning(col(Artist.id)))[0].id)
        aliases = artist_parts(name)
    aliases |= {folded: True for member in members if (folded := fold(clean(member) or ""))}
    for alias, sure in aliases.items():
        added = sqlite.insert(ArtistAlias).values(artist_id=known, folded=alias, sure=sure)
        one = ["artist_id", "folded"]
        rows(session, added.on_conflict_do_update(index_elements=one, set_={"sure": sure}))
    return known


def genre_id(session: Session, name: str) -> int:
    """Return the genre of that name, added if need be."""
    new = sqlite.insert(Genre).values(name=name)
    kept = new.on_conflict_do_update(index_elements=["name"], set_={"name": name})
    return int(rows(session, kept.returning(col(Genre.id)))[0].id)


def cover_id(session: Session, picture: CoverPicture | None) -> int | None:
    """Return the cover of that content, stored once."""
    if picture is None or not picture.data:
        return None
    digest = hashlib.sha256(picture.data).hexdigest()
    found = rows(session, select(col(CoverImage.id)).where(col(CoverImage.sha256) == digest))
    if found:
        return int(found[0].id)
    new = insert(CoverImage).values(
        sha256=digest,
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        data=picture.data,
    )
    return int(rows(session, new.returning(col(CoverImage.id)))[0].id)


@dataclass(frozen=True, slots=True)
class TrackReferences:
    """What a track refers to: its album, its artist and its album's artist, its cover.

    `album_key` is the folded title of the album.
    """

    album: int | None = None
    artists: tuple[int | None, ...] = ()
    cover: int | None = None
    album_key: str | None = None


def references(session: Session, path: str, start_s: float = 0.0) -> TrackReferences:
    """Return what the track at a stored path refers to; nothing when there is no track."""
    found = rows(
        session,
        select(
            col(Track.album_id),
            col(Track.artist_id),
            col(Track.cover_id),
            col(Track.album_key),
            col(Album.artist_id).label("album_artist"),
        )
        .select_from(Track)
        .outerjoin(Album, col(Album.id) == col(Track.album_id))
        .where(col(Track.path) == path, col(Track.start_s) == start_s),
    )
    if not found:
        return TrackReferences()
    row = found[0]
    return TrackReferences(
        row.album_id, (row.artist_id, row.album_artist), row.cover_id, row.album_key
    )


def delete_unused(session: Session, former: TrackReferences) -> None:
    """Delete what a track referred to before where no other track needs it."""
    rows(session, _UNUSED_ALBUM, former=former.album)
    for artist in former.artists:
        rows(session, _UNUSED_ARTIST, former=artist)
    rows(session, _UNUSED_COVER, former=former.cover)


_FORMER: Final = bindparam("former")
_ALBUM_USED: Final = select(col(Track.id)).where(col(Track.album_id) == col(Album.id)).exists()
_OF_TRACK: Final = select(col(Track.id)).where(col(Track.artist_id) == col(Artist.id)).exists()
_OF_ALBUM: Final = select(col(Album.id)).where(col(Album.artist_id) == col(Artist.id)).exists()
_COVER_USED: Final = select(col(Track.id)).where(col(Track.cover_id) == col(CoverImage.id)).exists()
_UNUSED_ALBUM: Final = delete(Album).where(col(Album.id) == _FORMER, ~_ALBUM_USED)
_UNUSED_ARTIST: Final = delete(Artist).where(col(Artist.id) == _FORMER, ~_OF_TRACK, ~_OF_ALBUM)
_UNUSED_COVER: Final = delete(CoverImage).where(col(CoverImage.id) == _FORMER, ~_COVER_USED)
