"""Artists, albums and songs whose names hold given words, in pages; without words, all of them.

Raw SQL: songs by the full-text table; of artists and albums there are few enough to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from store.database.db import read, rows
from store.folding import fold
from store.listing.album_rows import AlbumRow, albums_of
from store.listing.artist_rows import LISTED, ArtistRow, artists_of
from store.listing.song_rows import SongRow, songs_of
from store.search.filters import match_words

LONGEST: Final = 200
"""Characters of a search; what is beyond does not count."""


@dataclass(frozen=True, slots=True)
class Page:
    """How many of a kind, and how many come before them."""

    limit: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Matches:
    """A page of each kind."""

    artists: tuple[ArtistRow, ...]
    albums: tuple[AlbumRow, ...]
    songs: tuple[SongRow, ...]


_PAGE: Final = " LIMIT :limit OFFSET :offset"
_EVERY: Final = {
    "artist": f"SELECT id FROM ({LISTED}) ORDER BY id",
    "album": """SELECT id FROM album WHERE EXISTS
        (SELECT 1 FROM track WHERE track.album_id = album.id AND NOT missing) ORDER BY id""",
    "song": "SELECT id FROM track WHERE missing = 0 ORDER BY id",
}
_HOLDS: Final = "{name} LIKE '%' || :w{number} || '%' ESCAPE '\\'"
_ARTISTS: Final = f"""
SELECT artist.id FROM ({LISTED}) AS listed JOIN artist ON artist.id = listed.id WHERE {{words}}
ORDER BY artist.folded LIKE :begin || '%' ESCAPE '\\' DESC, artist.folded, artist.id"""
_ALBUMS: Final = """
SELECT album.id FROM album LEFT JOIN artist ON artist.id = album.artist_id
WHERE {words} AND EXISTS (SELECT 1 FROM track WHERE track.album_id = album.id AND NOT missing)
ORDER BY album.folded LIKE :begin || '%' ESCAPE '\\' DESC, album.folded, album.id"""
_SONGS: Final = """
SELECT track.id FROM track_text JOIN track ON track.id = track_text.rowid
WHERE track_text MATCH :words AND NOT track.missing
ORDER BY track.folded LIKE :begin || '%' ESCAPE '\\' DESC, track.id"""
_NO_WORDS: Final = "SELECT id FROM track WHERE folded = :begin AND NOT missing ORDER BY id"


def matches(text: str, *, person: int, artists: Page, albums: Page, songs: Page) -> Matches:
    """Return what holds every word of `text` (or words that begin with it); all for none.

    The order is the same for every page, so that a whole library can be read page by page.
    """
    text = text.strip()[:LONGEST]
    with read() as session:
        return Matches(
            artists_of(session, _ids(session, "artist", text, artists), person=person),
            albums_of(session, _ids(session, "album", text, albums), person=person),
            songs_of(session, _ids(session, "song", text, songs), person=person),
        )


def _ids(session: Session, kind: str, text: str, page: Page) -> list[int]:
    if page.limit == 0:
        return []
    sql, values = (_EVERY[kind], {}) if not text else _search(kind, text)
    found = rows(session, sql + _PAGE, **values, limit=page.limit, offset=page.offset)
    return [row.id for row in found]


def _search(kind: str, text: str) -> tuple[str, dict[str, object]]:
    folded = fold(text)
    begin = _escaped(folded)
    if kind == "song":
        words = match_words(text)
        if words is None:
            return _NO_WORDS, {"begin": folded}
        return _SONGS, {"words": words, "begin": begin}
    name, sql = "artist.folded", _ARTISTS
    if kind == "album":
        name, sql = "(album.folded || ' ' || coalesce(artist.folded, ''))", _ALBUMS
    parts = folded.split() or [folded]
    values: dict[str, object] = {f"w{at}": _escaped(part) for at, part in enumerate(parts)}
    conditions = (_HOLDS.format(name=name, number=at) for at in range(len(parts)))
    return sql.format(words=" AND ".join(conditions)), {**values, "begin": begin}


def _escaped(text: str) -> str:
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return text
