"""What the map of the library shows of each track: where it lies, and what colours it.

Raw SQL: one pass over each table, as rows of 100,000 tracks would take seconds as objects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from store.database.db import read, rows
from store.search.filters import MOOD_FROM
from store.search.query import TrackQuery
from store.search.track_search import fitting_ids
from store.vectors import map_positions
from store.vocabulary import CAMELOT_CODES, GENRES, MOODS

UNKNOWN: Final = 255
"""An energy that is not known."""
_PRESENT: Final = "SELECT id FROM track WHERE NOT missing AND kind IS NULL"
_GENRES: Final = (
    "SELECT track_id, genre.name AS value FROM genretag JOIN genre ON genre.id = genre_id "
    "WHERE main"
)
_MOODS: Final = (
    "SELECT track_id, mood AS value, max(strength) FROM moodtag "
    f"WHERE strength >= {MOOD_FROM} GROUP BY track_id"
)
_FEATURES: Final = "SELECT track_id, bpm, camelot_key, energy FROM trackaudiofeatures"


@dataclass(frozen=True, slots=True)
class MapPoints:
    """The tracks of the map; one entry a track in each array.

    Attributes:
        track_ids: uint32.
        places: uint16, (n, 2), 0..65535.
        genres: uint8; 1 and on in the order of `GENRES`, 0 where not known.
        moods: uint8; the strongest, 1 and on in the order of `MOODS`, 0 where none is strong.
        tempos: uint8, BPM, 0 where not known, 255 also for more.
        keys: uint8; 1 and on in the order of `CAMELOT_CODES`, 0 where not known.
        energies: uint8, 0..254 for 0..1, 255 where not known.
    """

    track_ids: np.ndarray
    places: np.ndarray
    genres: np.ndarray
    moods: np.ndarray
    tempos: np.ndarray
    keys: np.ndarray
    energies: np.ndarray

    def packed(self) -> bytes:
        """Return everything little-endian: the count as uint32, then array after array.

        The order is ids, x, y, genres, moods, tempos, keys, energies.
        """
        parts = [
            np.array([self.track_ids.size], "<u4"),
            self.track_ids.astype("<u4"),
            self.places[:, 0].astype("<u2"),
            self.places[:, 1].astype("<u2"),
            *(self.genres, self.moods, self.tempos, self.keys, self.energies),
        ]
        return b"".join(part.tobytes() for part in parts)


def map_points() -> MapPoints:
    """Return the tracks that are laid out and on disk."""
    laid_out = map_positions.load()
    with read() as session:
        present = np.array([row[0] for row in rows(session, _PRESENT)], np.int64)
        there = np.isin(laid_out.track_ids, present)
        ids, places = laid_out.track_ids[there], laid_out.places[there]
        genres = _column(ids, rows(session, _GENRES), _numbered(GENRES))
        moods = _column(ids, rows(session, _MOODS), _numbered(MOODS))
        features = rows(session, _FEATURES)
    tempos = _column(ids, features, lambda bpm: round(min(bpm or 0, 255)))
    by_key, camelot = _numbered(CAMELOT_CODES), 2
    keys = _column(ids, features, by_key, at=camelot)
    energies = _column(ids, features, _energy, at=camelot + 1, empty=UNKNOWN)
    return MapPoints(ids.astype(np.uint32), places, genres, moods, tempos, keys, energies)


def found(words: str) -> list[int]:
    """Return the ids of all tracks with words in title, artist or album."""
    sql, values = fitting_ids(TrackQuery(text=words))
    with read() as session:
        return [row[0] for row in rows(session, sql, **values)]


def _numbered(names: Sequence[str]) -> Callable[[Any], int]:
    numbers = {name: number for number, name in enumerate(names, start=1)}
    return lambda name: numbers.get(name, 0)


def _energy(value: float | None) -> int:
    return UNKNOWN if value is None else round(min(max(value, 0.0), 1.0) * (UNKNOWN - 1))


def _column(
    ids: np.ndarray,
    found: Sequence[Any],
    number: Callable[[Any], int],
    *,
    at: int = 1,
    empty: int = 0,
) -> np.ndarray:
    """Return a value of each track, uint8: of rows (track id, …, value at `at`, …)."""
    column = np.full(ids.size, empty, np.uint8)
    if not found or not ids.size:
        return column
    owners = np.array([row[0] for row in found], np.int64)
    values = np.array([number(row[at]) for row in found], np.uint8)
    places = np.minimum(np.searchsorted(ids, owners), ids.size - 1)
    known = ids[places] == owners
    column[places[known]] = values[known]
    return column
