"""Keys of sections: whether a track leaves its key for good, and where.

Windows of some seconds are read by the same weights as the whole track; the best path through
them pays for every change of key, so that a passing chord is no modulation.
Source of the idea: Chai & Vercoe, "Detection of key change in classical piano music" (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.mir.tonality import key
from indexer.mir.tonality.chroma import Chroma
from indexer.viterbi import viterbi

WINDOW_S = 10.0
STEP_S = 5.0
CHANGE_COST = 4.0
"""In log-chance. Of songs that stay none is said to change; lower costs find more fifths, but were
not tried on enough recordings (`docs/analysis.md`)."""
SCALE_COST = 3.0
"""More, where major turns to minor: a passage without thirds is no such change."""
SHORTEST_S = 15.0
"""Sections that are shorter are excursions."""


@dataclass(frozen=True, slots=True)
class Section:
    """A key from `start_s` on: index 0..11 from C, major, then 12..23 minor."""

    start_s: float
    key: int

    @property
    def name(self) -> str:
        """As "C# minor"."""
        return f"{key.PITCH_CLASSES[self.key % 12]} {'minor' if self.key >= 12 else 'major'}"


def sections(profile: Chroma | None) -> tuple[Section, ...]:
    """Keys in order; empty without pitches, one where the key stays."""
    if profile is None or len(profile.times_s) == 0:
        return ()
    starts, worth = _windows(profile)
    keys = np.arange(24)
    costs = CHANGE_COST * (keys[:, None] != keys) + SCALE_COST * (keys[:, None] // 12 != keys // 12)
    path = viterbi(worth, costs)
    first = np.concatenate([[0], np.flatnonzero(np.diff(path)) + 1])
    ends = np.append(starts[first[1:]], profile.times_s[-1])
    found: list[Section] = []
    for index, end in zip(first, ends, strict=True):
        begin = float(starts[index])
        if end - begin < SHORTEST_S and len(first) > 1:
            continue
        if not found or found[-1].key != path[index]:
            found.append(Section(begin if found else 0.0, int(path[index])))
    return tuple(found)


def _windows(profile: Chroma) -> tuple[np.ndarray, np.ndarray]:
    """Starts in seconds, and the log-chances of the 24 keys in each window."""
    known = key.fitted()
    weights = known.weights[:, : 2 * len(key.PITCH_CLASSES)]
    last = max(float(profile.times_s[-1]) - WINDOW_S, 0.0)
    starts = np.arange(0.0, last + STEP_S, STEP_S)
    rows = []
    for start in starts:
        inside = (profile.times_s >= start) & (profile.times_s < start + WINDOW_S)
        if not inside.any():
            rows.append(np.zeros(24))
            continue
        part = Chroma(profile.treble[inside], profile.bass[inside], 0.0, profile.times_s[inside])
        worth = known.sharpness * np.concatenate(key.scores(key.turned(part), weights))
        rows.append(worth - np.logaddexp.reduce(worth))
    return starts, np.array(rows)
