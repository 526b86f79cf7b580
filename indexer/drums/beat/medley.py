"""Recordings of several songs: the beat of each is found by itself, and the bars are joined.

A concert or a mix has no one tempo and no one time signature. Where nobody drums for some seconds
a new song may begin; between the last bar of one and the first of the next stands a bar that is as
long as it has to be. Everything is counted in quarter notes then.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.drums.beat.beat_tracking import Known, is_one_piece
from indexer.drums.beat.tempo_changes import track_song
from indexer.drums.types import Bars, Onset

SONG_S: Final = 720.0
"""What is no longer is one song: a pause in it is a break. A worker that hears twelve minutes at
once peaks at 470 MB."""
_PAUSE_S: Final = 4.0
_SHORTEST_S: Final = 40.0
"""A part shorter than this belongs to the one before it."""
_FEWEST: Final = 40
_EARLY_S: Final = 0.05
_LONGEST_BAR: Final = 1.75
"""The bar between two songs lasts three quarters of the others at least, and this much at most."""


def track_recording(onsets: tuple[Onset, ...], *, duration_s: float, known: Known) -> Bars:
    """The bars of a song, or of the songs of a long recording.

    Args:
        onsets: Sorted by time.
        duration_s: Of the recording.
        known: What a person knows; a tempo or an offset of theirs makes it one song.

    Raises:
        DrumsError: As `track_beats` says.
    """
    is_song = is_one_piece(known) or duration_s <= SONG_S
    found = [onsets] if is_song else list(songs(onsets))
    if len(found) == 1:
        return track_song(onsets, duration_s=duration_s, known=known)
    starts_s = [0.0, *(song[0].time_s - _PAUSE_S / 2 for song in found[1:])]
    ends_s = [*starts_s[1:], duration_s]
    parts: list[Bars] = []
    for song, start_s, end_s in zip(found, starts_s, ends_s, strict=True):
        moved = tuple(replace(o, time_s=o.time_s - start_s) for o in song)
        meter = Known(time_signature=known.get("time_signature"))
        bars = track_song(moved, duration_s=end_s - start_s, known=meter)
        parts.append(_from(bars, song[0].time_s, start_s))
    return _joined(parts)


def songs(onsets: tuple[Onset, ...]) -> Iterator[tuple[Onset, ...]]:
    """The strokes of each song: parts between pauses, none too short to be one."""
    times = np.array([o.time_s for o in onsets])
    first = 0
    for index in (int(i) + 1 for i in np.flatnonzero(np.diff(times) > _PAUSE_S)):
        done, left = onsets[first:index], onsets[index:]
        if min(_length_s(done), _length_s(left)) >= _SHORTEST_S and len(done) >= _FEWEST:
            yield done
            first = index
    yield onsets[first:]


def _length_s(onsets: tuple[Onset, ...]) -> float:
    return onsets[-1].time_s - onsets[0].time_s


def _from(bars: Bars, first_s: float, start_s: float) -> Bars:
    """The bars from that of the first stroke on, in the recording's time."""
    lines_s = tuple(line_s + start_s for line_s in bars.lines_s)
    begin = max(0, bisect.bisect(lines_s, first_s + _EARLY_S) - 1)
    return replace(bars, lines_s=lines_s[begin:], quarters=bars.quarters[begin:])


def _joined(parts: list[Bars]) -> Bars:
    """One after the other; a last bar is stretched or shortened until the next song begins."""
    lines_s: list[float] = []
    lengths: list[float] = []
    for part, after in itertools.zip_longest(parts, parts[1:]):
        steps = [b - a for a, b in itertools.pairwise(part.quarters)]
        own_s = list(part.lines_s)
        bar_s = own_s[-1] - own_s[-2]
        end_s = after.lines_s[0] if after else own_s[-1]
        while len(own_s) > 2 and end_s - own_s[-1] < (_LONGEST_BAR - 1) * bar_s and after:
            own_s.pop()
            steps.pop()
        while end_s - own_s[-1] > _LONGEST_BAR * bar_s:
            own_s.append(own_s[-1] + bar_s)
            steps.append(steps[-1])
        lines_s += own_s if after else own_s[:-1]
        lengths += [*steps, steps[-1]] if after else steps
    lines_s.append(parts[-1].lines_s[-1])
    usual = max(parts, key=lambda part: len(part.lines_s))
    beats = usual.beats_per_bar * usual.division / 2
    return Bars(tuple(lines_s), tuple(itertools.accumulate(lengths, initial=0.0)), beats)
