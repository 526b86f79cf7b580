"""Tempo: periodicities of the onset curves, an explicit octave decision, and a confidence.

For every beat period T on a grid the score is
    max(0, mean autocorrelation at T, 2T, 4T − 0.3 · that at 2T/3, 4T/3) · √|Fourier(1/T)| · prior,
averaged over nine onset curves and over windows of 30 s. Families of tempi come out clearly;
which octave of the family a listener taps is decided afterwards with other evidence.
Sources: Percival & Tzanetakis, "Streamlined tempo estimation" (2014); Peeters (2007) for the
product of autocorrelation and Fourier transform; Ellis (2007) for the log-normal prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import fft

from indexer.mir import onset
from indexer.mir.spectrum import FRAME_RATE_HZ

MIN_BPM, MAX_BPM = 40.0, 265.0
GRID_BPM = np.geomspace(MIN_BPM, MAX_BPM, 500)
"""Steps of 0.4 %, a tenth of the tolerance of tempo evaluations."""
BETWEEN_BEATS_PENALTY = 0.3
PRIOR_BPM = 110.0
PRIOR_OCTAVES = 0.9
WINDOW_S = 30.0
MAX_WINDOWS = 8
"""Beyond four minutes of evidence the answer does not change; windows are spread evenly."""
SHORTEST_S = 3.0
SAME_TEMPO = 0.04
FAST_TAG, SLOW_TAG = "mtt:fast", "mtt:slow"


@dataclass(frozen=True, slots=True)
class TempoReading:
    """Tempo before beats are tracked: as `types.Tempo`, with the windows' own tempi."""

    bpm: float | None
    alternative: float | None
    confidence: float
    window_bpms: tuple[float, ...] = ()


def _windows(n_frames: int) -> list[slice]:
    length = int(WINDOW_S * FRAME_RATE_HZ)
    if n_frames < 1.5 * length:
        return [slice(0, n_frames)]
    count = min(n_frames // length, MAX_WINDOWS)
    starts = np.linspace(0, n_frames - length, count).astype(int)
    return [slice(s, s + length) for s in starts]


def _autocorrelation(curves: np.ndarray) -> np.ndarray:
    """Unbiased, lag 0 = 1: float, (n_curves, n // 2)."""
    n = curves.shape[1]
    centred = curves - curves.mean(axis=1, keepdims=True)
    size = fft.next_fast_len(2 * n, real=True)
    spectra = fft.rfft(centred, size, axis=1)
    raw = fft.irfft(np.square(np.abs(spectra)), size, axis=1)[:, : n // 2]
    unbiased = raw / (n - np.arange(n // 2))
    first = unbiased[:, :1]
    return np.divide(unbiased, first, out=np.zeros_like(unbiased), where=first > 1e-9)


def _sample(rows: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Mean over rows, linearly interpolated; 0 beyond the end."""
    mean = rows.mean(axis=0)
    return np.interp(positions, np.arange(len(mean)), mean, right=0.0)


def periodicity(curves: np.ndarray) -> np.ndarray:
    """Score of each tempo of `GRID_BPM` before the prior, float (500,), ≥ 0, for one window."""
    lags = 60 * FRAME_RATE_HZ / GRID_BPM
    correlation = _autocorrelation(curves)
    on_beat = np.mean([_sample(correlation, lags * m) for m in (1, 2, 4)], axis=0)
    between = np.mean([_sample(correlation, lags * m) for m in (2 / 3, 4 / 3)], axis=0)
    comb = np.maximum(on_beat - BETWEEN_BEATS_PENALTY * between, 0)
    n = curves.shape[1]
    size = fft.next_fast_len(4 * n, real=True)
    window = np.hanning(n)
    centred = (curves - curves.mean(axis=1, keepdims=True)) * window
    magnitude = np.abs(fft.rfft(centred, size, axis=1)) / n
    return comb * np.sqrt(_sample(magnitude, GRID_BPM / 60 * size / FRAME_RATE_HZ))


def log_prior(bpm: np.ndarray | float, *, centre: float = PRIOR_BPM) -> np.ndarray:
    """Log-normal preference of listeners for middle tempi; 1 at the centre."""
    octaves = np.log2(np.asarray(bpm) / centre) / PRIOR_OCTAVES
    return np.exp(-0.5 * np.square(octaves))
