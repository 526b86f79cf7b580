"""Which of the tempi of a family is the beat: evidence, weighed to a probability.

A pulse at T comes with others at T/2, 2T, 3T, 2T/3, …. Each candidate is described by
- how strong its periodicity is, whether it is of the family of the strongest, and where it lies
  among usual tempi,
- the autocorrelation of all bands, of the low, middle and high ones, of the alternation of drums
  (low band less snare band: kick and snare take turns on the beats, so that it is negative a beat
  away and positive two beats away) and of the sound of strokes (each band less the mean of the
  bands) at ⅛ to 8 beats.
A conditional logit over the candidates weighs them. The weights are data (`octave.json`), made by
`python -m benchmarks.octave_weights` from performances of real drummers, composed game music and
generated songs, whose tempi are exact; its header says which. Source of the idea: Percival &
Tzanetakis (2014).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy import ndimage

from indexer.mir.rhythm.onset import HIGH_CURVES, LOW_CURVES, MID_CURVES
from indexer.mir.signal.spectrum import FRAME_RATE_HZ

FILE = Path(__file__).with_name("octave.json")
CENTRE_BPM = 110.0
PRIOR_OCTAVES = 0.9
"""Peaks are looked for under a wide log-normal; it hardly favours any octave."""
LOWEST_BPM, HIGHEST_BPM = 45.0, 250.0
MAX_PEAKS = 4
RATIOS = (1 / 2, 2, 1 / 3, 3, 2 / 3, 3 / 2, 1 / 4, 4)
"""Readings of one pulse: halves and doubles, and the beats of three and six."""
FAMILY = (1.0, 2.0, 3.0, 1 / 2, 1 / 3)
KIN = 0.04
"""Within 4 % of these shares of the tempo with the highest score, a candidate is of its family."""
SNAP = 0.03
APART = 0.035
"""Related tempi take the highest score within 3 %; closer ones than 3.5 % are the same."""
LAGS_BEATS = (1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4, 6, 8)
BANDS = slice(0, 7)
SOUND_BLUR_FRAMES = 2.5
DRUM_BLUR_FRAMES = 3.0
"""Kick and snare are compared within 30 ms."""
CURVE_BLUR_FRAMES = 1.0
TEMPERATURE = 1.3
"""Softens the probabilities: of 425 readings at .9 or more of music from sources that were not
fitted on, .96 were right."""
LEAST_SCORE = 0.02
CURVES = ("alternation", "all_bands", "low_bands", "middle_bands", "high_bands", "sound")
FEATURES = (
    "periodicity",
    "kin_of_highest",
    "tempo",
    "tempo_squared",
    *(f"{curve}_{lag:.2f}" for curve in CURVES for lag in LAGS_BEATS),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a track before the octave is decided.

    Attributes:
        grid_bpm: float, (n,), ascending tempi.
        scores: float, (n,), periodicity of each, ≥ 0.
        correlations: float, (6, n_lags), autocorrelations by frame of `drum_curves` and, over all
            bands together, of `sound_curves`.
    """

    grid_bpm: np.ndarray
    scores: np.ndarray
    correlations: np.ndarray


@cache
def weights() -> np.ndarray:
    """Weight of each of `FEATURES`, float (94,)."""
    by_name = json.loads(FILE.read_text(encoding="utf-8"))["weights"]
    return np.array([by_name[name] for name in FEATURES])


def drum_curves(novelty: np.ndarray) -> np.ndarray:
    """Alternation of low and snare bands; means of all, low, middle, high bands: (5, n_frames).

    Args:
        novelty: float32, (9, n_frames), from `onset.novelty`.
    """
    low = novelty[LOW_CURVES].mean(axis=0)
    snare = np.sqrt(novelty[MID_CURVES].mean(axis=0) * novelty[HIGH_CURVES].mean(axis=0))
    blurred = [_unit(ndimage.gaussian_filter1d(c, DRUM_BLUR_FRAMES)) for c in (low, snare)]
    groups = (novelty, novelty[LOW_CURVES], novelty[MID_CURVES], novelty[HIGH_CURVES])
    curves = np.stack([blurred[0] - blurred[1], *(group.mean(axis=0) for group in groups)])
    return ndimage.gaussian_filter1d(curves, CURVE_BLUR_FRAMES, axis=1)


def sound_curves(novelty: np.ndarray) -> np.ndarray:
    """How each band differs from the mean of the bands, float (7, n_frames): which drum it was.

    A snare of white noise has as much bass as a kick; only all bands together tell them apart.
    """
    blurred = ndimage.gaussian_filter1d(novelty[BANDS], SOUND_BLUR_FRAMES, axis=1)
    return blurred - blurred.mean(axis=0)


def candidates_bpm(grid_bpm: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Tempi to choose from: the highest peaks, and the relatives of the highest."""
    prior = np.exp(-0.5 * np.square(np.log2(grid_bpm / CENTRE_BPM) / PRIOR_OCTAVES))
    heights = scores * prior
    middle = heights[1:-1]
    peaks = 1 + np.flatnonzero((middle >= heights[:-2]) & (middle > heights[2:]))
    highest = peaks[np.argsort(-heights[peaks], kind="stable")][:MAX_PEAKS]
    if len(highest) == 0:
        highest = np.array([int(np.argmax(heights))])
    options = [*grid_bpm[highest], *(grid_bpm[highest[0]] * r for r in RATIOS)]
    found: list[float] = []
    for option in options:
        if not LOWEST_BPM <= option <= HIGHEST_BPM:
            continue
        near = np.flatnonzero(np.abs(grid_bpm / option - 1) < SNAP)
        bpm = float(grid_bpm[near[int(np.argmax(scores[near]))]])
        if all(abs(bpm / other - 1) > APART for other in found):
            found.append(bpm)
    return np.array(found)


def describe(evidence: Evidence, bpms: np.ndarray) -> np.ndarray:
    """Features of each candidate, float (n_candidates, 94), in the order of `FEATURES`."""
    top = max(float(evidence.scores.max()), 1e-12)
    height = np.interp(bpms, evidence.grid_bpm, evidence.scores) / top
    octaves = np.log2(bpms / CENTRE_BPM)
    shares = bpms / float(evidence.grid_bpm[int(np.argmax(evidence.scores))])
    kin = np.abs(shares[:, None] / np.array(FAMILY) - 1).min(axis=1) <= KIN
    columns = [np.log(height + LEAST_SCORE), kin.astype(float), octaves, np.square(octaves)]
    lags = np.outer(LAGS_BEATS, 60 * FRAME_RATE_HZ / bpms)
    frames = np.arange(evidence.correlations.shape[1])
    while (lags > frames[-1]).any():
        # a short excerpt does not reach so far: what is periodic repeats at half the distance
        lags = np.where(lags > frames[-1], lags / 2, lags)
    for row in evidence.correlations:
        columns += list(np.interp(lags, frames, row))
    return np.stack(columns, axis=1)


def decide(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Candidates and the probability of each to be the beat; both empty without any."""
    bpms = candidates_bpm(evidence.grid_bpm, evidence.scores)
    if len(bpms) == 0:
        return bpms, bpms
    worth = describe(evidence, bpms) @ weights() / TEMPERATURE
    shares = np.exp(worth - worth.max())
    return bpms, shares / shares.sum()


def _unit(curve: np.ndarray) -> np.ndarray:
    return curve / max(float(curve.std()), 1e-6)
