"""Selection of a playlist's tracks from candidates: by fit, variety and transitions.

Greedy: each pick is the candidate whose fit, less a malus for every track of the same artist and
album already taken, plus a bonus for mixing well with one taken track, is highest. Then, for a
duration, single tracks are exchanged until the sum is within the tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from store.search import track_search
from tools.playlist.song_versions import songs_of
from tools.tracks.selection import Selection

Floats = NDArray[np.float64]

ARTIST_MALUS: Final = 0.25
"""A second track of an artist must fit this much better than the first of another."""
ALBUM_MALUS: Final = 0.15
MIXING_BONUS: Final = 0.3
"""Against fit 0..1: among tracks of like fit the one that continues the mix is taken."""
TOLERANCE_S: Final = 120.0
"""A duration that was asked for is met within two minutes."""
SPARE: Final = 10
"""Read beyond the count, as other versions of a song fall out."""


@dataclass(frozen=True, slots=True)
class CandidatePool:
    """Candidates as arrays, all of length n.

    Attributes:
        fit: float64 (n,), 0..1.
        durations_s: float64 (n,).
        artists: None where unknown: then nobody's.
        albums: (artist, album) or None.
        costs: float64 (n, n): cost as neighbours.
    """

    fit: Floats
    durations_s: Floats
    artists: Sequence[str | None]
    albums: Sequence[tuple[str | None, str] | None]
    costs: Floats

    def __len__(self) -> int:
        return len(self.fit)


def leading(selection: Selection, *, count: int) -> list[int]:
    """Return the first tracks of a selection in its order ("the 10 longest"), each song once."""
    asked = selection.query.model_copy(update={"limit": 2 * count + SPARE})
    found = track_search.search(asked, ids=selection.ids).tracks
    return [song[0].id for song in songs_of(found)][:count]


def choose(pool: CandidatePool, *, count: int | None, duration_s: float | None) -> list[int]:
    """Return the indices of the chosen tracks.

    Args:
        count: How many at most; None for no bound.
        duration_s: The sum aimed at; None for none.
    """
    chosen: list[int] = []
    score = pool.fit.copy()
    mixing = np.zeros(len(pool))
    left = pool.durations_s > 0 if duration_s is not None else np.ones(len(pool), dtype=bool)
    total = 0.0
    while left.any() and (count is None or len(chosen) < count):
        open_ = left
        if duration_s is not None:
            open_ = left & (total + pool.durations_s <= duration_s + TOLERANCE_S)
            if total >= duration_s - TOLERANCE_S / 4 or not open_.any():
                break
        best = int(np.argmax(np.where(open_, score + mixing, -np.inf)))
        chosen.append(best)
        left[best] = False
        total += float(pool.durations_s[best])
        mixing = np.maximum(mixing, MIXING_BONUS * (1.0 - pool.costs[best]))
        score -= ARTIST_MALUS * _same(pool.artists, best)
        score -= ALBUM_MALUS * _same(pool.albums, best)
    if duration_s is not None:
        chosen = fit_duration(pool, chosen, duration_s=duration_s, count=count)
    return chosen


def _same(values: Sequence[object], at: int) -> Floats:
    mine = values[at]
    return np.array([mine is not None and value == mine for value in values], dtype=np.float64)


def fit_duration(
    pool: CandidatePool, chosen: Sequence[int], *, duration_s: float, count: int | None
) -> list[int]:
    """Exchange, add or drop single tracks while the sum is out of tolerance and comes nearer."""
    picked = list(chosen)
    for _ in range(2 * len(picked) + 4):
        missing = duration_s - float(pool.durations_s[picked].sum())
        if abs(missing) <= TOLERANCE_S:
            break
        taken = set(picked)
        others = np.array([i for i in range(len(pool)) if i not in taken], dtype=np.intp)
        others = others[pool.durations_s[others] > 0]
        moves: list[tuple[float, int | None, int | None]] = []
        if len(others) and (count is None or len(picked) < count):
            add = int(others[np.argmin(np.abs(missing - pool.durations_s[others]))])
            moves.append((abs(missing - float(pool.durations_s[add])), None, add))
        if len(others) and picked:
            gained = pool.durations_s[others][None, :] - pool.durations_s[picked][:, None]
            out, into = np.unravel_index(np.argmin(np.abs(missing - gained)), gained.shape)
            moves.append((abs(missing - gained[out, into]), picked[out], int(others[into])))
        if len(picked) > 1:
            drop = int(np.argmin(np.abs(missing + pool.durations_s[picked])))
            moves.append((abs(missing + float(pool.durations_s[picked[drop]])), picked[drop], None))
        off, out_track, in_track = min(moves, key=lambda m: m[0], default=(np.inf, None, None))
        if off >= abs(missing):
            break
        picked = [i for i in picked if i != out_track]
        if in_track is not None:
            picked.append(in_track)
    return picked
