"""Tempo: periodicity of the onset curves, then the metrical level, with a confidence.

For every beat period T on a grid the score is
    max(0, mean autocorrelation at T, 2T, 4T − 0.3 · that at 2T/3, 4T/3) · √|Fourier(1/T)|,
averaged over nine onset curves and over windows of 30 s. `indexer.mir.rhythm.octave` selects one of
the related tempi that have high scores.
Sources: Percival & Tzanetakis, "Streamlined tempo estimation" (2014); Peeters (2007) for the
product of autocorrelation and Fourier transform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import fft, ndimage

from indexer.mir.rhythm import octave, onset
from indexer.mir.signal.spectrum import FRAME_RATE_HZ

VERSION: Final = 4
"""Raised with every change of tempo, beats or tempo stability; see `indexer.mir.stage_versions`."""

MIN_BPM, MAX_BPM = 40.0, 265.0
"""Range of estimates."""
GRID_BPM = np.geomspace(MIN_BPM, MAX_BPM, 500)
"""Steps of 0.4 %, a tenth of the tolerance of tempo evaluations."""
BETWEEN_BEATS_PENALTY = 0.3
"""Weight of the autocorrelation at ⅔ and 1⅓ periods, which is subtracted."""
SMOOTHING_SIGMA_FRAMES = 2.0
"""20 ms: tolerance for the timing of performers."""
WINDOW_S = 30.0
MAX_WINDOWS = 8
"""More than four minutes do not change the estimate; windows are spread evenly."""
MIN_DURATION_S = 3.0
"""Shorter audio has no tempo."""
MAX_LAG_S = 13.0
"""Somewhat more than eight beats at the lowest candidate tempo."""
MAX_LAG_SHARE = 0.85
"""Longest lag relative to the length of an excerpt: beyond, too few frames overlap."""
SAME_TEMPO = 0.04
"""Relative difference up to which two tempi count as equal, as in tempo evaluations."""


@dataclass(frozen=True, slots=True)
class TempoEstimate:
    """Tempo without beats; fields as in `types.Tempo`."""

    bpm: float | None
    alternative: float | None
    confidence: float


def _windows(n_frames: int) -> list[slice]:
    """Up to `MAX_WINDOWS` windows of `WINDOW_S`; one of all frames where they are few."""
    length = int(WINDOW_S * FRAME_RATE_HZ)
    if n_frames < 1.5 * length:
        return [slice(0, n_frames)]
    count = min(n_frames // length, MAX_WINDOWS)
    starts = np.linspace(0, n_frames - length, count).astype(int)
    return [slice(s, s + length) for s in starts]


def _autocorrelation(curves: np.ndarray) -> np.ndarray:
    """Unbiased autocorrelation, 1 at lag 0: float, (n_curves, n_lags)."""
    return _divided_by_lag_0(_covariance(curves))


def _divided_by_lag_0(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their first value; 0 where that is 0."""
    first = rows[:, :1]
    return np.divide(rows, first, out=np.zeros_like(rows), where=first > 1e-9)


def _covariance(curves: np.ndarray) -> np.ndarray:
    """Unbiased autocovariance by lag in frames: float, (n_curves, n_lags)."""
    n = curves.shape[1]
    lags = np.arange(int(min(MAX_LAG_SHARE * n, MAX_LAG_S * FRAME_RATE_HZ)))
    centred = curves - curves.mean(axis=1, keepdims=True)
    size = int(fft.next_fast_len(2 * n, real=True) or 2 * n)
    spectra = np.asarray(fft.rfft(centred, size, axis=1))
    raw = np.asarray(fft.irfft(np.square(np.abs(spectra)), size, axis=1))[:, : len(lags)]
    return raw / (n - lags)


