"""A large library that was never recorded: rows and vectors as the indexer writes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from store.database import db
from store.folding import fold
from store.settings import StoreSettings
from store.vectors import vector_tables
from store.vocabulary import CAMELOT_CODES, GENRES, MOODS

SEED: Final = 5
TRACKS_AN_ALBUM: Final = 9
ALBUMS_AN_ARTIST: Final = 3
DIMENSION: Final = 200
MODEL: Final = "synthetic"
BATCH: Final = 5000
STYLES: Final = 30
"""Genre tags of a genre."""
LIKED_EVERY: Final = 50
_WORDS_TEXT: Final = """
love night heart time day blue light fire rain dream world baby dance home eyes life moon girl
sun road summer man black soul river gold wild sky lost red star sweet heaven city street last
little morning water shadow long winter white lonely angel silver velvet midnight broken thunder
electric golden paper mirror crystal ocean desert mountain highway machine neon hollow whisper
burning falling running waiting dancing crying walking frozen gentle savage secret stolen silent
crooked distant empty endless perfect ordinary strange beautiful terrible yesterday tomorrow
forever never always maybe someone nobody stranger sister brother mother father daughter soldier
sailor king queen prince devil ghost spirit wolf bird raven sparrow tiger horse spider butterfly
garden rose flower tree forest island harbour station window door mirror candle letter story
song music guitar piano drum voice amour nuit coeur temps jour bleu soleil lune pluie rue ville
mer vent fleur hiver temps"""
WORDS: Final = tuple(_WORDS_TEXT.split())
_TAGS_TEXT: Final = """
rock pop electronic jazz guitar piano strings synth acoustic mellow vocal female male drums beat
fast slow soft loud instrumental chillout party dance oldies ambient classical quiet"""
TAGS: Final = tuple(_TAGS_TEXT.split())


@dataclass(frozen=True, slots=True)
class SyntheticLibrary:
    """Names in the library.

    Attributes:
        titles: Of some tracks, with their artists.
        artists: Some names.
        albums: Some titles.
    """

    titles: Sequence[tuple[str, str]]
    artists: Sequence[str]
    albums: Sequence[str]

    def label(self, number: int) -> str:
        """A track by the number of its name."""
        title, artist = self.titles[number % len(self.titles)]
        return f"{artist} - {title}"

    def texts(self, kind: str) -> dict[str, list[str]]:
        """What people may write: exact names, misspelt ones and such as are not there."""
        exact = {
            "artist": list(self.artists),
            "album": list(self.albums),
            "track": [title for title, _ in self.titles],
        }[kind]
        return {
            "exact": exact,
            "misspelt": [name[:3] + name[4:] for name in exact],
            "not there": [f"zq{name[::-1]} vrook" for name in exact],
        }


def fill(folder: Path, count: int, *, vectors: bool = True) -> SyntheticLibrary:
    """A library of `count` tracks in `folder`; one that is there already is used again.

    Args:
        vectors: Fill the vector tables too, which takes most of the time.
    """
    database = StoreSettings().database
    if not database.exists():
        db.upgrade()
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            _fill(connection, count)
            connection.execute("PRAGMA optimize")
            # a write-ahead log of hundreds of megabytes would slow down every look-up
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if vectors:
            vector_tables.synchronise()
    db.reset()
    db.upgrade()
    return _names(database)


def _fill(connection: sqlite3.Connection, count: int) -> None:
    rng = np.random.default_rng(SEED)
    albums = max(1, count // TRACKS_AN_ALBUM)
    artists = max(1, albums // ALBUMS_AN_ARTIST)
    _add_artists(connection, rng, artists)
    names = enumerate(_called(rng, albums))
    titles = [name if at < artists else f"{name} {at}" for at, name in names]
    connection.executemany(
        "INSERT INTO album (id, title, folded, artist_id, year) VALUES (?, ?, ?, ?, ?)",
        [
            (at + 1, title, fold(title), at % artists + 1, int(rng.integers(1955, 2026)))
            for at, title in enumerate(titles)
        ],
    )
    connection.executemany(
        "INSERT INTO genre (id, name) VALUES (?, ?)", list(enumerate(GENRES, start=1))
    )
    for first in range(0, count, BATCH):
        numbers = np.arange(first, min(first + BATCH, count))
        for table, rows in _rows(rng, numbers, albums, artists).items():
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    connection.commit()


def _add_artists(connection: sqlite3.Connection, rng: np.random.Generator, count: int) -> None:
    names = [f"The {name}" if at % 3 == 0 else f"{name} {at}" for at, name in
             enumerate(_called(rng, count))]  # fmt: skip
    names = list(dict.fromkeys(names)) + [f"Band {at}" for at in range(count)]
    rows = [(at + 1, name, fold(name)) for at, name in enumerate(names[:count])]
    connection.executemany("INSERT INTO artist (id, name, folded) VALUES (?, ?, ?)", rows)
    connection.executemany(
        "INSERT INTO artistalias (artist_id, folded, sure) VALUES (?, ?, 1)",
        [(at, folded) for at, _, folded in rows],
    )


def _called(rng: np.random.Generator, count: int) -> list[str]:
    """Names of one to four words, common ones far more often."""
    places = np.minimum(rng.zipf(1.3, (count, 4)) - 1, len(WORDS) - 1)
    places = (places + rng.integers(0, len(WORDS), (count, 4)) * (places > 40)) % len(WORDS)
    lengths = rng.choice([1, 2, 3, 4], count, p=[0.15, 0.4, 0.3, 0.15])
    return [
        " ".join(WORDS[at] for at in row[:length]).title()
        for row, length in zip(places, lengths, strict=True)
    ]


def _rows(
    rng: np.random.Generator, numbers: np.ndarray, albums: int, artists: int
) -> dict[str, list[tuple[Any, ...]]]:
    n = len(numbers)
    names = _called(rng, n)
    genres = np.minimum(rng.zipf(1.4, n) - 1, len(GENRES) - 1)
    bpm = np.clip(rng.normal(85 + 3 * genres, 20), 55, 210).round(1)
    energy = np.clip(rng.beta(2, 2, n) * 0.6 + bpm / 500, 0, 1).round(3)
    moods = np.clip(rng.beta(0.8, 1.4, (n, len(MOODS))), 0, 1).round(4)
    clusters = np.random.default_rng(SEED).gamma(1.0, 1.0, (len(GENRES), DIMENSION))
    sounds = (clusters[genres] + rng.gamma(0.5, 0.6, (n, DIMENSION))).astype("<f4")
    tables: dict[str, list[tuple[Any, ...]]] = {}
    tables["track (id, path, content_hash, size_bytes, mtime_ns, duration_s, audio_format, title,"
           " folded, artist_id, album_id, year, missing, added_at, analysed_at)"] = [
        (int(i) + 1, _path(int(i), albums, artists), str(i), 1, 1, float(d), "flac", name,
         fold(name),
         int(i) // TRACKS_AN_ALBUM % albums % artists + 1, int(i) // TRACKS_AN_ALBUM % albums + 1,
         int(year), 0, f"2025-01-01 {i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d}.000000",
         "2025-01-02 00:00:00.000000")
        for i, name, d, year in zip(numbers, names, rng.normal(230, 50, n).clip(60, 900).round(1),
                                    rng.integers(1955, 2026, n), strict=True)
    ]  # fmt: skip
    keys = rng.choice(CAMELOT_CODES, n)
    instrumental = rng.beta(0.6, 1.2, n).round(3)
    ids = [int(i) + 1 for i in numbers]
    tables["trackaudiofeatures (track_id, bpm, bpm_alternative, bpm_confidence, camelot_key,"
           " energy, danceability, instrumental, stability)"] = [
        (i, float(b), float(2 * b), 0.8, str(k), float(e), float(e), float(v), "stable")
        for i, b, k, e, v in zip(ids, bpm, keys, energy, instrumental, strict=True)
    ]  # fmt: skip
    tables["moodtag (track_id, mood, strength, source)"] = [
        (i, mood, float(strength), "calculated")
        for i, row in zip(ids, moods, strict=True)
        for mood, strength in zip(MOODS, row, strict=True)
    ]
    tables["genretag (track_id, genre_id, weight, main, source)"] = list(_genres(rng, ids, genres))
    tables["trackmetadata (track_id, key, value, source)"] = [
        (i, "genre", f"{GENRES[int(genre)].title()} {i % STYLES}", "tags")
        for i, genre in zip(ids, genres, strict=True)
    ]
    tables["tracklike (person_id, track_id, value, created_at)"] = [
        (1, i, 1, "2025-01-03 00:00:00.000000") for i in ids if i % LIKED_EVERY == 1
    ]
    heard = rng.integers(0, len(TAGS), (n, 8))
    features = json.dumps({"tagger": {f"msd:{at}": 0.123456 for at in range(100)}})
    tables["trackmirraw (track_id, tags, source, version, features_raw, stage_versions)"] = [
        (i, json.dumps(list(dict.fromkeys(TAGS[at] for at in row))), "musicnn", 1, features, "{}")
        for i, row in zip(ids, heard, strict=True)
    ]
    tables["trackembedding (track_id, kind, source, model, dimension, version, vector)"] = [
        (i, "audio", "musicnn", MODEL, DIMENSION, 1, sound.tobytes())
        for i, sound in zip(ids, sounds, strict=True)
    ]
    return tables


def _path(number: int, albums: int, artists: int) -> str:
    """A file in the folder of its album, in the folder of its artist."""
    album = number // TRACKS_AN_ALBUM % albums
    return f"/music/{album % artists + 1}/{album + 1}/{number}.flac"


def _genres(
    rng: np.random.Generator, ids: Sequence[int], genres: np.ndarray
) -> Iterator[tuple[Any, ...]]:
    others = rng.integers(0, len(GENRES), (len(ids), 2))
    for i, main, traces in zip(ids, genres, others, strict=True):
        yield i, int(main) + 1, 0.7, 1, "musicnn"
        for other in {int(t) for t in traces} - {int(main)}:
            yield i, other + 1, 0.35, 0, "musicnn"


def _names(database: Path) -> SyntheticLibrary:
    with closing(sqlite3.connect(database)) as connection:
        tracks = connection.execute(
            "SELECT title, artist.name FROM track JOIN artist ON artist.id = artist_id "
            "WHERE track.id % 97 = 1 LIMIT 200"
        ).fetchall()
        artists = connection.execute(
            "SELECT name FROM artist WHERE id % 7 = 1 LIMIT 200"
        ).fetchall()
        albums = connection.execute("SELECT title FROM album WHERE id % 7 = 1 LIMIT 200").fetchall()
    return SyntheticLibrary(tracks, [row[0] for row in artists], [row[0] for row in albums])
