"""Artists, tracks, albums and playlists of exactly a folded name (see `store.folding.fold`).

Raw SQL: these are asked for every request, and building an expression takes longer than the query.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from store.database.db import read, rows

MOST_NAMED: Final = 400
"""Things of a kind that are read; a request names a handful."""
_LISTED: Final = "(SELECT value FROM json_each(:folded))"
_ARTISTS: Final = f"""
SELECT 'artist' AS kind, alias.folded AS folded, artist.id AS id, artist.name AS name,
    NULL AS artist, artist.folded = alias.folded AS own
FROM artistalias AS alias JOIN artist ON artist.id = alias.artist_id
WHERE alias.folded IN {_LISTED} AND alias.sure"""
# The sum keeps SQLite from the index of `missing`: nearly every track is there.
_TRACKS: Final = f"""
SELECT 'track' AS kind, track.folded AS folded, track.id AS id, track.title AS name,
    artist.name AS artist, 1 AS own
FROM track LEFT JOIN artist ON artist.id = track.artist_id
WHERE track.folded IN {_LISTED} AND track.missing + 0 = 0 LIMIT :most"""
_ALBUMS: Final = f"""
SELECT 'album' AS kind, album.folded AS folded, album.id AS id, album.title AS name,
    artist.name AS artist, 1 AS own
FROM album LEFT JOIN artist ON artist.id = album.artist_id
WHERE album.folded IN {_LISTED} LIMIT :most"""
_PLAYLISTS: Final = f"""
SELECT 'playlist' AS kind, folded, id, name, NULL AS artist, 1 AS own
FROM playlist WHERE folded IN {_LISTED} LIMIT :most"""
_EVERYTHING: Final = " UNION ALL ".join(
    f"SELECT * FROM ({part})" for part in (_ARTISTS, _TRACKS, _ALBUMS, _PLAYLISTS)
)


@dataclass(frozen=True, slots=True)
class NamedThing:
    """What the library has under a folded name.

    Attributes:
        kind: "artist", "track", "album" or "playlist".
        folded: The name it was found under.
        id: Its id.
        name: As the library writes it.
        artist: Of a track or an album.
        own: False for an artist found under another name than the one shown.
    """

    kind: str
    folded: str
    id: int
    name: str
    artist: str | None = None
    own: bool = True


def artists_named(folded: Collection[str]) -> tuple[NamedThing, ...]:
    """Return the artists of these folded names, without uncertain parts of a credit."""
    return _named(_ARTISTS, folded)


def things_named(folded: Collection[str]) -> tuple[NamedThing, ...]:
    """Return the artists, tracks, albums and playlists of these folded names.

    Missing tracks and uncertain parts of a credit are left out.
    """
    return _named(_EVERYTHING, folded)


def tracks_titled(folded: str) -> tuple[NamedThing, ...]:
    """Return the tracks of this folded title, without missing ones."""
    return _named(_TRACKS, [folded])


def _named(statement: str, folded: Collection[str]) -> tuple[NamedThing, ...]:
    with read() as session:
        found = rows(session, statement, folded=json.dumps(list(folded)), most=MOST_NAMED)
    return tuple(
        NamedThing(row.kind, row.folded, row.id, row.name, row.artist, bool(row.own))
        for row in found
    )
