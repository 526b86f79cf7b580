"""Passages of other bars: where strokes repeat after another number of quarters.

How alike the strokes around a quarter are to those a bar and two bars later says for each length
of a bar how well it suits there; the best path through them changes only where another length
lasts. Where the bars of each passage start, and on which of them the next passage takes over, is
then decided for all together: by what speaks for a first beat, by how well the strokes fit the mean
bar of their passage, and by a whole number of bars.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat import downbeats, meter_hypotheses
from indexer.drums.beat.downbeats import PARTS
from indexer.drums.beat.meter_hypotheses import METERS, Meter, Reading
from indexer.drums.types import Bars, BeatGrid, Onset
from indexer.viterbi import viterbi

_LENGTHS: Final = (4.0, 3.0, 3.5, 5.0)
"""Quarters a bar: 4/4, 3/4 (6/8, and half of 12/8), 7/8, 5/4."""
_DISGUISED: Final = (16 / 3, 8 / 3)
"""Bars of 4/4 at 3/4 and 3/2 of the tempo, whose strokes lie on triplets of the old one."""
_SHORTEST: Final = 16
"""Quarters: so much is needed to read another tempo."""
_WINDOW: Final = 6
"""Quarters to both sides over which likeness is measured."""
_CHANGE_PRICE: Final = 2.0
"""What a change costs, in quarters of full likeness."""
_USUAL: Final = 0.04
"""What a quarter in the time signature that the song was read in earns: some grooves repeat after
any number of quarters. Both were chosen on 36 generated songs with a change, 95 % of whose quarters
then are in bars of the right length, and 104 without one and 43 performances of real drummers, none
of which changes; a price of 1.5 or 3, and twice or half the earning, are nearly as good."""
_GROUPS: Final = ((0, 1, 4, 5), (2, 3))
"""Drums and crashes; hi-hat and ride: each says as much."""
_HALF: Final = PARTS // 2
_REACH: Final = 16
"""In halves of a quarter: passages meet this near to where the path changes."""
_BROKEN_BAR: Final = 3.0
"""Price of a bar that is cut where passages meet, in strokes that fit no mean bar."""
_FIRST_BEAT: Final = 4.0
"""What bars of 5/4 and 7/8 have to say about their first beat, beside what the fitted readings
say of the common ones."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """Quarters from `start` to `end` have bars of `length` quarters."""

    start: int
    end: int
    length: float


@dataclass(frozen=True)
class _Strokes:
    """Onsets, where they lie in quarters, and both as `_hits` at so many quarters a minute."""

    onsets: tuple[Onset, ...]
    places: Float64
    hits: Float64
    bpm: float

    def within(self, passage: _Passage) -> tuple[tuple[Onset, ...], Float64]:
        """Those of a passage."""
        inside = (self.places >= passage.start) & (self.places < passage.end)
        own = tuple(o for o, is_inside in zip(self.onsets, inside, strict=True) if is_inside)
        return own, self.places[inside]


def read_passages(grid: BeatGrid, onsets: tuple[Onset, ...]) -> tuple[Bars, list[float]]:
    """The bars of a grid, by passages where its time signature changes for good.

    Returns:
        (bars, times at which another tempo begins or ends that the grid takes for its own).
    """
    quarters_s = _quarters_s(grid)
    places = np.interp([o.time_s for o in onsets], quarters_s, np.arange(quarters_s.size))
    hits = _hits(places, onsets, quarters_s.size * PARTS)
    strokes = _Strokes(onsets, places, hits, 60 / float(np.median(np.diff(quarters_s))))
    own = Meter(grid.beats_per_bar, grid.division)
    likeness = _likeness(hits, _quarters(own))
    for passage in _passages(likeness):
        if _is_disguised(passage, strokes):
            ends = (passage.start, min(passage.end, quarters_s.size - 1))
            return grid.bars, [float(quarters_s[end]) for end in ends]
    found = _confirmed(list(_passages(likeness[: len(_LENGTHS)])), own, strokes)
    if len(found) < 2:
        return grid.bars, []
    lines = _lines(found, strokes)
    times_s = np.interp(lines, np.arange(quarters_s.size), quarters_s)
    longest = max(found, key=lambda passage: passage.end - passage.start)
    bars = Bars(
        tuple(float(time_s) for time_s in times_s),
        tuple(line - lines[0] for line in lines),
        longest.length,
    )
    return bars, []


def _quarters(kind: Meter) -> float:
    return kind.beats * kind.division / 2


def _reading(passage: _Passage, strokes: _Strokes) -> Reading | None:
    """The likeliest reading of a passage by itself, over the quarters."""
    own, places = strokes.within(passage)
    if passage.end - passage.start < _SHORTEST or not own:
        return None
    found, features = meter_hypotheses.readings(places, own, pulse_bpm=strokes.bpm)
    return found[int(np.argmax(meter_hypotheses.likelihoods(features)))]


def _is_disguised(passage: _Passage, strokes: _Strokes) -> bool:
    """Whether a passage is better read as bars of simple beats at another tempo."""
    best = _reading(passage, strokes) if passage.length in (3.0, *_DISGUISED) else None
    return best is not None and best.meter.division == 2 and not _is_octave(best.ratio)


def _is_octave(ratio: float) -> bool:
    return abs(np.log2(ratio) - round(np.log2(ratio))) < 1e-6


def _confirmed(found: list[_Passage], own: Meter, strokes: _Strokes) -> list[_Passage]:
    """Less those passages in 3/4 or 4/4 that are rather read as the song is."""
    usual = _quarters(own)
    kept: list[_Passage] = []
    for passage in found:
        length = passage.length
        if length in (3.0, 4.0) and not _is_octave(length / usual):
            best = _reading(passage, strokes)
            if best is None or _is_octave(best.ratio * best.meter.beats / usual):
                length = usual
        elif _is_octave(length / usual):
            length = usual
        if kept and kept[-1].length == length:
            kept[-1] = replace(kept[-1], end=passage.end)
        else:
            kept.append(replace(passage, length=length))
    return kept


def _quarters_s(grid: BeatGrid) -> Float64:
    beats = np.arange(len(grid.beats_s))
    count = int(beats[-1] * grid.division / 2)
    return np.interp(np.arange(count + 1) * 2 / grid.division, beats, grid.beats_s)


def _hits(places: Float64, onsets: tuple[Onset, ...], size: int) -> Float64:
    cells = np.round(places * PARTS).astype(np.intp)
    weights = np.array([0.3 + 0.7 * o.velocity for o in onsets])
    hits = downbeats.blurred_hits(downbeats.classes_of(onsets), cells, weights)
    return np.pad(hits, ((0, 0), (0, max(0, size - hits.shape[1]))))[:, :size]


def _likeness(hits: Float64, usual: float) -> Float64:
    """How well each length of a bar suits around each quarter: (n_lengths, n_quarters)."""
    lengths = (*_LENGTHS, *_DISGUISED)
    out = np.zeros((len(lengths), hits.shape[1] // PARTS))
    for rows in _GROUPS:
        group = hits[list(rows)] - hits[list(rows)].mean(axis=1, keepdims=True)
        for row, length in enumerate(lengths):
            for bars in (1, 2):
                alike = _alike(group, round(bars * length * PARTS))
                out[row] += alike / (2 * len(_GROUPS))
    out[[length in (usual, usual / 2) for length in lengths]] += _USUAL
    return out


def _alike(rows: Float64, lag: int) -> Float64:
    """Correlation of what is around each quarter, half a lag earlier and half a lag later."""
    size = rows.shape[1]
    if lag >= size:
        return np.zeros(size // PARTS)
    energy = np.square(rows).sum(axis=0)
    product = (rows[:, :-lag] * rows[:, lag:]).sum(axis=0)
    both, early, late = (
        _around(np.pad(v, (lag // 2, lag - lag // 2)))
        for v in (product, energy[:-lag], energy[lag:])
    )
    return both / np.sqrt(np.maximum(early * late, 1e-9)) * (np.minimum(early, late) > 1e-6)


def _around(values: Float64) -> Float64:
    """Sums over the window around each quarter."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(0, values.size - values.size % PARTS, PARTS)
    reach = _WINDOW * PARTS
    return sums[np.minimum(values.size, at + reach + 1)] - sums[np.maximum(0, at - reach)]


