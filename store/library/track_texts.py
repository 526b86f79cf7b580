"""Texts that describe how tracks sound, and the vectors that a text embedding model makes of them.

Names are left out: a title with "Rain" in it says nothing of how the track sounds, and names are
searched by their words (`store.search.filters`).

A stored text vector is always that of the current text: whatever changes the text of a track
deletes the vector (`delete_text_vectors`), and a vector is saved only if its text is current.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, delete, select
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.database.expressions import among
from store.search.filters import ENERGY_HIGH_ABOVE, ENERGY_LOW_BELOW, INSTRUMENTAL_FROM
from store.tables.analysis import COUNTED_SHARE, TrackEmbedding
from store.tables.tracks import Track
from store.tracks.track_details import MOOD_SHOWN

TEXT_VERSION: Final = 2
"""Version of the wording; after a change every vector is made again."""
SOURCE: Final = "ollama"
SLOW_BPM: Final = 90.0
FAST_BPM: Final = 130.0
"""BPM; the same limits as for "slow" and "fast" in a request."""

_PREFIXES: Final = {
    "embeddinggemma": ("title: none | text: ", "task: search result | query: "),
    "nomic-embed-text": ("search_document: ", "search_query: "),
}
"""Model → prefix of a document and of a query in its training (from the model cards)."""


@dataclass(frozen=True, slots=True)
class TrackText:
    """The text that describes a track."""

    track_id: int
    text: str


def document(model: str, text: str) -> str:
    """Return the text of a track with the prefix that `model` expects."""
    return _prefixes(model)[0] + text


def query(model: str, text: str) -> str:
    """Return the text of a person with the prefix that `model` expects."""
    return _prefixes(model)[1] + text


def without_vector(model: str, *, after: int = 0, limit: int = 100) -> tuple[TrackText, ...]:
    """Return analysed tracks without a text vector of `model`, by id, from above `after`."""
    with read() as session:
        vectors = select(col(TrackEmbedding.id)).where(
            col(TrackEmbedding.track_id) == col(Track.id),
            col(TrackEmbedding.kind) == "text",
            col(TrackEmbedding.model) == model,
            col(TrackEmbedding.version) == TEXT_VERSION,
        )
        analysed = (col(Track.analysed_at).is_not(None), col(Track.missing).is_(False))
        wanted = select(col(Track.id)).where(col(Track.id) > after, *analysed, ~vectors.exists())
        found = rows(session, wanted.order_by(col(Track.id)).limit(limit))
        return _texts(session, [row.id for row in found])


def save_vectors(model: str, vectors: Mapping[TrackText, bytes]) -> int:
    """Save vectors (float32 little-endian) of texts that are still current; return how many."""
    with write() as session:
        current = set(_texts(session, [text.track_id for text in vectors]))
        saved = {text.track_id: vector for text, vector in vectors.items() if text in current}
        delete_text_vectors(session, tuple(saved))
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
            for track_id, vector in saved.items()
        )
    return len(saved)


def delete_text_vectors(session: Session, track_ids: Sequence[int]) -> None:
    """Delete the text vectors of tracks inside the caller's transaction."""
    of_tracks = among(col(TrackEmbedding.track_id), track_ids)
    rows(session, delete(TrackEmbedding).where(col(TrackEmbedding.kind) == "text", of_tracks))


def _prefixes(model: str) -> tuple[str, str]:
    return _PREFIXES.get(model.partition(":")[0].rpartition("/")[2], ("", ""))


# raw: three ordered, limited lists a track, joined to text in the same statement
_WORDS: Final = f"""
SELECT t.id, t.year, f.bpm, f.energy, f.instrumental,
  (SELECT group_concat(name, ', ') FROM (
     SELECT g.name FROM genretag x JOIN genre g ON g.id = x.genre_id
     WHERE x.track_id = t.id AND (x.main OR x.weight >= {COUNTED_SHARE})
     ORDER BY x.main DESC, x.weight DESC LIMIT 3)) AS genres,
  (SELECT group_concat(mood, ', ') FROM (
     SELECT mood FROM moodtag
     WHERE track_id = t.id AND strength >= {MOOD_SHOWN} ORDER BY strength DESC LIMIT 5)) AS moods,
  (SELECT group_concat(tag, ', ') FROM (
     SELECT tag FROM trackmirsynthetictag
     WHERE track_id = t.id ORDER BY score DESC LIMIT 5)) AS tags
FROM track t
LEFT JOIN trackaudiofeatures f ON f.track_id = t.id
WHERE t.id IN (SELECT value FROM json_each(:ids)) ORDER BY t.id"""


def _texts(session: Session, track_ids: Sequence[int]) -> tuple[TrackText, ...]:
    found = rows(session, _WORDS, ids=json.dumps(list(track_ids)))
    return tuple(TrackText(row.id, _describe(row)) for row in found)


def _describe(row: Row[Any]) -> str:
    parts = [
        row.year and f"From {row.year}",
        row.genres and f"Genre: {row.genres}",
        row.moods and f"Mood: {row.moods}",
        row.tags and f"Tags: {row.tags}",
        row.bpm and f"Tempo: {_tempo(row.bpm)}, {row.bpm:.0f} BPM",
        row.energy is not None and f"Energy: {_level(row.energy)}",
        row.instrumental is not None
        and ("Instrumental" if row.instrumental >= INSTRUMENTAL_FROM else "With vocals"),
    ]
    return ". ".join([part for part in parts if part] or ["Music"]) + "."


def _tempo(bpm: float) -> str:
    return "slow" if bpm <= SLOW_BPM else "fast" if bpm >= FAST_BPM else "medium"


def _level(energy: float) -> str:
    return (
        "low" if energy < ENERGY_LOW_BELOW else "high" if energy > ENERGY_HIGH_ABOVE else "medium"
    )
