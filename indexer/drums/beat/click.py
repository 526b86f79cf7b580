"""Whether bars were played to a click: they wander around one line and never leave it for long.

A drummer who follows a click is early in one bar and late in the next; the mean of a passage stays
on the line. Without a click the tempo drifts, and whole passages lie beside any line.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from indexer.arrays import Float64

_NEAR_S: Final = 0.010
"""Largest deviation from the line that needs no other evidence."""
_FAR_S, _USUAL_S = 0.060, 0.025
"""Largest deviation of one bar line, and of nine in ten, to be played to a click."""
_PASSAGE_BARS: Final = 8
_PASSAGE_S: Final = 0.025
"""Largest deviation of the mean of a passage."""
_PASSAGE_SHARE: Final = 0.8
"""Largest part of the deviations that passages explain: of a drift they explain all."""
_FEWEST_BARS: Final = 12
"""Of a wander that is told from a drift."""


def straight_line(quarters: Float64, downbeats_s: Float64) -> tuple[float, float] | None:
    """Return the line of bars that were played to a click.

    Args:
        quarters: float64, (n_bars,): positions of bar lines in quarter notes.
        downbeats_s: float64, (n_bars,): their times, seconds.

    Returns:
        (seconds a quarter, time of quarter 0); None where one tempo does not do.
    """
    if quarters.size < 3:
        return None
    slope, start = (float(value) for value in np.polyfit(quarters, downbeats_s, 1))
    off = downbeats_s - (start + slope * quarters)
    if float(np.abs(off).max()) <= _NEAR_S:
        return slope, start
    if quarters.size < _FEWEST_BARS or float(np.abs(off).max()) > _FAR_S:
        return None
    passages = uniform_filter1d(off, _PASSAGE_BARS, mode="reflect")
    is_bounded = np.quantile(np.abs(off), 0.9) <= _USUAL_S and np.abs(passages).max() <= _PASSAGE_S
    if not is_bounded or passages.std() > _PASSAGE_SHARE * off.std():
        return None
    return slope, start


_STEPS: Final = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
"""Numbers that makers of songs set a click to, the roundest first, BPM."""


def round_bpm(bpm: float, *, quarters: float, within_s: float) -> float:
    """Return the roundest tempo that moves no note of a passage by more than some time.

    Args:
        bpm: As found.
        quarters: Length of the passage; its middle stays where it is.
        within_s: Largest move at its ends.
    """
    for step in _STEPS:
        rounded = round(round(bpm / step) * step, 3)
        if rounded > 0 and abs(60 / rounded - 60 / bpm) * quarters / 2 <= within_s:
            return rounded
    return bpm
