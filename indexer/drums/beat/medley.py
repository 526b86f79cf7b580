"""Bars of recordings with several songs, such as concerts and mixes.

The recording is split at pauses of the drums, each song is tracked by itself, and the bars are
joined by a bar of any length. Positions are in quarter notes then.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.drums.beat.bars import Bars
from indexer.drums.beat.beat_hints import BeatHints, has_one_grid
from indexer.drums.beat.tempo_changes import track_song
from indexer.drums.types import Onset

SONG_S: Final = 720.0
"""Longest single song: a pause in it is a break. Detection in twelve minutes at once peaks at
470 MB."""
_PAUSE_S: Final = 4.0
"""Least time without onsets between two songs."""
_MIN_SONG_S: Final = 40.0
_MIN_SONG_ONSETS: Final = 40
"""A part with less belongs to the song before it."""
_EARLY_S: Final = 0.05
"""Largest time of an onset before its bar line."""
_MAX_BAR: Final = 1.75
"""Longest bar between two songs, relative to the bar before; the shortest is one less."""


def track_recording(onsets: tuple[Onset, ...], *, duration_s: float, hints: BeatHints) -> Bars:
    """Return the bars of a song, or of the songs of a long recording.

    Args:
        onsets: Sorted by time.
        duration_s: Length of the recording.
        hints: Prior information; a given tempo or offset makes the recording one song.

    Raises:
        DrumsError: As `track_beats`.
    """
    is_song = has_one_grid(hints) or duration_s <= SONG_S
    found = [onsets] if is_song else list(split_songs(onsets))
    if len(found) == 1:
        return track_song(onsets, duration_s=duration_s, hints=hints)
    starts_s = [0.0, *(song[0].time_s - _PAUSE_S / 2 for song in found[1:])]
    ends_s = [*starts_s[1:], duration_s]
    parts: list[Bars] = []
    for song, start_s, end_s in zip(found, starts_s, ends_s, strict=True):
        moved = tuple(replace(o, time_s=o.time_s - start_s) for o in song)
        meter = BeatHints(time_signature=hints.get("time_signature"))
        bars = track_song(moved, duration_s=end_s - start_s, hints=meter)
        parts.append(_trim(bars, song[0].time_s, start_s))
    return _join(parts)


def split_songs(onsets: tuple[Onset, ...]) -> Iterator[tuple[Onset, ...]]:
    """Yield the onsets of each song: parts between pauses that are long enough."""
    times = np.array([o.time_s for o in onsets])
    first = 0
    for index in (int(i) + 1 for i in np.flatnonzero(np.diff(times) > _PAUSE_S)):
        done, left = onsets[first:index], onsets[index:]
        if min(_length_s(done), _length_s(left)) >= _MIN_SONG_S and len(done) >= _MIN_SONG_ONSETS:
            yield done
            first = index
    yield onsets[first:]


def _length_s(onsets: tuple[Onset, ...]) -> float:
    return onsets[-1].time_s - onsets[0].time_s


def _trim(bars: Bars, first_s: float, start_s: float) -> Bars:
    """Return the bars from that of the first onset on, in the time of the recording."""
    downbeats_s = tuple(downbeat_s + start_s for downbeat_s in bars.downbeats_s)
    begin = max(0, bisect.bisect(downbeats_s, first_s + _EARLY_S) - 1)
    return replace(bars, downbeats_s=downbeats_s[begin:], quarters=bars.quarters[begin:])


def _join(parts: list[Bars]) -> Bars:
    """Return all bars; the last one of each song is fitted to the start of the next."""
    downbeats_s: list[float] = []
    lengths: list[float] = []
    for part, after in itertools.zip_longest(parts, parts[1:]):
        steps = [b - a for a, b in itertools.pairwise(part.quarters)]
        part_s = list(part.downbeats_s)
        bar_s = part_s[-1] - part_s[-2]
        end_s = after.downbeats_s[0] if after else part_s[-1]
        while len(part_s) > 2 and end_s - part_s[-1] < (_MAX_BAR - 1) * bar_s and after:
            part_s.pop()
            steps.pop()
        while end_s - part_s[-1] > _MAX_BAR * bar_s:
            part_s.append(part_s[-1] + bar_s)
            steps.append(steps[-1])
        downbeats_s += part_s if after else part_s[:-1]
        lengths += [*steps, steps[-1]] if after else steps
    downbeats_s.append(parts[-1].downbeats_s[-1])
    longest = max(parts, key=lambda part: len(part.downbeats_s))
    beats = longest.beats_per_bar * longest.division / 2
    return Bars(tuple(downbeats_s), tuple(itertools.accumulate(lengths, initial=0.0)), beats)
