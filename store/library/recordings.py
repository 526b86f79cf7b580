"""One recording in several files: other formats and bit rates, other tags, none at all.

What sounds the same is found by the audio embedding among tracks of the same length, tempo and
key; tags are not looked at. A live take, a loud new mastering or another speed is another
recording; that it is the same song its title tells (`tools.playlist.song_versions`).
`python -m benchmarks.duplicates` measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from sqlmodel import Session

from store.database.db import rows

SAME_SOUND: Final = 0.98
"""Cosine of embeddings. Copies as MP3 of 96 kbit/s, at another level or with a second of silence in
front reach .988 and more, two different songs of one band .980, a song without its guitar .938 to
.992. Masterings limited by 6 dB reach .72 to .997, driven harder .61 to .95: no limit tells them
from a song without its guitar, so they are left to the titles."""
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
    if not found or not (found[0].bpm or found[0].camelot_key):
        return  # noise of rain or wind sounds alike everywhere
    me = found[0]
    others = rows(
        session,
        _OTHERS if me.bpm else _OTHERS_WITHOUT_PULSE,
        id=track_id,
        model=me.model,
        shortest=me.duration_s - LENGTHS_APART_S,
        longest=me.duration_s + LENGTHS_APART_S,
        key=me.camelot_key,
        **_tempo_range(me.bpm),
    )
    others = [other for other in others if len(other.vector) == len(me.vector)]
    if not others:
        return
    alike = _cosines(me.vector, [other.vector for other in others])
    best = others[int(alike.argmax())]
    if alike.max() < SAME_SOUND:
        return
    name = best.recording or best.content_hash
    for number in (track_id, best.id):
        rows(session, "UPDATE track SET recording = :name WHERE id = :id", name=name, id=number)


def _tempo_range(bpm: float | None) -> dict[str, float]:
    if not bpm:
        return {}
    return {f"bpm_{i}": bpm * octave for i, octave in enumerate(OCTAVES)} | {"apart": TEMPOS_APART}


def _cosines(vector: bytes, others: Sequence[bytes]) -> np.ndarray:
    """float32, (n,); 0 where a vector has no length."""
    mine = np.frombuffer(vector, "<f4")
    vectors = np.frombuffer(b"".join(others), "<f4").reshape(len(others), -1)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(mine)
    return np.divide(vectors @ mine, lengths, out=np.zeros_like(lengths), where=lengths > 0)


_SELF: Final = """
SELECT t.duration_s, f.bpm, f.camelot_key, e.model, e.vector
FROM track t JOIN trackaudiofeatures f ON f.track_id = t.id
JOIN trackembedding e ON e.track_id = t.id AND e.kind = 'audio'
WHERE t.id = :id"""
_TEMPOS: Final = " OR ".join(
    f"f.bpm BETWEEN :bpm_{i} * (1 - :apart) AND :bpm_{i} * (1 + :apart)"
    for i in range(len(OCTAVES))
)
_OF_TEMPO: Final = """
SELECT t.id, t.recording, t.content_hash, e.vector
FROM trackaudiofeatures f JOIN track t ON t.id = f.track_id
JOIN trackembedding e ON e.track_id = t.id AND e.kind = 'audio' AND e.model = :model
WHERE ({tempo}) AND f.camelot_key IS :key
  AND t.duration_s BETWEEN :shortest AND :longest AND t.id != :id"""
_OTHERS: Final = _OF_TEMPO.format(tempo=_TEMPOS)
_OTHERS_WITHOUT_PULSE: Final = _OF_TEMPO.format(tempo="f.bpm IS NULL")