def _passages(likeness: Float64) -> Iterator[_Passage]:
    """Runs of quarters with one bar length, on the best path through the lengths."""
    lengths = (*_LENGTHS, *_DISGUISED)
    path = viterbi(likeness.T, _CHANGE_PRICE * (1 - np.eye(len(likeness))))
    bounds = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), path.size]
    for start, end in itertools.pairwise(bounds):
        yield _Passage(start, end, lengths[path[start]])


def _lines(found: list[_Passage], strokes: _Strokes) -> list[float]:
    """Where bars start, in quarters: the cheapest first beats and meetings for all passages."""
    costs: list[Float64] = []
    choices: list[list[tuple[int, int]]] = []  # by first beat: that of the passage before, meeting
    for index, passage in enumerate(found):
        cost = -_first_beats(passage, strokes)
        if index:
            before = found[index - 1]
            meetings = _meetings(before, passage, strokes.hits)
            total = costs[-1][:, np.newaxis] + meetings.min(axis=2)
            best = np.argmin(total, axis=0)
            at = 2 * passage.start - _REACH + meetings.argmin(axis=2)
            choices.append([(int(b), int(at[b, phase])) for phase, b in enumerate(best)])
            cost = cost + total.min(axis=0)
        costs.append(cost)
    phase, end = int(np.argmin(costs[-1])), 2 * found[-1].end
    lines: list[float] = []
    for passage, choice in zip(found[::-1], [*choices[::-1], None], strict=True):
        size = round(2 * passage.length)
        earlier, start = choice[phase] if choice else (0, 0)
        first = start + (phase - start) % size
        lines = [line / 2 for line in range(first, end, size)] + lines
        phase, end = earlier, start
    return lines


