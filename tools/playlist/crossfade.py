"""Where and how one track is faded into the next on the beat.

Both play at the tempo of the first while they overlap, from a bar border to a bar border; the
second is bent by a few per cent without a change of pitch. Bars follow from the tempo and the first
downbeat, so only tracks of constant tempo are mixed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from store.results import TrackDetail
from tools.tracks.mixing import mix_of

BARS: Final = 8
"""Of the first track: two phrases of four."""
LONGEST_S: Final = 20.0
"""Of an overlap; slow tracks overlap for fewer bars."""
LARGEST_PART: Final = 0.25
"""Of the shorter track that may overlap."""
SURE_OF_BARS: Final = 0.5
"""Confidence in the metre, 0..1, from which the bars are used."""


@dataclass(frozen=True, slots=True)
class Crossfade:
    """How a track is faded into the next.

    Attributes:
        start_s: Bar border of the first track at which the second begins.
        entry_s: Bar border of the second track from which it is played.
        fade_s: Length of the overlap, a whole number of bars of the first track.
        rate: Speed of the second track during the overlap, 0.94..1.06.
    """

    start_s: float
    entry_s: float
    fade_s: float
    rate: float


def crossfade(first: TrackDetail, second: TrackDetail) -> Crossfade | None:
    """Return how `first` is faded into `second`; None where tempo, key or bars do not allow it."""
    mix = mix_of((first.row.bpm, first.row.camelot), (second.row.bpm, second.row.camelot))
    if not (mix.tempo_fits and mix.keys_fit):
        return None
    bars, other_bars = _bars(first), _bars(second)
    if (
        bars is None
        or other_bars is None
        or first.structure.beats_per_bar != (second.structure.beats_per_bar)
    ):
        return None
    (bar_s, downbeat_s), (other_bar_s, other_downbeat_s) = bars, other_bars
    longest_s = min(LONGEST_S, LARGEST_PART * min(first.row.duration_s, second.row.duration_s))
    count = min(BARS, int(longest_s / bar_s))
    if count == 0:
        return None
    fade_s = count * bar_s
    last = math.floor((first.row.duration_s - fade_s - downbeat_s) / bar_s)
    ratio = other_bar_s / bar_s
    octaves = round(math.log2(ratio))
    return Crossfade(
        start_s=round(downbeat_s + last * bar_s, 3),
        entry_s=round(other_downbeat_s % other_bar_s, 3),
        fade_s=round(fade_s, 3),
        rate=round(ratio / 2.0**octaves, 4),
    )


def _bars(track: TrackDetail) -> tuple[float, float] | None:
    """Return the length of a bar and the first downbeat, in seconds; None where unsure."""
    structure, bpm = track.structure, track.row.bpm
    if structure.stability != "constant" or structure.meter_confidence < SURE_OF_BARS:
        return None
    if not bpm or structure.beats_per_bar is None or structure.first_downbeat_s is None:
        return None
    return structure.beats_per_bar * 60.0 / bpm, structure.first_downbeat_s
