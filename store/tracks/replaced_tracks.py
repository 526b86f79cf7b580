"""Tracks whose file is gone and that another file may stand for: the same song in another format.

Raw SQL: alternatives by name, each from its own index.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.database.db import read, rows
from store.folding import fold
from store.stored_values import clean

LENGTHS_APART_S: Final = 2.0
"""Encoders pad, and rips differ in their silence."""
_GONE: Final = """
SELECT track.id, track.path, track.folded, artist.name AS artist, track.musicbrainz_id,
    track.missing, features.bpm, features.camelot_key, vectors.model, vectors.vector
FROM track LEFT JOIN artist ON artist.id = track.artist_id
LEFT JOIN trackaudiofeatures AS features ON features.track_id = track.id
LEFT JOIN trackembedding AS vectors ON vectors.track_id = track.id AND vectors.kind = 'audio'
WHERE (track.missing = 1 OR track.folded = :folded)
AND track.duration_s BETWEEN :shortest AND :longest AND track.away_from IS NULL
AND track.analysed_at IS NOT NULL ORDER BY track.id LIMIT 500"""
_MEANT: Final = (
    "playlistentry", "tracklike", "trackrating", "play", "feedback", "drumchart",
    "chartcorrection", "chartresult",
)  # fmt: skip
"""Tables of what people keep of a track."""
_USED: Final = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE {table}.track_id = track.id)" for table in _MEANT
)
_HEIRS: Final = f"""
SELECT gone.id AS gone, gone.path AS gone_path, track.path
FROM track AS gone JOIN track ON track.recording = gone.recording AND track.id != gone.id
WHERE gone.id IN (SELECT value FROM json_each(:ids)) AND gone.missing = 1
AND gone.folded = track.folded AND gone.artist_id IS track.artist_id AND track.missing = 0
AND track.away_from IS NULL AND NOT ({_USED})
AND ({_USED.replace("track.id", "gone.id")})
ORDER BY track.id"""


@dataclass(frozen=True, slots=True)
class GoneTrack:
    """A track whose file may be gone.

    Attributes:
        path: Stored path text.
        folded: Its title as it is compared.
        missing: Whether it is known to be gone.
        vector: float32 little-endian bytes of the embedding by `model`; None without one.
    """

    id: int
    path: str
    folded: str
    artist: str | None
    musicbrainz_id: str | None
    missing: bool
    bpm: float | None
    camelot_key: str | None
    model: str | None
    vector: bytes | None


def possibly_gone(title: str, duration_s: float) -> tuple[GoneTrack, ...]:
    """Return tracks of this length that are gone, or that have this title."""
    with read() as session:
        found = rows(
            session, _GONE, folded=fold(clean(title) or ""),
            shortest=duration_s - LENGTHS_APART_S, longest=duration_s + LENGTHS_APART_S,
        )  # fmt: skip
    return tuple(
        GoneTrack(
            row.id, row.path, row.folded, row.artist, row.musicbrainz_id, bool(row.missing),
            row.bpm, row.camelot_key, row.model, row.vector,
        )
        for row in found
    )  # fmt: skip


def unused_copies(track_ids: Sequence[int]) -> dict[str, str]:
    """Return path of a gone track → path of another file of its recording and name.

    Only of tracks that people keep something of, and files that they keep nothing of.
    """
    with read() as session:
        found = rows(session, _HEIRS, ids=json.dumps(list(track_ids)))
    copies: dict[str, str] = {}
    for row in found:
        if row.path not in copies.values():
            copies.setdefault(row.gone_path, row.path)
    return copies