def _first_beats(passage: _Passage, strokes: _Strokes) -> Float64:
    """What speaks for bars on each half of a quarter, counted from 0: (2 × length,)."""
    size = round(2 * passage.length)
    worth = np.full(size, -np.inf)
    own, places = strokes.within(passage)
    kind = next((one for one in METERS if _quarters(one) == passage.length), None)
    if kind and own:
        readings, features = meter_hypotheses.readings(
            places, own, pulse_bpm=strokes.bpm, meters=(kind,), ratios=(kind.division / 2,)
        )
        for reading, odds in zip(readings, meter_hypotheses.likelihoods(features), strict=True):
            if (2 * reading.start) % 1 == 0:
                phase = int(2 * reading.start) % size
                worth[phase] = max(worth[phase], float(odds))
        return worth - worth.max()
    odds = downbeats.log_odds(strokes.hits, "4/4", 2, reach_beats=meter_hypotheses.ODD_REACH_BEATS)[
        ::_HALF
    ]
    for phase in range(size):
        first = 2 * passage.start + (phase - 2 * passage.start) % size
        worth[phase] = _FIRST_BEAT * float(odds[first : 2 * passage.end : size].mean())
    return worth - worth.max()


def _meetings(before: _Passage, after: _Passage, hits: Float64) -> Float64:
    """Costs of taking over, by both first beats and by place: (n, m, 2 × reach + 1)."""
    sizes = [round(2 * p.length) for p in (before, after)]
    places = 2 * after.start - _REACH + np.arange(2 * _REACH + 1)
    low, high = places[0] * _HALF, places[-1] * _HALF
    misfit = []
    for passage in (before, after):
        cells = np.arange(passage.start * PARTS, passage.end * PARTS)
        size = round(passage.length * PARTS)
        mean = np.array([hits[:, cells[cells % size == c]].mean(axis=1) for c in range(size)])
        window = np.arange(max(0, low), min(high, hits.shape[1]))
        away = np.square(hits[:, window].T - mean[window % size]).sum(axis=1)
        misfit.append(np.pad(away, (window[0] - low, high - window[-1] - 1)))
    early = np.concatenate([[0.0], np.cumsum(misfit[0])])[::_HALF]
    late = np.concatenate([np.cumsum(misfit[1][::-1])[::-1], [0.0]])[::_HALF]
    costs = np.full((*sizes, places.size), np.inf)
    for phase in range(sizes[1]):
        for at in np.flatnonzero((places - phase) % sizes[1] == 0):
            left = (places[at] - np.arange(sizes[0])) % sizes[0]
            broken = _BROKEN_BAR * ((left != 0) + (left % 2 != 0))
            costs[:, phase, at] = early[at] + late[at] + broken
    return costs
