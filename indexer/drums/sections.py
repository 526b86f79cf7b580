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
from numpy.typing import NDArray

from indexer.drums.beats import Known, track_beats
from indexer.drums.passages import bars_of
from indexer.drums.pulse import leaps
from indexer.drums.types import Bars, Onset

Float = NDArray[np.float64]

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
_HINTED: Final = 0.04


def track_song(onsets: tuple[Onset, ...], *, duration_s: float, known: Known) -> Bars:
    """The bars of a song.

    Args:
        onsets: Sorted by time.
        duration_s: Of the recording.
        known: As `track_beats` takes it; a tempo or an offset of a person's makes it one section.

    Raises:
        DrumsError: As `track_beats` says.
    """
    is_one = bool(known.get("bpm")) or known.get("offset_s") is not None
    cuts_s = [] if is_one else _cuts(onsets, duration_s, known.get("tempo_hint"))
    if not cuts_s:
        return _bars(onsets, duration_s, known)
    bounds_s = [0.0, *cuts_s, duration_s]
    parts = [
        _read(onsets, start_s, end_s, known) for start_s, end_s in itertools.pairwise(bounds_s)
    ]
    return _joined(parts, cuts_s, onsets)


def _bars(onsets: tuple[Onset, ...], duration_s: float, known: Known) -> Bars:
    """The bars of what has one tempo."""
    grid = track_beats(onsets, duration_s=duration_s, **known)
    is_known = any(known.get(name) is not None for name in ("time_signature", "bpm", "offset_s"))
    return grid.bars if is_known else bars_of(grid, onsets)


def _cuts(onsets: tuple[Onset, ...], duration_s: float, hint: float | None) -> list[float]:
    """Times of the leaps, none so near to another that there is nothing to read between."""
    times = np.array([o.time_s for o in onsets])
    cuts_s: list[float] = []
    for leap_s in leaps(onsets, duration_s, tempo_hint=hint):
        before = cuts_s[-1] if cuts_s else float(times[0])
        left, right = times[(times >= before) & (times < leap_s)], times[times >= leap_s]
        spans = (leap_s - before, float(times[-1]) - leap_s)
        if min(spans) >= _SHORTEST_S and min(left.size, right.size) >= _FEWEST:
            cuts_s.append(leap_s)
    return cuts_s


def _read(onsets: tuple[Onset, ...], start_s: float, end_s: float, known: Known) -> Bars:
    """The bars of a section, and some more to both sides."""
    begin_s = start_s - _REACH_S
    own = tuple(
        replace(o, time_s=o.time_s - begin_s) for o in onsets if start_s <= o.time_s < end_s
    )
    wanted = Known(time_signature=known.get("time_signature"))
    bars = _bars(own, end_s - begin_s + _REACH_S, wanted)
    return replace(bars, lines_s=tuple(line_s + begin_s for line_s in bars.lines_s))


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
        early = times < line_s - 0.03
        off_s = float(np.abs(lines_s - line_s).min())
        costs[index] = float(misses[0][early].sum() + misses[1][~early].sum())
        costs[index] += _OFF_LINE * min(1.0, (off_s / 0.1) ** 2)
    return min(costs, key=costs.__getitem__)


def _misses(times: Float, bars: Bars) -> Float:
    """How far strokes are from sixteenths or triplets of the quarters, in sigmas, squared."""
    lines_s, quarters = np.array(bars.lines_s), np.array(bars.quarters)
    places = np.interp(times, lines_s, quarters)
    quarter_s = float(np.median(np.diff(lines_s) / np.diff(quarters)))
    every = [
        np.abs(places - np.round(places * parts) / parts) * quarter_s / _SIGMA_S for parts in (4, 3)
    ]
    capped = [np.minimum(miss**2, _CAP) for miss in every]
    return min(capped, key=lambda miss: float(miss.sum()))
