"""Tracks in words, for the vectors that a text embedding model makes of them.

A stored text vector is always that of the track as it is now: whatever changes a track's words
forgets the vector (`forget`), and a vector is kept only while the words are those it was made of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows, write
from store.database.tables import TrackEmbedding
from store.search.filters import ENERGY_HIGH_ABOVE, ENERGY_LOW_BELOW, INSTRUMENTAL_FROM
from store.tracks.track_details import MOOD_SHOWN

TEXT_VERSION: Final = 1
"""Of the wording; another one makes every vector anew."""
SOURCE: Final = "ollama"
SLOW_BPM: Final = 90.0
FAST_BPM: Final = 130.0
"""As "slow" and "fast" are read in a request."""

_PREFIXES: Final = {
    "embeddinggemma": ("title: none | text: ", "task: search result | query: "),
    "nomic-embed-text": ("search_document: ", "search_query: "),
}
"""What a model was trained to read before a document and before a query (their model cards)."""


@dataclass(frozen=True, slots=True)
class TrackText:
    """A track's words."""

    track_id: int
    text: str


def document(model: str, text: str) -> str:
    """A track's words as `model` wants them."""
    return _prefixes(model)[0] + text


def query(model: str, text: str) -> str:
    """A person's words as `model` wants them."""
    return _prefixes(model)[1] + text


def without_vector(model: str, *, after: int = 0, limit: int = 100) -> tuple[TrackText, ...]:
    """Analysed tracks without a text vector of `model`, by id, from the one following `after`."""
    with read() as session:
        found = rows(session, _WITHOUT, model=model, version=TEXT_VERSION, after=after, limit=limit)
        return _texts(session, [row.id for row in found])


def save_vectors(model: str, vectors: Mapping[TrackText, bytes]) -> int:
    """Keep vectors (float32 little-endian) of tracks whose words are still those; how many were."""
    with write() as session:
        now = set(_texts(session, [text.track_id for text in vectors]))
        kept = {text.track_id: vector for text, vector in vectors.items() if text in now}
        forget(session, tuple(kept))
        session.add_all(
            TrackEmbedding(
                track_id=track_id,
                kind="text",
                source=SOURCE,
                model=model,
                dimension=len(vector) // 4,
                version=TEXT_VERSION,
                vector=vector,
            )
            for track_id, vector in kept.items()
        )
    return len(kept)


def forget(session: Session, track_ids: Sequence[int]) -> None:
    """Drop the text vectors of tracks inside the caller's transaction."""
    rows(session, _FORGET, ids=json.dumps(list(track_ids)))


def _prefixes(model: str) -> tuple[str, str]:
    return _PREFIXES.get(model.partition(":")[0].rpartition("/")[2], ("", ""))


_WITHOUT: Final = """
SELECT t.id FROM track t
WHERE t.id > :after AND t.analysed_at IS NOT NULL AND NOT t.missing AND NOT EXISTS (
  SELECT 1 FROM trackembedding e
  WHERE e.track_id = t.id AND e.kind = 'text' AND e.model = :model AND e.version = :version)
ORDER BY t.id LIMIT :limit"""
_FORGET: Final = """
DELETE FROM trackembedding
WHERE kind = 'text' AND track_id IN (SELECT value FROM json_each(:ids))"""
_WORDS: Final = f"""
SELECT t.id, t.title, t.year, r.name AS artist, a.title AS album,
  f.bpm, f.energy, f.instrumental,
  (SELECT group_concat(name, ', ') FROM (
     SELECT g.name FROM genretag x JOIN genre g ON g.id = x.genre_id
     WHERE x.track_id = t.id ORDER BY x.main DESC, x.weight DESC LIMIT 3)) AS genres,
  (SELECT group_concat(mood, ', ') FROM (
     SELECT mood FROM moodtag
     WHERE track_id = t.id AND strength >= {MOOD_SHOWN} ORDER BY strength DESC LIMIT 5)) AS moods,
  (SELECT group_concat(tag, ', ') FROM (
     SELECT tag FROM trackmirsynthetictag
     WHERE track_id = t.id ORDER BY score DESC LIMIT 5)) AS tags
FROM track t
LEFT JOIN artist r ON r.id = t.artist_id
LEFT JOIN album a ON a.id = t.album_id
LEFT JOIN trackaudiofeatures f ON f.track_id = t.id
WHERE t.id IN (SELECT value FROM json_each(:ids)) ORDER BY t.id"""


def _texts(session: Session, track_ids: Sequence[int]) -> tuple[TrackText, ...]:
    found = rows(session, _WORDS, ids=json.dumps(list(track_ids)))
    return tuple(TrackText(row.id, _worded(row)) for row in found)


def _worded(row: Row[Any]) -> str:
    name = row.title + (f" by {row.artist}" if row.artist else "")
    album = f" on {row.album}" if row.album else ""
    year = f" ({row.year})" if row.year else ""
    parts = [
        f"{name}{album}{year}",
        row.genres and f"Genre: {row.genres}",
        row.moods and f"Mood: {row.moods}",
        row.tags and f"Tags: {row.tags}",
        row.bpm and f"Tempo: {_tempo(row.bpm)}, {row.bpm:.0f} BPM",
        row.energy is not None and f"Energy: {_level(row.energy)}",
        row.instrumental is not None
        and ("Instrumental" if row.instrumental >= INSTRUMENTAL_FROM else "With vocals"),
    ]
    return ". ".join(part for part in parts if part) + "."


def _tempo(bpm: float) -> str:
    return "slow" if bpm <= SLOW_BPM else "fast" if bpm >= FAST_BPM else "medium"


def _level(energy: float) -> str:
    return (
        "low" if energy < ENERGY_LOW_BELOW else "high" if energy > ENERGY_HIGH_ABOVE else "medium"
    )
