"""One recording in several files: other formats and bit rates, other tags, none at all.

What sounds the same is found by the audio embedding among tracks of the same length, tempo and
key; tags are not looked at. A live take or a loud new mastering is another recording; that it is
the same song its title tells (`tools.playlist.songs`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from sqlmodel import Session

from store.db import rows

SAME_SOUND: Final = 0.98
"""Cosine of embeddings. Of 22 songs as FLAC and as MP3 of 96 kbit/s the least alike pair reaches
.985; the most alike of two different songs .964, of whatever length and tempo. New masterings reach
.88 to .99: they are left to the titles."""
LENGTHS_APART_S: Final = 2.0
"""Encoders pad, and rips differ in their silence."""
TEMPOS_APART: Final = 0.002
OCTAVES: Final = (0.5, 1.0, 2.0)
"""The one number that may change with the encoding is which octave a doubtful tempo is told in."""


def assign(session: Session, track_id: int) -> None:
    """Say which recording a track is of, inside the caller's transaction.

    A recording is called by the content hash of its first file; a track that is alone has none.
    """
    rows(session, "UPDATE track SET recording = NULL WHERE id = :id", id=track_id)
    found = rows(session, _SELF, id=track_id)
    if not found or not found[0].bpm:
        return
    me = found[0]
    others = rows(
        session,
        _OTHERS,
        id=track_id,
        model=me.model,
        shortest=me.duration_s - LENGTHS_APART_S,
        longest=me.duration_s + LENGTHS_APART_S,
        key=me.camelot_key,
        **{f"bpm_{i}": me.bpm * octave for i, octave in enumerate(OCTAVES)},
        apart=TEMPOS_APART,
    )
    others = [other for other in others if len(other.vector) == len(me.vector)]
    if not others:
        return
    vectors = np.frombuffer(b"".join(other.vector for other in others), "<f4")
    vectors = vectors.reshape(len(others), -1)
    mine = np.frombuffer(me.vector, "<f4")
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(mine)
    alike = np.divide(vectors @ mine, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    best = int(alike.argmax())
    if alike[best] < SAME_SOUND:
        return
    name = others[best].recording or others[best].content_hash
    for number in (track_id, others[best].id):
        rows(session, "UPDATE track SET recording = :name WHERE id = :id", name=name, id=number)


_SELF: Final = """
SELECT t.duration_s, f.bpm, f.camelot_key, e.model, e.vector
FROM track t JOIN trackaudiofeatures f ON f.track_id = t.id
JOIN trackembedding e ON e.track_id = t.id AND e.kind = 'audio'
WHERE t.id = :id"""
_TEMPOS: Final = " OR ".join(
    f"f.bpm BETWEEN :bpm_{i} * (1 - :apart) AND :bpm_{i} * (1 + :apart)"
    for i in range(len(OCTAVES))
)
_OTHERS: Final = f"""
SELECT t.id, t.recording, t.content_hash, e.vector
FROM trackaudiofeatures f JOIN track t ON t.id = f.track_id
JOIN trackembedding e ON e.track_id = t.id AND e.kind = 'audio' AND e.model = :model
WHERE ({_TEMPOS}) AND f.camelot_key IS :key
  AND t.duration_s BETWEEN :shortest AND :longest AND t.id != :id"""
