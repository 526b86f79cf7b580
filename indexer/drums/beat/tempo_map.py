"""Tempo map with the fewest constant tempos that follow the bar lines within a tolerance.

A drummer who follows a click is early in one bar and late in the next; the mean of a passage stays
on one line. Without a click the tempo drifts, and whole passages lie beside any line. Tempos change
only at bar lines. Older DTX players truncate the time between tempo chips to whole
milliseconds, so every segment lasts slightly more than a whole number of milliseconds; their error
does not accumulate over the tempo changes.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from indexer.arrays import Float64
from indexer.drums.beat.bars import Bars, BeatGrid
from indexer.drums.types import BarLength, TempoChange, TempoMap

TOLERANCE_S: Final = 0.009
"""Largest error of a bar line where the tempo drifts; its notes then stay within 10 ms."""
_ROUND_S: Final = 0.009
"""Largest move of a note by rounding the tempo of a song."""
_UNCERTAIN_SHARE: Final = 0.5
"""Of the wander of bars around the line: by so much more the ends of the line are uncertain."""
_LEAD_IN_S: Final = 1.0
"""Least time from the start of the chart to the first note."""
_BPM_STEPS: Final = 10_000
"""Steps a BPM to which tempos are rounded: 0.0001 BPM is 0.2 ms over four minutes at 120 BPM."""

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
_STEPS: Final = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
"""Numbers that makers of songs set a click to, the roundest first, BPM."""


def tempo_map(grid: BeatGrid | Bars, *, first_onset_s: float) -> TempoMap:
    """Fit a tempo map whose bar 0 lies at or before the recording's start.

    Args:
        grid: Estimated beats or bars.
        first_onset_s: Time of the first note.
    """
    bars = grid.bars if isinstance(grid, BeatGrid) else grid
    downbeats_s, quarters = np.array(bars.downbeats_s), np.array(bars.quarters)
    segments = _segments(quarters, downbeats_s)
    start_s, first_bar = segments[0][1], float(quarters[1])
    lead = 0
    while start_s > 0 or first_onset_s - start_s < _LEAD_IN_S:
        start_s -= segments[0][2] * first_bar
        lead += 1
    lengths = _bar_lengths(np.diff(quarters), lead)
    if len({quarter_s for _, _, quarter_s in segments}) == 1:
        off_s = downbeats_s - (segments[0][1] + segments[0][2] * quarters)
        within_s = _ROUND_S + _UNCERTAIN_SHARE * float(off_s.std())
        return _one_tempo(quarters, segments[0], lead * first_bar, lengths, within_s)
    changes: list[TempoChange] = []
    now_ms, before = 0, -lead * first_bar
    for index, (bar, begin_s, quarter_s) in enumerate(segments):
        end = segments[index + 1][0] if index + 1 < len(segments) else quarters.size - 1
        end_s = begin_s + quarter_s * (quarters[end] - quarters[bar])
        end_ms = round(1000 * (end_s - start_s))
        bpm = 60_000 * (quarters[end] - before) / (end_ms - now_ms)
        first = bar + lead if bar else 0
        changes.append(TempoChange(first, 0, math.floor(bpm * _BPM_STEPS) / _BPM_STEPS))
        now_ms, before = end_ms, float(quarters[end])
    return TempoMap(tuple(changes), lengths, start_s)


def _one_tempo(
    quarters: Float64,
    line: tuple[int, float, float],
    lead: float,
    lengths: tuple[BarLength, ...],
    within_s: float,
) -> TempoMap:
    """Return the map of one tempo, as round as the length of the song lets it be.

    Args:
        quarters: float64, (n_bars,): positions of the bar lines.
        line: First bar, its time, seconds a quarter.
        lead: Quarters before the first bar line.
        lengths: Of the bars.
        within_s: How far a round tempo may move the first and the last bar.
    """
    _, begin_s, quarter_s = line
    span = float(quarters[-1] - quarters[0])
    exact = round(60 / quarter_s * _BPM_STEPS) / _BPM_STEPS
    bpm = _round_bpm(exact, quarters=span, within_s=within_s)
    middle_s = begin_s + quarter_s * span / 2
    start_s = middle_s - 60 / bpm * (span / 2 + lead)
    return TempoMap((TempoChange(0, 0, bpm),), lengths, min(start_s, 0.0))


def _bar_lengths(quarters: Float64, lead: int) -> tuple[BarLength, ...]:
    """Return the changes of the bar length, with `lead` bars inserted before the first.

    Args:
        quarters: float64, (n_bars,): length of each bar in quarter notes.
        lead: Number of bars.
    """
    lengths: list[BarLength] = []
    now = 4.0
    for bar, count in enumerate(quarters):
        if abs(count - now) > 1e-6:
            lengths.append(BarLength(bar + lead if bar else 0, round(float(count), 6) / 4))
            now = float(count)
    return tuple(lengths)


def _segments(quarters: Float64, downbeats_s: Float64) -> list[tuple[int, float, float]]:
    """Return (first bar, its time, seconds a quarter) of each constant tempo.

    A segment also ends where the bar length changes: players truncate milliseconds there, too.
    """
    changes = np.flatnonzero(np.abs(np.diff(quarters, 2)) > 1e-6) + 1
    line = _straight_line(quarters, downbeats_s)
    if line is not None:
        slope, start = line
        firsts = [0, *(int(change) for change in changes)]
        return [(bar, start + slope * float(quarters[bar]), slope) for bar in firsts]
    segments: list[tuple[int, float, float]] = []
    bar, now_s = 0, float(downbeats_s[0])
    while bar < downbeats_s.size - 1:
        after = changes[changes > bar]
        end = int(after[0]) if after.size else downbeats_s.size - 1
        last, quarter_s = _longest_segment(quarters[: end + 1], downbeats_s[: end + 1], bar, now_s)
        segments.append((bar, now_s, quarter_s))
        now_s += float(quarters[last] - quarters[bar]) * quarter_s
        bar = last
    return segments


def _straight_line(quarters: Float64, downbeats_s: Float64) -> tuple[float, float] | None:
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


def _round_bpm(bpm: float, *, quarters: float, within_s: float) -> float:
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


def _longest_segment(
    quarters: Float64, downbeats_s: Float64, bar: int, now_s: float
) -> tuple[int, float]:
    """Return the last bar that one tempo from (bar, now_s) reaches within the tolerance, and that
    tempo in seconds a quarter."""
    low, high = -np.inf, np.inf
    last = bar + 1
    quarter_s = float(downbeats_s[last] - now_s) / float(quarters[last] - quarters[bar])
    for index in range(bar + 1, downbeats_s.size):
        steps = float(quarters[index] - quarters[bar])
        low = max(low, (downbeats_s[index] - TOLERANCE_S - now_s) / steps)
        high = min(high, (downbeats_s[index] + TOLERANCE_S - now_s) / steps)
        if low > high:
            break
        wanted = float((downbeats_s[index] - now_s) / steps)
        last, quarter_s = index, min(max(wanted, float(low)), float(high))
    return last, quarter_s
