"""The albums of the tracks that name one title: found anew whenever one of these tracks changes.

An album keeps its id, and what people think of it, while most of its tracks stay together.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlmodel import Session

from store.database.db import rows, write
from store.folding import fold
from store.library import catalogue
from store.library.albums.album_titles import album_key, edition_title
from store.library.albums.editions import group_editions
from store.library.albums.identity import (
    AlbumTrack,
    Group,
    albums_among,
    artist_of,
    title_of,
    year_of,
)

_TRACKS: Final = """
SELECT track.id, track.path, track.title AS song, track.album_title AS title, artist.name AS artist,
    track.album_artist, track.compilation, track.year, track.disc_no, track.track_no,
    track.musicbrainz_album_id, track.album_id
FROM track LEFT JOIN artist ON artist.id = track.artist_id WHERE {which}"""
_OF_KEYS: Final = _TRACKS.format(which="track.album_key IN (SELECT value FROM json_each(:keys))")
_OF_MUSICBRAINZ: Final = _TRACKS.format(
    which="track.musicbrainz_album_id IN (SELECT value FROM json_each(:ids)) "
    "AND track.album_key IS NOT NULL"
)
_ALBUMS: Final = """
SELECT id, title, artist_id, year, musicbrainz_id, edition_title FROM album
WHERE id IN (SELECT value FROM json_each(:ids))"""


def regroup(session: Session, keys: Iterable[str | None], *, path: str | None = None) -> None:
    """Find the albums of the titles `keys` (`album_titles.album_key`) within the transaction.

    With the stored `path` of a new track, an album that was alone in its folder is looked at too.
    """
    wanted = {key for key in keys if key is not None}
    if path is not None and len(beside := keys_beside(session, path.rpartition("/")[0])) == 2:
        wanted |= beside
    if not wanted:
        return
    tracks = _tracks(session, wanted)
    groups = albums_among(tracks)
    ids = _album_ids(session, groups)
    former = _former(session, {track.album_id for track in tracks if track.album_id})
    for group, number in zip(groups, ids, strict=True):
        moved = [track.id for track in group if track.album_id != number]
        if moved:
            rows(session, _SET_ALBUM, ids=json.dumps(moved), album=number)
        for track in group:
            if track.disc_no is None and track.disc is not None:
                rows(session, _SET_DISC, id=track.id, disc=track.disc)
    _close(session, groups, ids, former)
    titles = {edition_title(title_of(group)) for group in groups}
    group_editions(session, titles | {album.edition_title for album in former.values()})


def regroup_all() -> int:
    """Find all albums anew, as after an upgrade; return how many there are.

    Titles that were stored before albums were told apart are taken from the albums.
    """
    with write() as session:
        for row in rows(session, _UNREAD):
            rows(session, _FILL, title=row.title, key=album_key(row.title), album=row.id)
        rows(session, _FILL_ARTIST)
        rows(session, _FILL_FLAG)
        keys = [row.album_key for row in rows(session, _KEYS)]
    for at in range(0, len(keys), _AT_ONCE):
        with write() as session:
            for key in keys[at : at + _AT_ONCE]:
                regroup(session, [key])
    with write() as session:
        return int(rows(session, "SELECT count(*) AS albums FROM album")[0].albums)


_AT_ONCE: Final = 200
"""Titles of one transaction: other writers wait no longer than a second."""
_SET_ALBUM: Final = """
UPDATE track SET album_id = :album WHERE id IN (SELECT value FROM json_each(:ids))"""
_SET_DISC: Final = "UPDATE track SET disc_no = :disc WHERE id = :id"
_UNREAD: Final = """
SELECT id, title FROM album WHERE id IN
    (SELECT album_id FROM track WHERE album_id IS NOT NULL AND album_key IS NULL)"""
_FILL: Final = """
UPDATE track SET album_title = :title, album_key = :key
WHERE album_id = :album AND album_key IS NULL"""
_FILL_ARTIST: Final = """
UPDATE track SET album_artist = (SELECT artist.name FROM album
    JOIN artist ON artist.id = album.artist_id
    WHERE album.id = track.album_id AND artist.id IS NOT track.artist_id)
