"""Names that begin with, or hold, what a person types: artists, albums and tracks at once.

Raw SQL: ranges of the indexes of folded names, and the full-text tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from store.browse.album_list import AlbumEntry, album_entries
from store.browse.artist_list import ArtistEntry, artist_entries
from store.database.db import read, rows
from store.folding import fold
from store.results import TrackRow
from store.search.filters import match_words
from store.stored_values import clean
from store.tracks.track_details import track_rows

LONGEST: Final = 200
_TRIGRAM: Final = 3
"""Letters from which a part of a name is found inside it."""
_LAST: Final = "\U0010ffff"
_BEGINNING: Final = """
SELECT id FROM {table} WHERE folded >= :folded AND folded < :behind{there}
ORDER BY folded, id LIMIT :limit"""
_INSIDE: Final = "SELECT rowid AS id FROM {table}_name WHERE {table}_name MATCH :inside LIMIT :many"
_TRACK_THERE: Final = " AND +track.missing = 0"
_TRACK_WORDS: Final = f"""
SELECT track.id FROM track_text JOIN track ON track.id = track_text.rowid
WHERE track_text MATCH :words{_TRACK_THERE} LIMIT :many"""
_MANY: Final = 200
"""Names that hold the text, of which the shortest are taken."""


@dataclass(frozen=True, slots=True)
class FoundNames:
    """What was found of each kind, the closest first."""

    artists: tuple[ArtistEntry, ...]
    albums: tuple[AlbumEntry, ...]
    tracks: tuple[TrackRow, ...]


def look_up_names(text: str, *, limit: int) -> FoundNames:
    """Return up to `limit` artists, albums and tracks whose names begin with or hold `text`."""
    cleaned = clean(text[:LONGEST]) or ""
    folded = fold(cleaned)
    if not folded:
        return FoundNames((), (), ())
    with read() as session:
        artists = _ids(session, "artist", folded, limit)
        albums = _ids(session, "album", folded, limit)
        tracks = _ids(session, "track", folded, limit)
        if len(tracks) < limit and (words := match_words(cleaned)):
            found = rows(session, _TRACK_WORDS, words=words, many=limit)
            tracks += [row.id for row in found if row.id not in tracks]
    there = [one for one in artist_entries(artists) if one.tracks or one.albums]
    return FoundNames(
        tuple(there[:limit]),
        tuple(one for one in album_entries(albums) if one.tracks)[:limit],
        track_rows(tracks[:limit]),
    )


def _ids(session: Session, table: str, folded: str, limit: int) -> list[int]:
    values = {"folded": folded, "behind": folded + _LAST, "limit": limit}
    beginning = _BEGINNING.format(table=table, there=_TRACK_THERE if table == "track" else "")
    found = [row.id for row in rows(session, beginning, **values)]
    if len(found) < limit and len(folded) >= _TRIGRAM and table != "track":
        found += _holding(session, table, folded, known=found)
    return found[: 2 * limit]


def _holding(session: Session, table: str, folded: str, *, known: list[int]) -> list[int]:
    groups = dict.fromkeys(folded[at : at + _TRIGRAM] for at in range(len(folded) - _TRIGRAM + 1))
    quoted = [f'"{group.replace(chr(34), chr(34) * 2)}"' for group in groups]
    found = rows(session, _INSIDE.format(table=table), inside=" ".join(quoted), many=_MANY)
    ids = [row.id for row in found if row.id not in known]
    named = rows(
        session,
        f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(:ids)) "
        "AND instr(folded, :folded) > 0 ORDER BY length(folded), folded",
        ids=str(ids),
        folded=folded,
    )
    return [row.id for row in named]
