"""A pulse and the strokes over it → which bars they make: beat, time signature, first downbeat.

Every reading (the beat a simple multiple or part of the pulse; 4/4, 3/4, 6/8 or 12/8; the bar line
on any place of the grid) folds the strokes into one bar. How often each class falls on the beats,
between them and off the grid, how bars resemble each other, and how fast the beat is, are weighed
by a logistic model (`meter_hypotheses.json`, fitted by `benchmarks/meter_weights.py`); the likeliest reading
wins. 5/4 and 7/8 are read where strokes repeat after such a bar more than after any other time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len

from indexer.arrays import Float64
from indexer.drums.beat import downbeats
from indexer.drums.beat.downbeats import PARTS
from indexer.drums.types import Onset, signature_of

FILE: Final = Path(__file__).with_name("meter_hypotheses.json")
RATIOS: Final = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0)
"""Lengths of the beat in pulses."""
_FAMILIES: Final = {"KD": 0, "SD": 1, "HH": 2, "CY": 3, "TT": 4, "OT": 1}
_CLASSES: Final = 5
_BUMPS_LOG2: Final = np.arange(5.0, 8.01, 0.375)
"""Centres of the bumps over the logarithm of the tempo, 32 to 256 beats a minute."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Beats a bar as they are felt, and whether these divide into two or three.

    In 7/8 a bar is three and a half beats long.
    """

    beats: float
    division: int

    @property
    def signature(self) -> tuple[int, int]:
        """As it is written: (6, 8)."""
        return signature_of(self.beats, self.division)

    @property
    def name(self) -> str:
        """Such as "6/8"."""
        return "{}/{}".format(*self.signature)


METERS: Final = (Meter(4, 2), Meter(3, 2), Meter(2, 3), Meter(4, 3))
"""4/4, 3/4, 6/8 and 12/8."""
ODD: Final = (Meter(5, 2), Meter(3.5, 2))
"""5/4 and 7/8."""
_ODD_RATIOS: Final = (1.0, 0.5, 2.0, 0.75, 1.5)
"""Lengths of the beat beside that of the likeliest common reading."""
_ODD_BPM: Final = (70.0, 200.0)
_STANDS_OUT: Final = 0.08
"""How much more strokes must resemble those one odd bar later than those any other time later:
in 4/4 and 3/4 they do less."""
ODD_REACH_BEATS: Final = 0.5
"""What is around a bar line counts as in 4/4, but not further away."""
_AS_GOOD: Final = 0.2
_ON_GRID: Final = 0.7
"""Share of the strokes on sixteenths or triplets of a beat that is one."""
_OTHER_BEATS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_BPM_RANGE: Final = {2: (40.0, 240.0), 3: (30.0, 140.0)}
"""Beats a minute that are felt as beats, by their division."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to hear the bars: a beat lasts `ratio` pulses, a bar starts at pulse `start`."""

    meter: Meter
    ratio: float
    start: float


def readings(
    places: Float64,
    onsets: tuple[Onset, ...],
    *,
    pulse_bpm: float,
    meters: tuple[Meter, ...] = METERS,
    ratios: tuple[float, ...] = RATIOS,
) -> tuple[list[Reading], Float64]:
    """All readings and what speaks for each: float64, (n_readings, n_features).

    Args:
        places: float64, (n_onsets,): where each onset lies, in pulses.
        onsets: The strokes.
        pulse_bpm: Pulses a minute.
        meters: Time signatures to think of.
        ratios: Lengths of the beat to think of, in pulses.
    """
    found: list[Reading] = []
    rows: list[Float64] = []
    for ratio in ratios:
        bpm = pulse_bpm / ratio
        origin = float(np.floor(places.min() / ratio)) * ratio
        folded = _Folded(places - origin, onsets, ratio, bpm)
        for meter in meters:
            low, high = _BPM_RANGE[meter.division]
            if not low <= bpm <= high and len(ratios) > 1:
                continue
            starts, features = folded.features(meter)
            found += [Reading(meter, ratio, origin + float(s) * ratio / PARTS) for s in starts]
            rows.append(features)
    return found, np.concatenate(rows) if rows else np.zeros((0, 0))