WHERE album_artist IS NULL AND album_id IS NOT NULL"""
_FILL_FLAG: Final = """
UPDATE track SET compilation = 1 WHERE id IN (SELECT track_id FROM trackmetadata
    WHERE key IN ('compilation', 'tcmp', 'itunescompilation', 'wmiscompilation')
    AND lower(value) IN ('1', 'true', 'yes'))"""
_KEYS: Final = "SELECT DISTINCT album_key FROM track WHERE album_key IS NOT NULL"


def _tracks(session: Session, keys: Collection[str]) -> list[AlbumTrack]:
    found = list(rows(session, _OF_KEYS, keys=json.dumps(list(keys))))
    marked = {row.musicbrainz_album_id for row in found} - {None}
    if marked:
        found += rows(session, _OF_MUSICBRAINZ, ids=json.dumps(list(marked)))
    return _beside_others(session, list({row.id: _track(row) for row in found}.values()))


def _beside_others(session: Session, tracks: list[AlbumTrack]) -> list[AlbumTrack]:
    """Note which tracks share their folder with other albums, where that decides."""
    owners: dict[str, set[str]] = defaultdict(set)
    for track in tracks:
        owners[track.folder].add(track.owner)
    shared = {
        track.folder
        for track in {track.folder: track for track in tracks}.values()
        if len(owners[track.folder]) > 1 and len(keys_beside(session, track.folder)) > 1
    }
    return [replace(track, beside_others=track.folder in shared) for track in tracks]


def keys_beside(session: Session, folder: str) -> set[str]:
    """Return the folded titles of the albums in a folder, at most three."""
    inside = folder + "/"
    found = rows(session, _BESIDE, low=inside, high=folder + "0", at=len(inside) + 1)
    return {row.album_key for row in found}


_BESIDE: Final = """
SELECT DISTINCT album_key FROM track WHERE path > :low AND path < :high
AND album_key IS NOT NULL AND instr(substr(path, :at), '/') = 0 LIMIT 3"""
"""Stored paths end in "/" and a name; "0" is the sign after "/"."""


def _track(row: Any) -> AlbumTrack:
    values = dict(row._mapping)
    folder = values.pop("path").rpartition("/")[0]
    values["compilation"] = bool(values["compilation"])
    return AlbumTrack(folder=folder, **values)


def _album_ids(session: Session, groups: Sequence[Group]) -> list[int]:
    """Return the album of each group, with its row up to date: most of its tracks keep theirs."""
    votes = [
        (count, -number, at)
        for at, group in enumerate(groups)
        for number, count in Counter(track.album_id for track in group if track.album_id).items()
    ]
    chosen: dict[int, int] = {}
    for _, number, at in sorted(votes, reverse=True):
        if at not in chosen and -number not in chosen.values():
            chosen[at] = -number
    stored = _former(session, chosen.values())
    return [_save(session, group, stored.get(chosen.get(at, 0))) for at, group in enumerate(groups)]


def _save(session: Session, group: Group, stored: Any) -> int:
    title = title_of(group)
    values = {
        "title": title,
        "artist_id": catalogue.artist_id(session, artist_of(group)),
        "year": year_of(group),
        "musicbrainz_id": next(
            (track.musicbrainz_album_id for track in group if track.musicbrainz_album_id), None
        ),
        "edition_title": edition_title(title),
    }
    if stored is None:
        added = rows(session, _INSERT, folded=fold(title), **values)
        return int(added[0].id)
    if values != {name: getattr(stored, name) for name in values}:
        rows(session, _UPDATE, id=stored.id, folded=fold(title), **values)
        catalogue.delete_unused(session, catalogue.TrackReferences(artists=(stored.artist_id,)))
    return int(stored.id)


_INSERT: Final = """
INSERT INTO album (title, folded, artist_id, year, musicbrainz_id, edition_title)
VALUES (:title, :folded, :artist_id, :year, :musicbrainz_id, :edition_title) RETURNING id"""
_UPDATE: Final = """
UPDATE album SET title = :title, folded = :folded, artist_id = :artist_id, year = :year,
    musicbrainz_id = :musicbrainz_id, edition_title = :edition_title WHERE id = :id"""


def _former(session: Session, ids: Collection[int]) -> dict[int, Any]:
    return {row.id: row for row in rows(session, _ALBUMS, ids=json.dumps(list(ids)))}


def _close(
    session: Session, groups: Sequence[Group], ids: Sequence[int], former: dict[int, Any]
) -> None:
    """Delete albums that lost all of their tracks; what people think of them goes along."""
    for number in former.keys() - set(ids):
        went = Counter(
            kept
            for group, kept in zip(groups, ids, strict=True)
            for track in group
            if track.album_id == number
        )
        if went:
            rows(session, _MOVE_MARKS, old=number, new=went.most_common(1)[0][0])
        artists = (former[number].artist_id,)
        catalogue.delete_unused(session, catalogue.TrackReferences(number, artists))


_MOVE_MARKS: Final = """
INSERT OR IGNORE INTO albummark (person_id, album_id, liked_at, rating)
SELECT person_id, :new, liked_at, rating FROM albummark WHERE album_id = :old"""
