"""Bars of a song whose tempo may jump.

The song is split where the local tempo jumps, each section is tracked by itself, and the bars are
joined on a bar line of the later section, where the onsets leave the grid of the one for that of
the other. The rest of the earlier section's last bar gets as many beats as fit.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat.bars import Bars
from indexer.drums.beat.beat_hints import BeatHints, has_one_grid
from indexer.drums.beat.beat_tracking import track_beats
from indexer.drums.beat.meter_changes import find_meter_changes
from indexer.drums.beat.pulse import tempo_jumps
from indexer.drums.types import Onset

_MIN_SECTION_S: Final = 8.0
_MIN_SECTION_ONSETS: Final = 16
"""A section with less is too short for a meter of its own."""
_REACH_S: Final = 5.0
"""Largest distance of a boundary from a jump, which is measured in windows of eight seconds."""
_SIGMA_S: Final = 0.016
_MAX_MISS: Final = 9.0
"""Standard deviation of onsets around the grid, and limit of the squared distance in sigmas; as in
`score/quantize.py`."""
_OFF_LINE_COST: Final = 6.0
"""Cost of a boundary off the bar lines of the earlier section, in squared sigmas."""
_OFF_S: Final = 0.1
"""Distance from a bar line at which a boundary has all of that cost."""
_EARLY_S: Final = 0.03
"""Largest time of an onset before its bar line."""


def track_song(onsets: tuple[Onset, ...], *, duration_s: float, hints: BeatHints) -> Bars:
    """Return the bars of a song.

    Args:
        onsets: Sorted by time.
        duration_s: Length of the recording.
        hints: Prior information; a given tempo or offset makes the song one section.

    Raises:
        DrumsError: As `track_beats`.
    """
    if has_one_grid(hints):
        return track_beats(onsets, duration_s=duration_s, **hints).bars
    jumps_s = tempo_jumps(onsets, duration_s, tempo_hint=hints.get("tempo_hint"))
    cuts_s = _select_cuts(onsets, jumps_s)
    parts, missed_s = _track_sections(onsets, cuts_s, duration_s, hints)
    if missed_s:
        cuts_s = _select_cuts(onsets, sorted([*cuts_s, *missed_s]))
        parts, _ = _track_sections(onsets, cuts_s, duration_s, hints)
    return _join(parts, cuts_s, onsets)


def _select_cuts(onsets: tuple[Onset, ...], jumps_s: list[float]) -> list[float]:
    """Return the jumps that leave sections of sufficient length."""
    times = np.array([o.time_s for o in onsets])
    cuts_s: list[float] = []
    for jump_s in jumps_s:
        before = cuts_s[-1] if cuts_s else float(times[0])
        left, right = times[(times >= before) & (times < jump_s)], times[times >= jump_s]
        lengths_s = (jump_s - before, float(times[-1]) - jump_s)
        if min(lengths_s) >= _MIN_SECTION_S and min(left.size, right.size) >= _MIN_SECTION_ONSETS:
            cuts_s.append(jump_s)
    return cuts_s


def _track_sections(
    onsets: tuple[Onset, ...], cuts_s: list[float], duration_s: float, hints: BeatHints
) -> tuple[list[Bars], list[float]]:
    """Return the bars of each section and `_REACH_S` around it, and the tempo jumps within."""
    if cuts_s:  # a tempo measured elsewhere is that of an unknown section
        hints = BeatHints(time_signature=hints.get("time_signature"))
    times = np.array([o.time_s for o in onsets])
    ends = [0, *np.searchsorted(times, cuts_s), times.size]
    starts_s = [0.0, *(cut_s - _REACH_S for cut_s in cuts_s)]
    ends_s = [*(cut_s + _REACH_S for cut_s in cuts_s), duration_s]
    parts: list[Bars] = []
    jumps_s: list[float] = []
    for (first, last), start_s, end_s in zip(
        itertools.pairwise(ends), starts_s, ends_s, strict=True
    ):
        shifted = tuple(replace(o, time_s=o.time_s - start_s) for o in onsets[first:last])
        grid = track_beats(shifted, duration_s=end_s - start_s, **hints)
        bars, found_s = grid.bars, list[float]()
        if hints.get("time_signature") is None:
            bars, found_s = find_meter_changes(grid, shifted)
        downbeats_s = tuple(downbeat_s + start_s for downbeat_s in bars.downbeats_s)
        parts.append(replace(bars, downbeats_s=downbeats_s))
        jumps_s += [jump_s + start_s for jump_s in found_s]
    return parts, jumps_s


def _join(parts: list[Bars], cuts_s: list[float], onsets: tuple[Onset, ...]) -> Bars:
    """Return the bars of all sections in one."""
    downbeats_s, quarters = np.array(parts[0].downbeats_s), np.array(parts[0].quarters)
    for (before, after), cut_s in zip(itertools.pairwise(parts), cuts_s, strict=True):
        boundary = _boundary(before, after, cut_s, onsets)
        boundary_s = after.downbeats_s[boundary]
        kept = downbeats_s < boundary_s
        downbeats_s, quarters = downbeats_s[kept], quarters[kept]
        quarter_s = (downbeats_s[-1] - downbeats_s[-2]) / (quarters[-1] - quarters[-2])
        rest = round((boundary_s - downbeats_s[-1]) / quarter_s)
        if not rest:
            rest = round(quarters[-1] - quarters[-2])
            downbeats_s, quarters = downbeats_s[:-1], quarters[:-1]
        later = np.array(after.quarters[boundary:])
        downbeats_s = np.concatenate([downbeats_s, after.downbeats_s[boundary:]])
        quarters = np.concatenate([quarters, later - later[0] + quarters[-1] + rest])
    longest = max(parts, key=lambda part: len(part.downbeats_s))
    beats, division = longest.beats_per_bar, longest.division
    if any(part.division != division for part in parts):
        beats, division = beats * division / 2, 2
    return Bars(
        tuple(float(downbeat_s) for downbeat_s in downbeats_s),
        tuple(float(quarter) for quarter in quarters),
        beats,
        division,
    )


def _boundary(before: Bars, after: Bars, cut_s: float, onsets: tuple[Onset, ...]) -> int:
    """Return the bar of `after` from which the onsets fit its grid best."""
    times = np.array([o.time_s for o in onsets if abs(o.time_s - cut_s) < _REACH_S])
    misses = [_misses(times, bars) for bars in (before, after)]
    downbeats_s = np.array(before.downbeats_s)
    costs: dict[int, float] = {}
    for index, downbeat_s in enumerate(after.downbeats_s[:-1]):
        if abs(downbeat_s - cut_s) > _REACH_S:
            continue
        early = times < downbeat_s - _EARLY_S
        off_s = float(np.abs(downbeats_s - downbeat_s).min())
        costs[index] = float(misses[0][early].sum() + misses[1][~early].sum())
        costs[index] += _OFF_LINE_COST * min(1.0, (off_s / _OFF_S) ** 2)
    return min(costs, key=costs.__getitem__)


def _misses(times: Float64, bars: Bars) -> Float64:
    """Return the squared distances from sixteenths or triplets of the quarters, in sigmas."""
    downbeats_s, quarters = np.array(bars.downbeats_s), np.array(bars.quarters)
    positions = np.interp(times, downbeats_s, quarters)
    quarter_s = float(np.median(np.diff(downbeats_s) / np.diff(quarters)))
    distances = [
        np.abs(positions - np.round(positions * parts) / parts) * quarter_s / _SIGMA_S
        for parts in (4, 3)
    ]
    capped = [np.minimum(distance**2, _MAX_MISS) for distance in distances]
    return min(capped, key=lambda miss: float(miss.sum()))
