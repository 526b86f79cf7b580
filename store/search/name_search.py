"""Names in the library that resemble what a person wrote.

Never a look at every name: exact folded names come from an index, whole words from the full-text
table, and misspelt names from the trigram tables by the rarest three-letter groups of the text.
Only those few dozen are compared letter by letter. Raw SQL: FTS5 tables and their vocabularies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rapidfuzz import fuzz
from sqlmodel import Session

from store.database.db import read, rows
from store.folding import fold
from store.results import LibraryMatch
from store.search.filters import match_words
from store.stored_values import clean

EXACT: Final = 90.0
"""From this score on a name is as good as the one asked for."""
SCORE_CUTOFF: Final = 55.0
"""Below this score a name does not resemble the text."""
RAREST: Final = 8
"""So many rare three-letter groups find a misspelt name, and keep the posting lists short."""
FEWEST: Final = 3
NAMES_READ: Final = 20_000
"""Beyond `FEWEST` groups, no more names than this are gone through: a few milliseconds."""
PRESELECTED: Final = 100
"""Names that are compared letter by letter."""
LONGEST_NAME: Final = 200

_SPLIT: Final = re.compile(
    r"\s+(?:by|par|de|d'|from)\s+|\s+[-–—|:]\s+|\s*[-–—]\s+|\s*,\s+", re.IGNORECASE
)
_QUOTES: Final = re.compile(r"[\"“”«»„]")
_ASIDE: Final = re.compile(
    r"\s*[(\[].*?[)\]]|\s+[-–]\s+.*(?:remaster|live|edit|version|mix).*", re.I
)


def resolve_track(name: str, *, limit: int = 5) -> tuple[LibraryMatch, ...]:
    """Tracks that a person may mean by "title", "title by artist" or "artist - title".

    Best first; a score of 90 or more is as good as exact. Misspelt names are found too.
    """
    wanted = _QUOTES.sub("", clean(name[:LONGEST_NAME]) or "").strip()
    if not wanted:
        return ()
    with read() as session:
        ids: dict[int, None] = dict.fromkeys(_by_title(session, _interpretations(wanted)))
        ids.update(dict.fromkeys(_by_words(session, wanted)))
        found = _scored(session, wanted, ids)
        if not found or found[0].score < EXACT:
            ids.update(dict.fromkeys(_by_trigrams(session, "track_name", fold(wanted))))
            found = _scored(session, wanted, ids)
    return tuple(found[:limit])


class NameSearch:
    """Names in the library that resemble a text; reads the database on every call."""

    def artists(self, text: str, *, limit: int = 5) -> tuple[LibraryMatch, ...]:
        """Artists, best first."""
        return tuple(
            LibraryMatch("artist", row.id, row.name, score)
            for row, score in _named("artist", _ARTISTS, text)[:limit]
        )

    def albums(self, text: str, *, limit: int = 5) -> tuple[LibraryMatch, ...]:
        """Albums of which a file is there, best first."""
        return tuple(
            LibraryMatch(
                "album", row.id, row.name, score, artist=row.artist, year=row.year,
                tracks=row.tracks, edition_of=row.edition_of,
            )
            for row, score in _named("album", _ALBUMS, text)[:limit]
        )  # fmt: skip

    def tracks(self, text: str, *, limit: int = 5) -> tuple[LibraryMatch, ...]:
        """Tracks, best first; as `resolve_track`."""
        return resolve_track(text, limit=limit)


_ARTISTS: Final = """
SELECT id, name, folded FROM artist
WHERE id IN (SELECT value FROM json_each(:ids))
OR id IN (SELECT artist_id FROM artistalias WHERE folded = :folded AND sure)"""
_ALBUMS: Final = """
SELECT album.id, album.title AS name, album.folded, artist.name AS artist, album.year,
    album.edition_of, count(*) AS tracks
FROM album JOIN track ON track.album_id = album.id AND +track.missing = 0
LEFT JOIN artist ON artist.id = album.artist_id
WHERE album.id IN (SELECT value FROM json_each(:ids)) OR album.folded = :folded
GROUP BY album.id"""
_TRACKS: Final = """
SELECT track.id, track.title, track.folded, artist.name AS artist,
    coalesce(artist.folded, '') AS artist_folded