def _sample(rows: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Mean over rows, interpolated linearly at `positions`; 0 beyond the end."""
    mean = rows.mean(axis=0)
    return np.interp(positions, np.arange(len(mean)), mean, right=0.0)


def periodicity(curves: np.ndarray) -> np.ndarray:
    """Score each tempo of `GRID_BPM` in one window, float64 (500,), ≥ 0.

    Args:
        curves: float32, (9, n_frames), smoothed novelty.
    """
    lags = 60 * FRAME_RATE_HZ / GRID_BPM
    correlation = _autocorrelation(curves)
    on_beat = np.mean([_sample(correlation, lags * m) for m in (1, 2, 4)], axis=0)
    between = np.mean([_sample(correlation, lags * m) for m in (2 / 3, 4 / 3)], axis=0)
    comb = np.maximum(on_beat - BETWEEN_BEATS_PENALTY * between, 0)
    n = curves.shape[1]
    size = int(fft.next_fast_len(4 * n, real=True) or 4 * n)
    window = np.hanning(n)
    centred = (curves - curves.mean(axis=1, keepdims=True)) * window
    magnitude = np.abs(np.asarray(fft.rfft(centred, size, axis=1))) / n
    return comb * np.sqrt(_sample(magnitude, GRID_BPM / 60 * size / FRAME_RATE_HZ))


def estimate_tempo(curves: np.ndarray, novelty: np.ndarray) -> TempoEstimate:
    """Estimate the tempo of a track.

    Args:
        curves: float32, (9, n_frames), from `spectrum.scan`.
        novelty: float32, (9, n_frames), from `onset.novelty`.

    Returns:
        Without a pulse, `bpm` is None and the confidence 0.
    """
    n_frames = novelty.shape[1]
    if n_frames < MIN_DURATION_S * FRAME_RATE_HZ or float(novelty.max(initial=0.0)) <= 0:
        return TempoEstimate(None, None, 0.0)
    if float(curves.mean()) < onset.MIN_MEAN_RISE:
        return TempoEstimate(None, None, 0.0)
    evidence = collect_evidence(novelty)
    if float(evidence.scores.max()) <= 0:
        return TempoEstimate(None, None, 0.0)
    bpms, probabilities = octave.rank_candidates(evidence)
    best = int(np.argmax(probabilities))
    bpm = refine_tempo(novelty, float(bpms[best]))
    return TempoEstimate(bpm, _alternative(bpms, probabilities, bpm), float(probabilities[best]))


def collect_evidence(novelty: np.ndarray) -> octave.TempoEvidence:
    """TempoEvidence for the octave, the mean of the windows."""
    parts = _windows(novelty.shape[1])
    smooth = ndimage.gaussian_filter1d(novelty, SMOOTHING_SIGMA_FRAMES, axis=1)
    scores = np.mean([_unit_peak(periodicity(smooth[:, part])) for part in parts], axis=0)
    drums, timbre = octave.drum_curves(novelty), octave.timbre_curves(novelty)
    by_curve = np.mean([_autocorrelation(drums[:, part]) for part in parts], axis=0)
    summed = np.mean(
        [
            _divided_by_lag_0(_covariance(timbre[:, part]).sum(axis=0, keepdims=True))
            for part in parts
        ],
        axis=0,
    )
    correlations = np.concatenate([by_curve, summed])
    return octave.TempoEvidence(GRID_BPM, scores, correlations)


def refine_tempo(novelty: np.ndarray, bpm: float) -> float:
    """Refine an estimate at lags of four and eight beats, where its error is multiplied."""
    correlation = _autocorrelation(novelty[:, : int(4 * WINDOW_S * FRAME_RATE_HZ)])
    for multiple in (4, 8):
        lag = 60 * FRAME_RATE_HZ / bpm * multiple
        if 1.02 * lag > correlation.shape[1]:
            break
        factors = np.linspace(1 - 0.06 / multiple, 1 + 0.06 / multiple, 61)
        heights = _sample(correlation, lag * factors)
        bpm = bpm / float(factors[int(np.argmax(heights))])
    return float(np.clip(bpm, MIN_BPM, MAX_BPM))


def _unit_peak(values: np.ndarray) -> np.ndarray:
    """`values` divided by their maximum; unchanged where that is 0."""
    top = float(values.max())
    return values / top if top > 0 else values


def _alternative(bpms: np.ndarray, probabilities: np.ndarray, bpm: float) -> float | None:
    """Half or double of `bpm`, whichever is more probable; on a tie the one nearer to 110 BPM."""
    options = [c for c in (bpm / 2, bpm * 2) if MIN_BPM <= c <= MAX_BPM]
    if not options:
        return None

    def rank(option: float) -> tuple[float, float]:
        same = np.abs(bpms / option - 1) <= SAME_TEMPO
        return float(probabilities[same].sum()), -abs(np.log2(option / octave.CENTRE_BPM))

    return max(options, key=rank)


def pulse_clarity(novelty: np.ndarray, *, bpm: float | None) -> float:
    """Return the clarity of the pulse, 0..1: mean autocorrelation at lags of one and two beats."""
    if bpm is None or novelty.shape[1] < MIN_DURATION_S * FRAME_RATE_HZ:
        return 0.0
    correlation = _autocorrelation(novelty[:, : int(4 * WINDOW_S * FRAME_RATE_HZ)])
    lag = 60 * FRAME_RATE_HZ / bpm
    return float(np.clip(_sample(correlation, lag * np.array([1.0, 2.0])).mean(), 0, 1))