def odd_reading(
    places: Float64, onsets: tuple[Onset, ...], *, pulse_bpm: float, ratio: float
) -> Reading | None:
    """A reading in 5/4 or 7/8 that stands out; None where none does.

    Args:
        places: Where each onset lies, in pulses.
        onsets: The strokes.
        pulse_bpm: Pulses a minute.
        ratio: Length of the beat, in pulses, of the likeliest reading in another meter.
    """
    found: list[tuple[float, float, Reading]] = []
    for factor in _ODD_RATIOS:
        length = ratio * factor
        bpm = pulse_bpm / length
        if not _ODD_BPM[0] <= bpm <= _ODD_BPM[1]:
            continue
        origin = float(np.floor(places.min() / length)) * length
        folded = _Folded(places - origin, onsets, length, bpm)
        for meter in ODD:
            worth = folded.stands_out(meter)
            if worth > _STANDS_OUT and folded.on_grid() > _ON_GRID:
                start = folded.likeliest_start(meter) * length / PARTS
                found.append((worth, length * meter.beats, Reading(meter, length, origin + start)))
    # two bars are as much alike as one
    most = max((worth for worth, _, _ in found), default=0.0)
    good = [one for one in found if one[0] > most - _AS_GOOD]
    return min(good, key=lambda one: one[1])[2] if good else None


