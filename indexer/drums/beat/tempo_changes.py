"""Songs whose tempo leaps: each section is read by itself, and the bars are joined.

Where the local tempo leaps, one pulse cannot go on: after it a beat of another length starts. The
sections meet on a bar line of the later one, where strokes leave the grid of the one for that of
the other; what is left of the earlier one's last bar is a bar of as many beats as fit.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat.beat_tracking import Known, is_one_piece, track_beats
from indexer.drums.beat.meter_changes import read_passages
from indexer.drums.beat.pulse import leaps
from indexer.drums.types import Bars, Onset

_SHORTEST_S: Final = 8.0
_FEWEST: Final = 16
"""A section that lasts less, or with fewer strokes, has no readable bars of its own."""
_REACH_S: Final = 5.0
"""A leap is seen in windows of eight seconds: the sections meet this near to it."""
_SIGMA_S: Final = 0.016
_CAP: Final = 9.0
"""Spread of strokes around their places, and what a stroke off the grid costs at most, as where
notes are placed (`quantize.py`)."""
_OFF_LINE: Final = 6.0
"""What a meeting costs that is no bar line of the earlier section, in strokes off the grid."""
_OFF_S: Final = 0.1
_EARLY_S: Final = 0.03
"""A meeting this far from a line costs all of it; a stroke this shortly before a line is on it."""


def track_song(onsets: tuple[Onset, ...], *, duration_s: float, known: Known) -> Bars:
    """The bars of a song.

    Args:
        onsets: Sorted by time.
        duration_s: Of the recording.
        known: As `track_beats` takes it; a tempo or an offset of a person's makes it one section.

    Raises:
        DrumsError: As `track_beats` says.
    """
    if is_one_piece(known):
        return track_beats(onsets, duration_s=duration_s, **known).bars
    cuts_s = _cuts(onsets, leaps(onsets, duration_s, tempo_hint=known.get("tempo_hint")))
    parts, more_s = _read_all(onsets, cuts_s, duration_s, known)
    if more_s:
        cuts_s = _cuts(onsets, sorted([*cuts_s, *more_s]))
        parts, _ = _read_all(onsets, cuts_s, duration_s, known)
    return _joined(parts, cuts_s, onsets)


def _cuts(onsets: tuple[Onset, ...], leaps_s: list[float]) -> list[float]:
    """Those leaps that are not so near to another that there is nothing to read between."""
    times = np.array([o.time_s for o in onsets])
    cuts_s: list[float] = []
    for leap_s in leaps_s:
        before = cuts_s[-1] if cuts_s else float(times[0])
        left, right = times[(times >= before) & (times < leap_s)], times[times >= leap_s]
        spans = (leap_s - before, float(times[-1]) - leap_s)
        if min(spans) >= _SHORTEST_S and min(left.size, right.size) >= _FEWEST:
            cuts_s.append(leap_s)
    return cuts_s


def _read_all(
    onsets: tuple[Onset, ...], cuts_s: list[float], duration_s: float, known: Known
) -> tuple[list[Bars], list[float]]:
    """The bars of each section and some more to both sides, and leaps that are seen in them."""
    if cuts_s:  # a tempo that was heard elsewhere is that of some section
        known = Known(time_signature=known.get("time_signature"))
    times = np.array([o.time_s for o in onsets])
    ends = [0, *np.searchsorted(times, cuts_s), times.size]
    starts_s = [0.0, *(cut_s - _REACH_S for cut_s in cuts_s)]
    ends_s = [*(cut_s + _REACH_S for cut_s in cuts_s), duration_s]
    parts: list[Bars] = []
    leaps_s: list[float] = []
    for (first, last), start_s, end_s in zip(
        itertools.pairwise(ends), starts_s, ends_s, strict=True
    ):
        own = tuple(replace(o, time_s=o.time_s - start_s) for o in onsets[first:last])
        grid = track_beats(own, duration_s=end_s - start_s, **known)
        bars, seen_s = grid.bars, list[float]()
        if known.get("time_signature") is None:
            bars, seen_s = read_passages(grid, own)
        parts.append(replace(bars, lines_s=tuple(line_s + start_s for line_s in bars.lines_s)))
        leaps_s += [seen + start_s for seen in seen_s]
    return parts, leaps_s


def _joined(parts: list[Bars], cuts_s: list[float], onsets: tuple[Onset, ...]) -> Bars:
    lines_s, quarters = np.array(parts[0].lines_s), np.array(parts[0].quarters)
    for (before, after), cut_s in zip(itertools.pairwise(parts), cuts_s, strict=True):
        seam = _seam(before, after, cut_s, onsets)
        meet_s = after.lines_s[seam]
        kept = lines_s < meet_s
        lines_s, quarters = lines_s[kept], quarters[kept]
        beat_s = (lines_s[-1] - lines_s[-2]) / (quarters[-1] - quarters[-2])
        left = round((meet_s - lines_s[-1]) / beat_s)
        if not left:
            left = round(quarters[-1] - quarters[-2])
            lines_s, quarters = lines_s[:-1], quarters[:-1]
        own = np.array(after.quarters[seam:])
        lines_s = np.concatenate([lines_s, after.lines_s[seam:]])
        quarters = np.concatenate([quarters, own - own[0] + quarters[-1] + left])
    usual = max(parts, key=lambda part: len(part.lines_s))
    beats, division = usual.beats_per_bar, usual.division
    if any(part.division != division for part in parts):
        beats, division = beats * division / 2, 2
    return Bars(
        tuple(float(line_s) for line_s in lines_s),
        tuple(float(quarter) for quarter in quarters),
        beats,
        division,
    )


def _seam(before: Bars, after: Bars, cut_s: float, onsets: tuple[Onset, ...]) -> int:
    """The line of `after` on which it takes over."""
    near = [o for o in onsets if abs(o.time_s - cut_s) < _REACH_S]
    times = np.array([o.time_s for o in near])
    misses = [_misses(times, bars) for bars in (before, after)]
    lines_s = np.array(before.lines_s)
    costs: dict[int, float] = {}
    for index, line_s in enumerate(after.lines_s[:-1]):
        if abs(line_s - cut_s) > _REACH_S:
            continue
        early = times < line_s - _EARLY_S
        off_s = float(np.abs(lines_s - line_s).min())
        costs[index] = float(misses[0][early].sum() + misses[1][~early].sum())
        costs[index] += _OFF_LINE * min(1.0, (off_s / _OFF_S) ** 2)
    return min(costs, key=costs.__getitem__)


def _misses(times: Float64, bars: Bars) -> Float64:
    """How far strokes are from sixteenths or triplets of the quarters, in sigmas, squared."""
    lines_s, quarters = np.array(bars.lines_s), np.array(bars.quarters)
    places = np.interp(times, lines_s, quarters)
    quarter_s = float(np.median(np.diff(lines_s) / np.diff(quarters)))
    every = [
        np.abs(places - np.round(places * parts) / parts) * quarter_s / _SIGMA_S for parts in (4, 3)
    ]
    capped = [np.minimum(miss**2, _CAP) for miss in every]
    return min(capped, key=lambda miss: float(miss.sum()))
