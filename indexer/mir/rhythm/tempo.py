"""Tempo: periodicities of the onset curves, then the octave, and a confidence.

For every beat period T on a grid the score is
    max(0, mean autocorrelation at T, 2T, 4T − 0.3 · that at 2T/3, 4T/3) · √|Fourier(1/T)|,
averaged over nine onset curves and over windows of 30 s. Families of tempi come out clearly;
which one of the family is the beat is decided by `indexer.mir.rhythm.octave`.
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
GRID_BPM = np.geomspace(MIN_BPM, MAX_BPM, 500)
"""Steps of 0.4 %, a tenth of the tolerance of tempo evaluations."""
BETWEEN_BEATS_PENALTY = 0.3
BLUR_FRAMES = 2.0
"""Curves are smoothed by 20 ms, so that beats of people, who are no machines, still coincide."""
WINDOW_S = 30.0
MAX_WINDOWS = 8
"""Beyond four minutes of evidence the answer does not change; windows are spread evenly."""
SHORTEST_S = 3.0
LONGEST_LAG_S = 13.0
"""Eight beats at the slowest tempo to choose from."""
LAG_SHARE = 0.85
"""No longer lags than this share of an excerpt: of the rest too little overlaps."""
SAME_TEMPO = 0.04


@dataclass(frozen=True, slots=True)
class TempoReading:
    """Tempo before beats are tracked: as `types.Tempo`."""

    bpm: float | None
    alternative: float | None
    confidence: float


def _windows(n_frames: int) -> list[slice]:
    length = int(WINDOW_S * FRAME_RATE_HZ)
    if n_frames < 1.5 * length:
        return [slice(0, n_frames)]
    count = min(n_frames // length, MAX_WINDOWS)
    starts = np.linspace(0, n_frames - length, count).astype(int)
    return [slice(s, s + length) for s in starts]


def _autocorrelation(curves: np.ndarray) -> np.ndarray:
    """Unbiased, lag 0 = 1: float, (n_curves, n_lags)."""
    return _unit_start(_covariance(curves))


def _unit_start(rows: np.ndarray) -> np.ndarray:
    first = rows[:, :1]
    return np.divide(rows, first, out=np.zeros_like(rows), where=first > 1e-9)


def _covariance(curves: np.ndarray) -> np.ndarray:
    """With lagged copies of each curve, unbiased: float, (n_curves, n_lags)."""
    n = curves.shape[1]
    lags = np.arange(int(min(LAG_SHARE * n, LONGEST_LAG_S * FRAME_RATE_HZ)))
    centred = curves - curves.mean(axis=1, keepdims=True)
    size = int(fft.next_fast_len(2 * n, real=True) or 2 * n)
    spectra = np.asarray(fft.rfft(centred, size, axis=1))
    raw = np.asarray(fft.irfft(np.square(np.abs(spectra)), size, axis=1))[:, : len(lags)]
    return raw / (n - lags)


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
    size = int(fft.next_fast_len(4 * n, real=True) or 4 * n)
    window = np.hanning(n)
    centred = (curves - curves.mean(axis=1, keepdims=True)) * window
    magnitude = np.abs(np.asarray(fft.rfft(centred, size, axis=1))) / n
    return comb * np.sqrt(_sample(magnitude, GRID_BPM / 60 * size / FRAME_RATE_HZ))


def estimate_tempo(curves: np.ndarray, novelty: np.ndarray) -> TempoReading:
    """Tempo of a track.

    Args:
        curves: float32, (9, n_frames), from `spectrum.scan`.
        novelty: The same after `onset.novelty`.
    """
    n_frames = novelty.shape[1]
    if n_frames < SHORTEST_S * FRAME_RATE_HZ or float(novelty.max(initial=0.0)) <= 0:
        return TempoReading(None, None, 0.0)
    if float(curves.mean()) < onset.LEAST_RISE:
        return TempoReading(None, None, 0.0)
    evidence = gather(novelty)
    if float(evidence.scores.max()) <= 0:
        return TempoReading(None, None, 0.0)
    bpms, chances = octave.decide(evidence)
    best = int(np.argmax(chances))
    bpm = refine(novelty, float(bpms[best]))
    return TempoReading(bpm, _second_octave(bpms, chances, bpm), float(chances[best]))


def gather(novelty: np.ndarray) -> octave.Evidence:
    """Evidence for the octave, the mean of the windows."""
    parts = _windows(novelty.shape[1])
    smooth = ndimage.gaussian_filter1d(novelty, BLUR_FRAMES, axis=1)
    scores = np.mean([_unit_peak(periodicity(smooth[:, part])) for part in parts], axis=0)
    drums, sound = octave.drum_curves(novelty), octave.sound_curves(novelty)
    alone = np.mean([_autocorrelation(drums[:, part]) for part in parts], axis=0)
    together = np.mean(
        [_unit_start(_covariance(sound[:, part]).sum(axis=0, keepdims=True)) for part in parts],
        axis=0,
    )
    correlations = np.concatenate([alone, together])
    return octave.Evidence(GRID_BPM, scores, correlations)


def refine(novelty: np.ndarray, bpm: float) -> float:
    """Exact tempo near a reading, from long lags: a small error grows with every beat."""
    correlation = _autocorrelation(novelty[:, : int(4 * WINDOW_S * FRAME_RATE_HZ)])
    for multiple in (4, 8):
        lag = 60 * FRAME_RATE_HZ / bpm * multiple
        if 1.02 * lag > correlation.shape[1]:
            break
        reach = np.linspace(1 - 0.06 / multiple, 1 + 0.06 / multiple, 61)
        heights = _sample(correlation, lag * reach)
        bpm = bpm / float(reach[int(np.argmax(heights))])
    return float(np.clip(bpm, MIN_BPM, MAX_BPM))


def _unit_peak(values: np.ndarray) -> np.ndarray:
    top = float(values.max())
    return values / top if top > 0 else values


def _second_octave(bpms: np.ndarray, chances: np.ndarray, bpm: float) -> float | None:
    """The half or the double of `bpm`, whichever is likelier; the one nearer to 110 if neither."""
    options = [c for c in (bpm / 2, bpm * 2) if MIN_BPM <= c <= MAX_BPM]
    if not options:
        return None

    def worth(option: float) -> tuple[float, float]:
        same = np.abs(bpms / option - 1) <= SAME_TEMPO
        return float(chances[same].sum()), -abs(np.log2(option / octave.CENTRE_BPM))

    return max(options, key=worth)


def pulse_clarity(novelty: np.ndarray, *, bpm: float | None) -> float:
    """How plainly a pulse is heard: mean autocorrelation one beat and two beats away, 0..1."""
    if bpm is None or novelty.shape[1] < SHORTEST_S * FRAME_RATE_HZ:
        return 0.0
    correlation = _autocorrelation(novelty[:, : int(4 * WINDOW_S * FRAME_RATE_HZ)])
    lag = 60 * FRAME_RATE_HZ / bpm
    return float(np.clip(_sample(correlation, lag * np.array([1.0, 2.0])).mean(), 0, 1))
