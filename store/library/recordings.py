"""Files of the same recording: in other formats and bit rates, with other tags or none.

Found by the audio embedding among tracks of the same length, tempo and key; tags are not used. A
live take, a loud new mastering or another speed is another recording of the same song, which
`tools.playlist.song_versions` finds by the titles.
`python -m benchmarks.library.duplicates` measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, update
from sqlmodel import Session, col

from store.database.db import rows
from store.tables.analysis import TrackAudioFeatures, TrackEmbedding
from store.tables.tracks import Track

SAME_SOUND: Final = 0.98
"""Cosine of embeddings. Copies as MP3 of 96 kbit/s, at another level or with a second of silence in
front reach .988 and more, two different songs of one band .980, a song without its guitar .938 to
.992. Masterings limited by 6 dB reach .72 to .997, driven harder .61 to .95: no limit tells them
from a song without its guitar, so they are left to the titles."""
LENGTHS_APART_S: Final = 2.0
"""Difference of lengths: encoders pad, and rips differ in their silence."""
TEMPOS_APART: Final = 0.002
"""Difference of tempos, as a part of the tempo."""
OCTAVES: Final = (0.5, 1.0, 2.0)
"""Factors of tempo: with the encoding, a doubtful tempo may be found an octave higher or lower."""


def assign(session: Session, track_id: int) -> None:
    """Store the recording of a track, inside the caller's transaction.

    Its name is the content hash of its first file; a recording of one file has no name.
    """
    _set_recording(session, track_id, None)
    found = rows(session, _TRACKS.where(col(Track.id) == track_id))
    if not found or not (found[0].bpm or found[0].camelot_key):
        return  # noise of rain or wind sounds alike everywhere
    me = found[0]
    others = rows(session, _similar_tracks(track_id, me))
    others = [other for other in others if len(other.vector) == len(me.vector)]
    if not others:
        return
    alike = _cosines(me.vector, [other.vector for other in others])
    best = others[int(alike.argmax())]
    if alike.max() < SAME_SOUND:
        return
    name = best.recording or best.content_hash
    for number in (track_id, best.id):
        _set_recording(session, number, name)


def _set_recording(session: Session, track_id: int, name: str | None) -> None:
    rows(session, update(Track).where(col(Track.id) == track_id).values(recording=name))


def _similar_tracks(track_id: int, track: Row[Any]) -> Select:
    """Select the other tracks of the same embedding model, length, tempo and key."""
    return _TRACKS.where(
        _same_tempo(track.bpm),
        col(TrackAudioFeatures.camelot_key).is_not_distinct_from(track.camelot_key),
        col(TrackEmbedding.model) == track.model,
        col(Track.duration_s).between(
            track.duration_s - LENGTHS_APART_S, track.duration_s + LENGTHS_APART_S
        ),
        col(Track.id) != track_id,
    )


def _same_tempo(bpm: float | None) -> ColumnElement[bool]:
    if not bpm:
        return col(TrackAudioFeatures.bpm).is_(None)
    return or_(
        *(
            col(TrackAudioFeatures.bpm).between(
                bpm * octave * (1 - TEMPOS_APART), bpm * octave * (1 + TEMPOS_APART)
            )
            for octave in OCTAVES
        )
    )


def _cosines(vector: bytes, others: Sequence[bytes]) -> np.ndarray:
    """float32, (n,); 0 where a vector has no length."""
    mine = np.frombuffer(vector, "<f4")
    vectors = np.frombuffer(b"".join(others), "<f4").reshape(len(others), -1)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(mine)
    return np.divide(vectors @ mine, lengths, out=np.zeros_like(lengths), where=lengths > 0)


_TRACKS: Final[Select] = (
    select(
        col(Track.id),
        col(Track.recording),
        col(Track.content_hash),
        col(Track.duration_s),
        col(TrackAudioFeatures.bpm),
        col(TrackAudioFeatures.camelot_key),
        col(TrackEmbedding.model),
        col(TrackEmbedding.vector),
    )
    .select_from(TrackAudioFeatures)
    .join(Track, col(Track.id) == col(TrackAudioFeatures.track_id))
    .join(
        TrackEmbedding,
        and_(col(TrackEmbedding.track_id) == col(Track.id), col(TrackEmbedding.kind) == "audio"),
    )
)
