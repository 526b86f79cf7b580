"""Changes of the time signature within a song of one tempo."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from indexer.drums.beat import meter_hypotheses
from indexer.drums.beat.bar_meter import BarMeter
from indexer.drums.beat.bars import Bars, BeatGrid
from indexer.drums.beat.meter_hypotheses import MeterHypothesis
from indexer.drums.beat.meter_segments import (
    LENGTHS,
    OTHER_TEMPO_LENGTHS,
    GridOnsets,
    MeterSegment,
    bar_similarity,
    quarter_times,
    segment_bars,
)
from indexer.drums.beat.segment_bar_lines import segment_bar_lines
from indexer.drums.types import Onset

_MIN_QUARTERS: Final = 16
"""Least length of a segment in which another tempo can be estimated."""


def find_meter_changes(grid: BeatGrid, onsets: tuple[Onset, ...]) -> tuple[Bars, list[float]]:
    """Return the bars of a grid, with the changes of its time signature.

    Returns:
        (bars, times in seconds at which another tempo begins or ends that the grid missed).
    """
    quarters_s = quarter_times(grid)
    placed = GridOnsets.place(onsets, quarters_s)
    song_meter = BarMeter(grid.beats_per_bar, grid.division)
    similarity = bar_similarity(placed.hits, song_meter.quarters)
    for segment in segment_bars(similarity):
        if _has_other_tempo(segment, placed):
            ends = (segment.start, min(segment.end, quarters_s.size - 1))
            return grid.bars, [float(quarters_s[end]) for end in ends]
    found = _confirmed(list(segment_bars(similarity[: len(LENGTHS)])), song_meter, placed)
    if len(found) < 2:
        return grid.bars, []
    lines = segment_bar_lines(found, placed)
    times_s = np.interp(lines, np.arange(quarters_s.size), quarters_s)
    longest = max(found, key=lambda segment: segment.end - segment.start)
    bars = Bars(
        tuple(float(time_s) for time_s in times_s),
        tuple(line - lines[0] for line in lines),
        longest.length,
    )
    return bars, []


def _most_likely(segment: MeterSegment, placed: GridOnsets) -> MeterHypothesis | None:
    """Return the most likely hypothesis of a segment by itself, with quarters as pulses."""
    onsets, positions = placed.within(segment)
    if segment.end - segment.start < _MIN_QUARTERS or not onsets:
        return None
    found, features = meter_hypotheses.list_hypotheses(positions, onsets, pulse_bpm=placed.bpm)
    return found[int(np.argmax(meter_hypotheses.log_likelihoods(features)))]


def _has_other_tempo(segment: MeterSegment, placed: GridOnsets) -> bool:
    """Return whether a segment more likely has simple beats at another tempo."""
    is_candidate = segment.length in (3.0, *OTHER_TEMPO_LENGTHS)
    best = _most_likely(segment, placed) if is_candidate else None
    return best is not None and best.meter.division == 2 and not _is_octave(best.ratio)


def _is_octave(ratio: float) -> bool:
    """Return whether a ratio is a power of two."""
    return abs(np.log2(ratio) - round(np.log2(ratio))) < 1e-6


def _confirmed(
    found: list[MeterSegment], song_meter: BarMeter, placed: GridOnsets
) -> list[MeterSegment]:
    """Return the segments, those in 3/4 or 4/4 that fit the song's own meter better merged."""
    usual = song_meter.quarters
    kept: list[MeterSegment] = []
    for segment in found:
        length = segment.length
        if length in (3.0, 4.0) and not _is_octave(length / usual):
            best = _most_likely(segment, placed)
            if best is None or _is_octave(best.ratio * best.meter.beats / usual):
                length = usual
        elif _is_octave(length / usual):
            length = usual
        if kept and kept[-1].length == length:
            kept[-1] = replace(kept[-1], end=segment.end)
        else:
            kept.append(replace(segment, length=length))
    return kept
