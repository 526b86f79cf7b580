"""Key sections: lasting modulations of a track.

The keys of windows of some seconds are scored with the weights of the whole track; the Viterbi path
through them pays for every change of key, so that a passing chord is no modulation.
Source: Chai & Vercoe, "Detection of key change in classical piano music" (2005).
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
"""In log-likelihood. No song without modulation gets one; lower costs find more modulations by a
fifth, but were not tried on enough recordings (`docs/analysis.md`)."""
MODE_COST = 3.0
"""Additional cost of a change between major and minor, for passages without thirds."""
MIN_SECTION_S = 15.0
"""Shorter sections are excursions."""


@dataclass(frozen=True, slots=True)
class KeySection:
    """The key from `start_s` on: 0..11 are C major to B major, 12..23 C minor to B minor."""

    start_s: float
    key: int

    @property
    def name(self) -> str:
        """The key's name, such as "C# minor"."""
        return f"{key.PITCH_CLASSES[self.key % 12]} {'minor' if self.key >= 12 else 'major'}"


def key_sections(profile: Chroma | None) -> tuple[KeySection, ...]:
    """Return the keys in order; none without pitches, one without a modulation."""
    if profile is None or len(profile.times_s) == 0:
        return ()
    starts, log_likelihoods = _windows(profile)
    keys = np.arange(24)
    costs = CHANGE_COST * (keys[:, None] != keys) + MODE_COST * (keys[:, None] // 12 != keys // 12)
    path = viterbi(log_likelihoods, costs)
    first = np.concatenate([[0], np.flatnonzero(np.diff(path)) + 1])
    ends = np.append(starts[first[1:]], profile.times_s[-1])
    found: list[KeySection] = []
    for index, end in zip(first, ends, strict=True):
        begin = float(starts[index])
        if end - begin < MIN_SECTION_S and len(first) > 1:
            continue
        if not found or found[-1].key != path[index]:
            found.append(KeySection(begin if found else 0.0, int(path[index])))
    return tuple(found)


def _windows(profile: Chroma) -> tuple[np.ndarray, np.ndarray]:
    """Return (starts in seconds, log-likelihoods of the keys: float, (n_windows, 24))."""
    known = key.key_weights()
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
        scores = known.sharpness * np.concatenate(key.score_keys(key.tonic_profiles(part), weights))
        rows.append(scores - np.logaddexp.reduce(scores))
    return starts, np.array(rows)
