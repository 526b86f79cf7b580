"""What goes on when a queue comes to its end: the same mood, tempo and key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from store.results import TrackRow
from store.tracks import track_details
from tools.playlist.song_versions import best_file_first, same_song, songs_of
from tools.tracks.compatibility import UNKNOWN, key_similarity, tempo_similarity
from tools.tracks.similarity import COMPARED, SimilarityWeights, alike

FURTHER: Final = 5
"""Tracks added at once: enough for twenty minutes, few enough to follow what is played."""
SEEDS: Final = (1.0, 0.6, 0.4)
"""Weights of the last tracks of the queue, the last one first."""
ALIKE: Final = SimilarityWeights(sound=0.45, mood=0.25, tempo=0.2, key=0.1)
RANK_OFFSET: Final = 20
"""Of reciprocal rank fusion: how little the first of several neighbours leads."""
LOOKED_AT: Final = 40
"""Of the most similar songs, from which those are chosen that follow each other well."""
REMEMBERED: Final = 100
"""Last tracks of the queue of which no other version is played."""
STEP_WEIGHT: Final = 0.5
"""Of tempo and key between neighbours, beside the likeness 0..1."""
SAME_ARTIST: Final = 0.3
"""Taken off a track by the artist of the one before."""


def further(queue: Sequence[int], *, count: int = FURTHER) -> list[int]:
    """Return tracks that go on after `queue`, in order; none where nothing is known of its tracks.

    Args:
        queue: Track ids; none of them is returned.
        count: How many at most.
    """
    last = track_details.track_rows(list(dict.fromkeys(reversed(queue)))[:REMEMBERED])
    if not last:
        return []
    likeness = _likeness(queue)
    rows = track_details.track_rows(list(likeness))
    songs = songs_of([row for row in rows if not any(same_song(row, one) for one in last)])
    pool = [best_file_first(song)[0] for song in songs][:LOOKED_AT]
    before, chosen = last[0], []
    while pool and len(chosen) < count:
        before = max(pool, key=lambda row: likeness.get(row.id, 0.0) + _step(before, row))
        pool.remove(before)
        chosen.append(before.id)
    return chosen


def _likeness(queue: Sequence[int]) -> dict[int, float]:
    """Return track id → likeness 0..1 to the last tracks of the queue, the most similar first."""
    queued, scores = set(queue), dict[int, float]()
    seeds = list(dict.fromkeys(reversed(queue)))
    for weight, seed in zip(SEEDS, seeds, strict=False):
        for rank, (number, _) in enumerate(alike(seed, limit=COMPARED, weights=ALIKE)):
            if number not in queued:
                scores[number] = scores.get(number, 0.0) + weight / (RANK_OFFSET + rank)
    highest = max(scores.values(), default=1.0)
    ranked = sorted(scores, key=lambda number: -scores[number])
    return {number: scores[number] / highest for number in ranked}


def _step(before: TrackRow, row: TrackRow) -> float:
    tempo = tempo_similarity(before.bpm, row.bpm) if before.bpm and row.bpm else UNKNOWN
    keys = before.camelot and row.camelot
    key = key_similarity(before.camelot or "", row.camelot or "") if keys else UNKNOWN
    again = bool(row.artist) and row.artist == before.artist
    return STEP_WEIGHT * (tempo + key) / 2 - (SAME_ARTIST if again else 0.0)
