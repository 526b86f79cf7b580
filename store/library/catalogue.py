"""Artists, albums, genres and covers: found or added, and dropped when nothing needs them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from store.database.db import rows
from store.folding import artist_parts, fold, lead_artist
from store.records import CoverPicture, TagFacts
from store.stored_values import clean


def artist_id(
    session: Session, name: str | None, *, musicbrainz_id: str | None = None
) -> int | None:
    """The artist of that name, added with the aliases under which it is found."""
    name = clean(name)
    if name is None:
        return None
    found = rows(session, "SELECT id FROM artist WHERE name = :name", name=name)
    if found:
        return int(found[0].id)
    folded = fold(name)
    added = rows(
        session,
        "INSERT INTO artist (name, folded, musicbrainz_id) VALUES (:name, :folded, :mbid) "
        "RETURNING id",
        name=name,
        folded=folded,
        mbid=musicbrainz_id,
    )
    for alias, sure in artist_parts(name).items():
        rows(
            session,
            "INSERT INTO artistalias (artist_id, folded, sure) VALUES (:id, :alias, :sure)",
            id=added[0].id,
            alias=alias,
            sure=sure,
        )
    return int(added[0].id)


def album_id(session: Session, tags: TagFacts) -> int | None:
    """The album that the tags name, of its album artist or else of the lead artist."""
    title = clean(tags.album)
    if title is None:
        return None
    owner = tags.album_artist or (lead_artist(tags.artist) if tags.artist else None)
    artist = artist_id(session, owner)
    found = rows(
        session,
        "SELECT id FROM album WHERE title = :title AND artist_id IS :artist",
        title=title,
        artist=artist,
    )
    if found:
        rows(
            session,
            "UPDATE album SET year = coalesce(:year, year), "
            "musicbrainz_id = coalesce(:mbid, musicbrainz_id) WHERE id = :id",
            id=found[0].id,
            year=tags.year,
            mbid=tags.musicbrainz_album_id,
        )
        return int(found[0].id)
    added = rows(
        session,
        "INSERT INTO album (title, folded, artist_id, year, musicbrainz_id) "
        "VALUES (:title, :folded, :artist, :year, :mbid) RETURNING id",
        title=title,
        folded=fold(title),
        artist=artist,
        year=tags.year,
        mbid=tags.musicbrainz_album_id,
    )
    return int(added[0].id)


def genre_id(session: Session, name: str) -> int:
    """The genre of that name."""
    added = rows(
        session,
        "INSERT INTO genre (name) VALUES (:name) "
        "ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id",
        name=name,
    )
    return int(added[0].id)


def cover_id(session: Session, picture: CoverPicture | None) -> int | None:
    """The cover of that content, stored once."""
    if picture is None or not picture.data:
        return None
    digest = hashlib.sha256(picture.data).hexdigest()
    found = rows(session, "SELECT id FROM cover WHERE sha256 = :digest", digest=digest)
    if found:
        return int(found[0].id)
    added = rows(
        session,
        "INSERT INTO cover (sha256, mime, width, height, data) "
        "VALUES (:digest, :mime, :width, :height, :data) RETURNING id",
        digest=digest,
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        data=picture.data,
    )
    return int(added[0].id)


@dataclass(frozen=True, slots=True)
class Owners:
    """What a track leans on: its album, its artist and its album's artist, its cover."""

    album: int | None = None
    artists: tuple[int | None, ...] = ()
    cover: int | None = None


def owners(session: Session, path: str) -> Owners:
    """What the track at a stored path leans on now; nothing when there is none."""
    found = rows(
        session,
        "SELECT track.album_id, track.artist_id, track.cover_id, album.artist_id AS album_artist "
        "FROM track LEFT JOIN album ON album.id = track.album_id WHERE track.path = :path",
        path=path,
    )
    if not found:
        return Owners()
    row = found[0]
    return Owners(row.album_id, (row.artist_id, row.album_artist), row.cover_id)


def sweep(session: Session, left: Owners) -> None:
    """Drop what a track has `left` when no other track needs it."""
    rows(
        session,
        "DELETE FROM album WHERE id = :id "
        "AND NOT EXISTS (SELECT 1 FROM track WHERE album_id = album.id)",
        id=left.album,
    )
    for artist in left.artists:
        rows(
            session,
            "DELETE FROM artist WHERE id = :id "
            "AND NOT EXISTS (SELECT 1 FROM track WHERE artist_id = artist.id) "
            "AND NOT EXISTS (SELECT 1 FROM album WHERE artist_id = artist.id)",
            id=artist,
        )
    rows(
        session,
        "DELETE FROM cover WHERE id = :id "
        "AND NOT EXISTS (SELECT 1 FROM track WHERE cover_id = cover.id)",
        id=left.cover,
    )
