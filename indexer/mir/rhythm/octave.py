"""Metrical level of the beat: probabilities of related tempi.

Periodicity at a tempo T comes with periodicity at T/2, 2T, 3T, 2T/3, …. Each candidate is
described by
- the height of its periodicity, whether it is related to the highest by 1, 2, 3, ½ or ⅓, and its
  distance from a usual tempo,
- the autocorrelation, at lags of ⅛ to 8 beats, of all bands, of the low, middle and high bands, of
  the drum alternation (low band less snare band: kick and snare alternate on the beats, so that it
  is negative at one beat and positive at two) and of the timbre of onsets (each band less the mean
  of the bands).
A conditional logit over the candidates gives probabilities. Its weights (`octave.json`) are made by
`python -m training.mir.octave_weights` from drummers' performances, composed game music and
generated songs of known tempo; the header of the file lists them.
Source of the idea: Percival & Tzanetakis, "Streamlined tempo estimation based on autocorrelation
and cross-correlation with pulses" (2014).
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
"""Standard deviation of the log-normal prior that selects peaks: too wide to select an octave."""
LOWEST_BPM, HIGHEST_BPM = 45.0, 250.0
"""Range of the candidates."""
MAX_PEAKS = 4
RATIOS = (1 / 2, 2, 1 / 3, 3, 2 / 3, 3 / 2, 1 / 4, 4)
"""Candidates added relative to the highest peak: duple, triple and compound metrical levels."""
FAMILY = (1.0, 2.0, 3.0, 1 / 2, 1 / 3)
FAMILY_TOLERANCE = 0.04
"""Relative difference from such a multiple of the highest tempo at which a candidate is related."""
SNAP_TOLERANCE = 0.03
"""A candidate moves to the highest score within this relative difference."""
MIN_SEPARATION = 0.035
"""Candidates with a smaller relative difference are one."""
LAGS_BEATS = (1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4, 6, 8)
BANDS = slice(0, 7)
"""Rows of the onset curves that are single bands."""
TIMBRE_SIGMA_FRAMES = 2.5
DRUM_SIGMA_FRAMES = 3.0
"""Gaussian smoothing, about 30 ms: tolerance between kick and snare."""
CURVE_SIGMA_FRAMES = 1.0
TEMPERATURE = 1.3
"""Divides the logits: calibrates probabilities (of 425 estimates at .9 or more, on music from
sources not used in the fit, .96 were right)."""
MIN_SCORE = 0.02
"""Added to relative scores before the logarithm."""
CURVES = ("alternation", "all_bands", "low_bands", "middle_bands", "high_bands", "sound")
FEATURES = (
    "periodicity",
    "kin_of_highest",
    "tempo",
    "tempo_squared",
    *(f"{curve}_{lag:.2f}" for curve in CURVES for lag in LAGS_BEATS),
)


@dataclass(frozen=True, slots=True)
class TempoEvidence:
    """Periodicity of a track, from which the metrical level is estimated.

    Attributes:
        grid_bpm: float64, (n_tempi,), ascending.
        scores: float64, (n_tempi,), periodicity of each tempo, ≥ 0.
        correlations: float64, (6, n_lags), autocorrelation by lag in frames: of the five
            `drum_curves`, then of `timbre_curves`, summed over the bands.
    """

    grid_bpm: np.ndarray
    scores: np.ndarray
    correlations: np.ndarray


@cache
def weights() -> np.ndarray:
    """Load the weight of each of `FEATURES`, float64 (94,)."""
    by_name = json.loads(FILE.read_text(encoding="utf-8"))["weights"]
    return np.array([by_name[name] for name in FEATURES])


def drum_curves(novelty: np.ndarray) -> np.ndarray:
    """Compute the drum alternation and the means of all, low, middle and high bands.

    Args:
        novelty: float32, (9, n_frames), from `onset.novelty`.

    Returns:
        float32, (5, n_frames).
    """
    low = novelty[LOW_CURVES].mean(axis=0)
    snare = np.sqrt(novelty[MID_CURVES].mean(axis=0) * novelty[HIGH_CURVES].mean(axis=0))
    blurred = [
        _unit_variance(ndimage.gaussian_filter1d(c, DRUM_SIGMA_FRAMES)) for c in (low, snare)
    ]
    groups = (novelty, novelty[LOW_CURVES], novelty[MID_CURVES], novelty[HIGH_CURVES])
    curves = np.stack([blurred[0] - blurred[1], *(group.mean(axis=0) for group in groups)])
    return ndimage.gaussian_filter1d(curves, CURVE_SIGMA_FRAMES, axis=1)


def timbre_curves(novelty: np.ndarray) -> np.ndarray:
    """Compute each band less the mean of the bands, float32 (7, n_frames).

    They tell drums apart that have the same energy in one band, such as a kick and a snare of white
    noise in the low band.
    """
    blurred = ndimage.gaussian_filter1d(novelty[BANDS], TIMBRE_SIGMA_FRAMES, axis=1)
    return blurred - blurred.mean(axis=0)


def candidates_bpm(grid_bpm: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return candidate tempi in BPM: the highest peaks, and multiples of the highest peak."""
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
        near = np.flatnonzero(np.abs(grid_bpm / option - 1) < SNAP_TOLERANCE)
        bpm = float(grid_bpm[near[int(np.argmax(scores[near]))]])
        if all(abs(bpm / other - 1) > MIN_SEPARATION for other in found):
            found.append(bpm)
    return np.array(found)


def describe(evidence: TempoEvidence, bpms: np.ndarray) -> np.ndarray:
    """Compute the `FEATURES` of each candidate tempo, float64 (n_candidates, 94)."""
    top = max(float(evidence.scores.max()), 1e-12)
    height = np.interp(bpms, evidence.grid_bpm, evidence.scores) / top
    octaves = np.log2(bpms / CENTRE_BPM)
    shares = bpms / float(evidence.grid_bpm[int(np.argmax(evidence.scores))])
    related = np.abs(shares[:, None] / np.array(FAMILY) - 1).min(axis=1) <= FAMILY_TOLERANCE
    columns = [np.log(height + MIN_SCORE), related.astype(float), octaves, np.square(octaves)]
    lags = np.outer(LAGS_BEATS, 60 * FRAME_RATE_HZ / bpms)
    frames = np.arange(evidence.correlations.shape[1])
    while (lags > frames[-1]).any():
        # beyond the end of a short excerpt: periodic music correlates at half the lag too
        lags = np.where(lags > frames[-1], lags / 2, lags)
    for row in evidence.correlations:
        columns += list(np.interp(lags, frames, row))
    return np.stack(columns, axis=1)


def rank_candidates(evidence: TempoEvidence) -> tuple[np.ndarray, np.ndarray]:
    """Return candidate tempi in BPM and the probability of each, two float64 (n_candidates,)."""
    bpms = candidates_bpm(evidence.grid_bpm, evidence.scores)
    if len(bpms) == 0:
        return bpms, bpms
    logits = describe(evidence, bpms) @ weights() / TEMPERATURE
    likelihood = np.exp(logits - logits.max())
    return bpms, likelihood / likelihood.sum()


def _unit_variance(curve: np.ndarray) -> np.ndarray:
    return curve / max(float(curve.std()), 1e-6)
