"""Features of meter hypotheses: onsets folded into bars of one beat length.

How often each class of drums falls on the beats, between them and off the grid, how similar bars
are to each other, and how fast the beat is.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len

from indexer.arrays import Float64
from indexer.drums.beat import downbeats
from indexer.drums.beat.bar_meter import METERS, BarMeter
from indexer.drums.beat.downbeats import CELLS_PER_BEAT
from indexer.drums.types import Onset

EQUAL_SIMILARITY: Final = 0.2
"""Similarities that differ by less count as equal: two bars are as similar as one."""
IRREGULAR_REACH_BEATS: Final = 0.5
"""Context of a bar line in 5/4 and 7/8 for which the filter of 4/4 is used."""
_CLASSES: Final = {"KD": 0, "SD": 1, "HH": 2, "CY": 3, "TT": 4, "OT": 1}
"""Rows of `FoldedOnsets.hits` by family."""
_CLASS_COUNT: Final = 5
_CLASS_GROUPS: Final = ((0, 1, 4), (2, 3))
"""Drums; hi-hat and cymbals: similarity is measured for each group."""
_TEMPO_CENTRES_LOG2: Final = np.arange(5.0, 8.01, 0.375)
"""Centres of the Gaussians over log2 of the tempo, 32 to 256 beats a minute."""
_OTHER_BEATS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Lags, in beats, at which regular meters repeat."""
_MAX_RATE: Final = 1.5
"""Limit of the hits a bar on one cell."""


