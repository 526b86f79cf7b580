"""Difficulty of a level (DLEVEL), from density, peak density and independence of the feet."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from indexer.drums.types import FEET, GridNote, TempoMap

_LEVEL_BASE, _LEVEL_SLOPE = -1.59, 4.26
"""Level ≈ −1.59 + 4.26 · ln(notes a second), fitted to ten hand-made charts (r = .87)."""
_PEAK_S: Final = 4.0
_USUAL_PEAK: Final = 1.4
_PEAK_WEIGHT: Final = 1.2
"""The densest four seconds of most charts are 1.4 times as dense as the whole chart."""
_USUAL_FREE: Final = 0.3
_FREE_WEIGHT: Final = 1.5
"""Usually one of three notes of the feet falls between those of the hands."""
_MOST: Final = 0.6
"""Largest change of the level by peak density, and by independence: density decides most."""


def dlevel(notes: tuple[GridNote, ...], tempo: TempoMap) -> int:
    """Return the difficulty as DTX writes it: 10..99 for levels 1.0..9.9."""
    if len(notes) < 2:
        return 10
    times_s = np.array([tempo.time_s(note.bar, note.tick) for note in notes])
    times_s.sort()
    seconds = float(times_s[-1] - times_s[0])
    rate = len(notes) / max(seconds, 1.0)
    level = _LEVEL_BASE + _LEVEL_SLOPE * math.log(max(rate, 0.1))
    if seconds > 2 * _PEAK_S:
        within = np.searchsorted(times_s, times_s + _PEAK_S) - np.arange(times_s.size)
        peak = float(within.max()) / _PEAK_S / rate
        level += _limited(_PEAK_WEIGHT * math.log(peak / _USUAL_PEAK))
    level += _limited(_FREE_WEIGHT * (independence(notes) - _USUAL_FREE))
    return round(10 * min(max(level, 1.0), 9.9))


def independence(notes: tuple[GridNote, ...]) -> float:
    """Return the share of foot notes without a hand note at the same position, 0..1."""
    hands = {note.position for note in notes if note.drum not in FEET}
    feet = [note.position for note in notes if note.drum in FEET]
    return sum(position not in hands for position in feet) / max(1, len(feet))


def _limited(change: float) -> float:
    return min(max(change, -_MOST), _MOST)