FROM track LEFT JOIN artist ON artist.id = track.artist_id
WHERE track.id IN (SELECT value FROM json_each(:ids)) AND NOT track.missing"""


def _named(kind: str, select: str, text: str) -> list[tuple[Any, float]]:
    """Return rows with names like a text and their scores, the best first."""
    folded = fold(clean(text[:LONGEST_NAME]) or "")
    if not folded:
        return []
    with read() as session:
        ids = _by_trigrams(session, f"{kind}_name", folded)
        found = rows(session, select, ids=json.dumps(ids), folded=folded)
    scored = [(row, _alike(folded, row.folded)) for row in found]
    good = [(row, score) for row, score in scored if score >= SCORE_CUTOFF]
    return sorted(good, key=lambda pair: (-pair[1], len(pair[0].name), pair[0].id))


def _interpretations(wanted: str) -> tuple[tuple[str, str | None], ...]:
    """Return (folded title, folded artist or None) of every way to split the text."""
    interpretations: list[tuple[str, str | None]] = [(fold(wanted), None)]
    for cut in _SPLIT.finditer(wanted):
        left, right = fold(wanted[: cut.start()]), fold(wanted[cut.end() :])
        if left and right:
            interpretations += [(left, right), (right, left)]
    return tuple(interpretations[:9])


def _by_title(session: Session, interpretations: Iterable[tuple[str, str | None]]) -> list[int]:
    titles = json.dumps([title for title, _ in interpretations])
    found = rows(
        session,
        "SELECT id FROM track WHERE folded IN (SELECT value FROM json_each(:titles)) LIMIT 200",
        titles=titles,
    )
    return [row.id for row in found]


def _by_words(session: Session, wanted: str) -> list[int]:
    bare = _SPLIT.sub(" ", wanted)
    ids: list[int] = []
    for words in dict.fromkeys((match_words(wanted), match_words(bare))):
        if words:
            found = rows(
                session,
                "SELECT rowid FROM track_text WHERE track_text MATCH :words LIMIT :limit",
                words=words,
                limit=PRESELECTED,
            )
            ids += [row.rowid for row in found]
    return ids


def _by_trigrams(session: Session, table: str, folded: str) -> list[int]:
    """Rows of a trigram table that share most of the text's rarest three-letter groups."""
    groups = dict.fromkeys(folded[start : start + 3] for start in range(len(folded) - 2))
    counted = [
        (row.doc, row.term)
        for row in rows(
            session,
            f"SELECT term, doc FROM json_each(:groups) JOIN {table}_words ON term = value",
            groups=json.dumps(list(groups)),
        )
    ]
    rarest: list[str] = []
    read_through = 0
    for names, term in sorted(counted)[:RAREST]:
        read_through += names
        if len(rarest) >= FEWEST and read_through > NAMES_READ:
            break
        rarest.append(term)
    if not rarest:
        return []
    every = " UNION ALL ".join(
        f"SELECT rowid FROM {table} WHERE {table} MATCH :g{place}" for place in range(len(rarest))
    )
    values = {f"g{place}": _quoted(term) for place, term in enumerate(rarest)}
    found = rows(
        session,
        f"SELECT rowid FROM ({every}) GROUP BY rowid ORDER BY count(*) DESC, rowid LIMIT :limit",
        limit=PRESELECTED,
        **values,
    )
    return [row.rowid for row in found]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _scored(session: Session, wanted: str, ids: Iterable[int]) -> list[LibraryMatch]:
    interpretations = _interpretations(wanted)
    found: Sequence[Any] = rows(session, _TRACKS, ids=json.dumps(list(ids)))
    return _best(
        LibraryMatch("track", row.id, row.title, _score(interpretations, row), artist=row.artist)
        for row in found
    )


def _score(interpretations: Iterable[tuple[str, str | None]], row: Any) -> float:
    bare = fold(_ASIDE.sub("", row.title)) or row.folded
    best = 0.0
    for title, artist in interpretations:
        likeness = max(_alike(title, row.folded), _alike(title, bare) - 2)
        if artist is not None:
            by = _alike(artist, row.artist_folded) if row.artist_folded else 0.0
            likeness = 0.65 * likeness + 0.35 * by
        else:
            both = fuzz.token_sort_ratio(title, f"{row.folded} {row.artist_folded}")
            likeness = max(likeness, both - 2)
        best = max(best, likeness)
    return best


def _alike(one: str, other: str) -> float:
    """0..100; a name that merely contains the text, or is contained in it, stays below `EXACT`."""
    whole = fuzz.ratio(one, other)
    if whole >= EXACT or min(len(one), len(other)) < 3:
        return whole
    inside = fuzz.token_set_ratio(one, other)
    return max(whole, min(inside * 0.85, EXACT - 1))


def _best(matches: Iterable[LibraryMatch]) -> list[LibraryMatch]:
    good = [match for match in matches if match.score >= SCORE_CUTOFF]
    return sorted(good, key=lambda match: (-match.score, len(match.name), match.id))