class FoldedOnsets:
    """Onsets on a grid of twelfths of one beat length.

    Args:
        positions: float64, (n_onsets,): onset positions in pulses, 0 and up.
        onsets: The onsets.
        ratio: Length of the beat in pulses.
        bpm: Beats a minute.
    """

    def __init__(
        self, positions: Float64, onsets: tuple[Onset, ...], ratio: float, bpm: float
    ) -> None:
        self.bpm = bpm
        cells = np.round(positions / ratio * CELLS_PER_BEAT).astype(int)
        self.size = int(cells.max()) + 1
        self.first = int(cells.min())
        self.cells = cells
        self.weights = np.array([0.3 + 0.7 * o.velocity for o in onsets])
        self.hits = np.zeros((_CLASS_COUNT, self.size))
        classes = np.array([_CLASSES[o.drum.family] for o in onsets])
        np.maximum.at(self.hits, (classes, cells), self.weights)
        self.blurred = downbeats.blurred_hits(downbeats.class_rows(onsets), cells, self.weights)
        self.similarity = self._autocorrelation()
        self.density = float(np.log2(max(0.05, np.unique(cells).size * CELLS_PER_BEAT / self.size)))

    def _autocorrelation(self) -> Float64:
        """Return the autocorrelation of the hits by class group: (2, n_lags), lag 0 = 1."""
        out = []
        for rows in _CLASS_GROUPS:
            blurred = self.hits[list(rows)].copy()
            blurred[:, 1:] += 0.5 * self.hits[list(rows), :-1]
            blurred[:, :-1] += 0.5 * self.hits[list(rows), 1:]
            blurred -= blurred.mean(axis=1, keepdims=True)
            length = next_fast_len(2 * self.size, real=True)
            spectrum = np.fft.rfft(blurred, length, axis=1)
            lags = np.fft.irfft((np.abs(spectrum) ** 2).sum(axis=0), length)[: self.size]
            unbias = self.size / np.maximum(self.size - np.arange(self.size), self.size / 4)
            out.append(lags * unbias / max(float(lags[0]), 1e-9))
        return np.array(out)

    def _similarity_after(self, beats: float) -> Float64:
        """Return the similarity at a lag of `beats`, by class group: (2,)."""
        lag = round(beats * CELLS_PER_BEAT)
        return self.similarity[:, lag] if lag < self.size else np.zeros(2)

    def prominence(self, meter: BarMeter) -> float:
        """Return how much more similar onsets are after a bar of `meter` than after other lags."""
        others = [float(self._similarity_after(beats).mean()) for beats in _OTHER_BEATS]
        bar = float(self._similarity_after(meter.beats).mean())
        two_bars = float(self._similarity_after(2 * meter.beats).mean())
        return min(bar, max(two_bars, bar - EQUAL_SIMILARITY)) - max(others)

    def on_grid_share(self) -> float:
        """Return the weighted share of the onsets on sixteenths, or on triplets."""
        parts = self.cells % CELLS_PER_BEAT
        shares = (self.weights[parts % step == 0].sum() for step in (3, 4))
        return float(max(shares) / self.weights.sum())

    def most_likely_start(self, meter: BarMeter) -> int:
        """Return the cell on which bars of 5/4 or 7/8 most likely start."""
        odds = downbeats.downbeat_log_odds(
            self.blurred, "4/4", 2, reach_beats=IRREGULAR_REACH_BEATS
        )
        cells = round(meter.beats * CELLS_PER_BEAT)
        bars = np.pad(odds, (0, -odds.size % cells)).reshape(-1, cells)
        half = CELLS_PER_BEAT // 2
        return half * int(np.argmax(bars.sum(axis=0)[::half]))

    def features(self, meter: BarMeter) -> tuple[NDArray[np.int64], Float64]:
        """Return (starts in cells, features) of the hypotheses in `meter`."""
        cells = round(meter.beats * CELLS_PER_BEAT)
        bars = max(1.0, self.size / cells)
        padded = np.pad(self.hits, ((0, 0), (0, -self.size % cells)))
        profile = padded.reshape(_CLASS_COUNT, -1, cells).sum(axis=1) / bars
        steps = (3, 4) if meter.division == 2 else (4,)
        starts = np.array([s for s in range(cells) if any(s % step == 0 for step in steps)])
        rolled = np.stack([np.roll(profile, -s, axis=1) for s in starts])
        masks = _masks(meter)
        rates = np.minimum(rolled @ (masks / masks.sum(axis=1, keepdims=True)).T, _MAX_RATE)
        total = profile.sum(axis=1)[:, np.newaxis] + 1e-9
        shares = rolled @ masks.T / total
        at_start = ((self.first - starts) % cells == 0).astype(float)
        before = ((starts - self.first) % cells <= CELLS_PER_BEAT).astype(float)
        folded = np.concatenate([rates, shares], axis=1).reshape(len(starts), -1)
        blank = np.zeros_like(folded)
        by_division = [folded, blank] if meter.division == 2 else [blank, folded]
        by_division += self._slots(meter, rolled)
        by_start = np.concatenate([*by_division, np.stack([at_start, before], axis=1)], axis=1)
        common = np.tile(self._common(meter), (len(starts), 1))
        return starts, np.concatenate([by_start, common], axis=1)

    def _slots(self, meter: BarMeter, rolled: Float64) -> list[Float64]:
        """Return the rates of bass drum, snare and cymbals on each sixteenth of a bar, by meter.

        Eighths in compound meters; zeros in the columns of other meters.
        """
        out = []
        for other in METERS:
            step = CELLS_PER_BEAT // 4 if other.division == 2 else CELLS_PER_BEAT // 3
            size = round(3 * other.beats * CELLS_PER_BEAT) // step
            if other == meter:
                slots = rolled[:, (0, 1, 3), ::step].reshape(len(rolled), size)
                out.append(np.minimum(slots, _MAX_RATE))
            else:
                out.append(np.zeros((len(rolled), size)))
        return out

    def _common(self, meter: BarMeter) -> Float64:
        """Return the features that all hypotheses of one meter and tempo share."""
        bar = self._similarity_after(meter.beats)
        rival = self._similarity_after(4 if meter.beats == 3 else 3)
        lags = (1, 2, 2 * meter.beats)
        similarity = [bar, bar - rival, *(self._similarity_after(beats) for beats in lags)]
        tempo = np.exp(-0.5 * ((np.log2(self.bpm) - _TEMPO_CENTRES_LOG2) / 0.375) ** 2)
        kind = np.array([float(meter == other) for other in METERS])
        compound = meter.division == 3
        by_kind = np.outer([float(not compound), float(compound)], tempo).ravel()
        density = np.array([self.density, self.density**2])
        by_density = np.outer([1.0, float(compound), float(meter.beats == 3)], density).ravel()
        return np.concatenate([*similarity, kind, by_kind, by_density])


@cache
def _masks(meter: BarMeter) -> Float64:
    """Return which cells of a bar belong to each metrical position: (n_positions, n_cells)."""
    cells = round(meter.beats * CELLS_PER_BEAT)
    axis = np.arange(cells)
    beat, part = axis // CELLS_PER_BEAT, axis % CELLS_PER_BEAT
    backbeats: dict[tuple[float, int], tuple[int, ...]] = {
        (4, 2): (1, 3),
        (3, 2): (1, 2),
        (2, 3): (1,),
        (4, 3): (1, 3),
    }
    back = np.isin(
        beat, backbeats.get((meter.beats, meter.division), range(1, round(meter.beats), 2))
    )
    on = part == 0
    middle = on & ~back & (beat > 0)
    strong, fine, other = (6, (3, 9), (4, 8)) if meter.division == 2 else (4, (8,), (6,))
    groups = [
        on & (beat == 0),
        on & back,
        middle if middle.any() else on & (beat == 0) & False,
        part == strong,
        np.isin(part, fine),
        np.isin(part, other),
        ~np.isin(part, (0, strong, *fine, *other)),
        beat == meter.beats - 1,
        (beat == meter.beats - 1) & (part >= CELLS_PER_BEAT // 2),
    ]
    masks = np.array(groups, float)
    masks[masks.sum(axis=1) == 0, 0] = 1e-9
    return masks
