"""Meter estimation: beat length, time signature and first downbeat from a pulse and onsets.

A hypothesis takes a simple multiple or part of the pulse as the beat, a meter (4/4, 3/4, 6/8 or
12/8) and a bar line on the grid. A log-linear model of its features (`meter_features.py`) with the
weights in `meter_hypotheses.json`, fitted by `benchmarks/meter_weights.py`, gives its
log-likelihood. 5/4 and 7/8 are considered only where onsets repeat after such a bar more than after
other lags.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from indexer.arrays import Float64
from indexer.drums.beat.bar_meter import IRREGULAR_METERS, METERS, BarMeter
from indexer.drums.beat.downbeats import CELLS_PER_BEAT
from indexer.drums.beat.meter_features import EQUAL_SIMILARITY, FoldedOnsets
from indexer.drums.types import Onset

FILE: Final = Path(__file__).with_name("meter_hypotheses.json")
RATIOS: Final = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0)
"""Lengths of the beat in pulses."""
_BPM_RANGE: Final = {2: (40.0, 240.0), 3: (30.0, 140.0)}
"""Beats a minute that are felt as beats, by their division."""
_IRREGULAR_RATIOS: Final = (1.0, 0.5, 2.0, 0.75, 1.5)
"""Lengths of the beat relative to that of the most likely regular hypothesis."""
_IRREGULAR_BPM: Final = (70.0, 200.0)
_MIN_PROMINENCE: Final = 0.08
"""Least prominence of the similarity after an irregular bar; 4/4 and 3/4 have less."""
_MIN_ON_GRID_SHARE: Final = 0.7
"""Least share of the onsets on sixteenths or triplets of the right beat."""


@dataclass(frozen=True, slots=True)
class MeterHypothesis:
    """A possible interpretation of the pulse.

    Attributes:
        meter: Of the bars.
        ratio: Length of the beat in pulses.
        start: Position of a bar line, in pulses.
    """

    meter: BarMeter
    ratio: float
    start: float


def list_hypotheses(
    positions: Float64,
    onsets: tuple[Onset, ...],
    *,
    pulse_bpm: float,
    meters: tuple[BarMeter, ...] = METERS,
    ratios: tuple[float, ...] = RATIOS,
) -> tuple[list[MeterHypothesis], Float64]:
    """Return all hypotheses and their features: float64, (n_hypotheses, n_features).

    Args:
        positions: float64, (n_onsets,): onset positions in pulses.
        onsets: The onsets.
        pulse_bpm: Pulses a minute.
        meters: Meters of the hypotheses.
        ratios: Lengths of the beat in pulses.
    """
    found: list[MeterHypothesis] = []
    rows: list[Float64] = []
    for ratio in ratios:
        bpm = pulse_bpm / ratio
        origin = float(np.floor(positions.min() / ratio)) * ratio
        folded = FoldedOnsets(positions - origin, onsets, ratio, bpm)
        for meter in meters:
            low, high = _BPM_RANGE[meter.division]
            if not low <= bpm <= high and len(ratios) > 1:
                continue
            starts, features = folded.features(meter)
            found += [
                MeterHypothesis(meter, ratio, origin + float(start) * ratio / CELLS_PER_BEAT)
                for start in starts
            ]
            rows.append(features)
    return found, np.concatenate(rows) if rows else np.zeros((0, 0))


def find_irregular(
    positions: Float64, onsets: tuple[Onset, ...], *, pulse_bpm: float, ratio: float
) -> MeterHypothesis | None:
    """Return a prominent hypothesis in 5/4 or 7/8, or None.

    Args:
        positions: float64, (n_onsets,): onset positions in pulses.
        onsets: The onsets.
        pulse_bpm: Pulses a minute.
        ratio: Length of the beat in pulses in the most likely regular hypothesis.
    """
    found: list[tuple[float, float, MeterHypothesis]] = []
    for factor in _IRREGULAR_RATIOS:
        length = ratio * factor
        bpm = pulse_bpm / length
        if not _IRREGULAR_BPM[0] <= bpm <= _IRREGULAR_BPM[1]:
            continue
        origin = float(np.floor(positions.min() / length)) * length
        folded = FoldedOnsets(positions - origin, onsets, length, bpm)
        for meter in IRREGULAR_METERS:
            prominence = folded.prominence(meter)
            if prominence > _MIN_PROMINENCE and folded.on_grid_share() > _MIN_ON_GRID_SHARE:
                start = origin + folded.most_likely_start(meter) * length / CELLS_PER_BEAT
                hypothesis = MeterHypothesis(meter, length, start)
                found.append((prominence, length * meter.beats, hypothesis))
    most = max((prominence for prominence, _, _ in found), default=0.0)
    prominent = [one for one in found if one[0] > most - EQUAL_SIMILARITY]
    return min(prominent, key=lambda one: one[1])[2] if prominent else None


@cache
def _weights() -> tuple[Float64, Float64]:
    """Read (weights, scales by which the features are divided)."""
    data = json.loads(FILE.read_text("utf-8"))
    return np.array(data["weights"]), np.array(data["spreads"])


def log_likelihoods(features: Float64) -> Float64:
    """Return the log-likelihoods of hypotheses, up to a constant: (n_hypotheses,).

    Args:
        features: float64, (n_hypotheses, n_features), from `list_hypotheses`.
    """
    weights, scales = _weights()
    return features / scales @ weights
