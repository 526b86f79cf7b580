"""One recording in several files: another format, another mastering, the same song on a sampler.

What sounds the same is found by the audio embedding among tracks of nearly the same length and
tempo. Tags are not looked at, so that untitled copies are found as well. A live take is another
recording; that it is the same song only its title tells (`tools.playlist.songs`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from sqlmodel import Session

from store.db import rows

SAME_SOUND: Final = 0.985
"""Cosine of embeddings. Of 22 songs in three formats, one of them mastered louder and brighter, the
least alike two files of one song reach .990, the most alike of two songs of one tempo .93."""
LENGTHS_APART_S: Final = 2.0
"""Encoders pad, and rips differ in their silence."""
TEMPOS_APART: Final = 0.01


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
        slowest=me.bpm * (1 - TEMPOS_APART),
        fastest=me.bpm * (1 + TEMPOS_APART),
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
SELECT t.duration_s, f.bpm, e.model, e.vector
FROM track t JOIN trackaudiofeatures f ON f.track_id = t.id
JOIN trackembedding e ON e.track_id = t.id AND e.kind = 'audio'
WHERE t.id = :id"""
_OTHERS: Final = """
SELECT t.id, t.recording, t.content_hash, e.vector
FROM trackaudiofeatures f JOIN track t ON t.id = f.track_id
JOIN trackembedding e ON e.track_id = t.id AND e.kind = 'audio' AND e.model = :model
WHERE f.bpm BETWEEN :slowest AND :fastest
  AND t.duration_s BETWEEN :shortest AND :longest AND t.id != :id"""