class _Folded:
    """The strokes on a grid of twelfths of one beat length."""

    def __init__(
        self, places: Float64, onsets: tuple[Onset, ...], ratio: float, bpm: float
    ) -> None:
        self.bpm = bpm
        cells = np.round(places / ratio * PARTS).astype(int)
        self.size = int(cells.max()) + 1
        self.first = int(cells.min())
        self.classes = np.array([_FAMILIES[o.drum.family] for o in onsets])
        self.cells = cells
        self.weights = np.array([0.3 + 0.7 * o.velocity for o in onsets])
        self.hits = np.zeros((_CLASSES, self.size))
        np.maximum.at(self.hits, (self.classes, cells), self.weights)
        self.blurred = downbeats.blurred_hits(downbeats.classes_of(onsets), cells, self.weights)
        self.likeness = self._likeness()
        self.density = float(np.log2(max(0.05, np.unique(cells).size * PARTS / self.size)))

    def _likeness(self) -> Float64:
        """How alike the passage is to itself some cells later, by class group: (2, n_lags)."""
        out = []
        for rows in ((0, 1, 4), (2, 3)):
            blurred = self.hits[list(rows)].copy()
            blurred[:, 1:] += 0.5 * self.hits[list(rows), :-1]
            blurred[:, :-1] += 0.5 * self.hits[list(rows), 1:]
            blurred -= blurred.mean(axis=1, keepdims=True)
            length = next_fast_len(2 * self.size, real=True)
            spectrum = np.fft.rfft(blurred, length, axis=1)
            lags = np.fft.irfft((np.abs(spectrum) ** 2).sum(axis=0), length)[: self.size]
            shrink = self.size / np.maximum(self.size - np.arange(self.size), self.size / 4)
            out.append(lags * shrink / max(float(lags[0]), 1e-9))
        return np.array(out)

    def _alike(self, beats: float) -> Float64:
        lag = round(beats * PARTS)
        return self.likeness[:, lag] if lag < self.size else np.zeros(2)

    def stands_out(self, meter: Meter) -> float:
        """How much more alike strokes are after a bar of `meter` than after other times."""
        others = [float(self._alike(beats).mean()) for beats in _OTHER_BEATS]
        bar, two = (
            float(self._alike(meter.beats).mean()),
            float(self._alike(2 * meter.beats).mean()),
        )
        return min(bar, max(two, bar - _AS_GOOD)) - max(others)

    def on_grid(self) -> float:
        """Share of what is struck that lies on sixteenths, or on triplets."""
        parts = self.cells % PARTS
        shares = (self.weights[parts % step == 0].sum() for step in (3, 4))
        return float(max(shares) / self.weights.sum())

    def likeliest_start(self, meter: Meter) -> int:
        """The cell of a bar of 5/4 or 7/8 that what stands around it speaks for most."""
        odds = downbeats.log_odds(self.blurred, "4/4", 2, reach_beats=ODD_REACH_BEATS)
        cells = round(meter.beats * PARTS)
        bars = np.pad(odds, (0, -odds.size % cells)).reshape(-1, cells)
        half = PARTS // 2
        return half * int(np.argmax(bars.sum(axis=0)[::half]))

    def features(self, meter: Meter) -> tuple[NDArray[np.int64], Float64]:
        """(starts in cells, features) of the readings in `meter`."""
        cells = round(meter.beats * PARTS)
        bars = max(1.0, self.size / cells)
        padded = np.pad(self.hits, ((0, 0), (0, -self.size % cells)))
        profile = padded.reshape(_CLASSES, -1, cells).sum(axis=1) / bars
        steps = (3, 4) if meter.division == 2 else (4,)
        starts = np.array([s for s in range(cells) if any(s % step == 0 for step in steps)])
        rolled = np.stack([np.roll(profile, -s, axis=1) for s in starts])
        masks = _masks(meter)
        rates = np.minimum(rolled @ (masks / masks.sum(axis=1, keepdims=True)).T, 1.5)
        total = profile.sum(axis=1)[:, np.newaxis] + 1e-9
        shares = rolled @ masks.T / total
        at_start = ((self.first - starts) % cells == 0).astype(float)
        before = ((starts - self.first) % cells <= PARTS).astype(float)
        folded = np.concatenate([rates, shares], axis=1).reshape(len(starts), -1)
        blank = np.zeros_like(folded)
        by_division = [folded, blank] if meter.division == 2 else [blank, folded]
        by_division += self._slots(meter, rolled)
        by_start = np.concatenate([*by_division, np.stack([at_start, before], axis=1)], axis=1)
        common = np.tile(self._common(meter), (len(starts), 1))
        return starts, np.concatenate([by_start, common], axis=1)

    def _slots(self, meter: Meter, rolled: Float64) -> list[Float64]:
        """Bass drum, snare and cymbals on each sixteenth (eighth in 6/8) of a bar, by meter."""
        out = []
        for other in METERS:
            step = PARTS // 4 if other.division == 2 else PARTS // 3
            size = round(3 * other.beats * PARTS) // step
            if other == meter:
                slots = rolled[:, (0, 1, 3), ::step].reshape(len(rolled), size)
                out.append(np.minimum(slots, 1.5))
            else:
                out.append(np.zeros((len(rolled), size)))
        return out

    def _common(self, meter: Meter) -> Float64:
        """What all readings of one meter and tempo share."""
        bar = self._alike(meter.beats)
        rival = self._alike(4 if meter.beats == 3 else 3)
        alike = [bar, bar - rival, self._alike(1), self._alike(2), self._alike(2 * meter.beats)]
        tempo = np.exp(-0.5 * ((np.log2(self.bpm) - _BUMPS_LOG2) / 0.375) ** 2)
        kind = np.array([float(meter == other) for other in METERS])
        compound = meter.division == 3
        by_kind = np.outer([float(not compound), float(compound)], tempo).ravel()
        density = np.array([self.density, self.density**2])
        by_density = np.outer([1.0, float(compound), float(meter.beats == 3)], density).ravel()
        return np.concatenate([*alike, kind, by_kind, by_density])


@cache
def _masks(meter: Meter) -> Float64:
    """Which cells of a bar belong to each group of places: (n_groups, n_cells)."""
    cells = round(meter.beats * PARTS)
    axis = np.arange(cells)
    beat, part = axis // PARTS, axis % PARTS
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
        (beat == meter.beats - 1) & (part >= PARTS // 2),
    ]
    masks = np.array(groups, float)
    masks[masks.sum(axis=1) == 0, 0] = 1e-9
    return masks


@cache
def _weights() -> tuple[Float64, Float64]:
    """(weights, spreads that the features are divided by)."""
    data = json.loads(FILE.read_text("utf-8"))
    return np.array(data["weights"]), np.array(data["spreads"])


def likelihoods(features: Float64) -> Float64:
    """Logarithmic odds of readings, up to a constant: (n_readings,)."""
    weights, spreads = _weights()
    return features / spreads @ weights
