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
CENTRE_BPM = 100.0
OCTAVE_SPREAD = 0.8
RATE_WEIGHT = 0.5
USUAL_RATE_HZ = 4.9
"""The octave decision: a log-normal around 100 BPM that moves by half an octave for each doubling
of the rate of high-band onsets. Four numbers, round ones, chosen on 50 clips."""
TAG_WEIGHT = 0.1
TAG_MIDDLE = 0.8
AGREEMENT_SHARES = (0.0, 0.5, 0.8, 1.0)
AGREEMENT_CHANCES = (0.3, 0.65, 0.75, 0.85)
"""Share right on 50 clips by share of agreeing readings, smoothed."""
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
    size = int(fft.next_fast_len(2 * n, real=True) or 2 * n)
    spectra = np.asarray(fft.rfft(centred, size, axis=1))
    raw = np.asarray(fft.irfft(np.square(np.abs(spectra)), size, axis=1))[:, : n // 2]
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
    size = int(fft.next_fast_len(4 * n, real=True) or 4 * n)
    window = np.hanning(n)
    centred = (curves - curves.mean(axis=1, keepdims=True)) * window
    magnitude = np.abs(np.asarray(fft.rfft(centred, size, axis=1))) / n
    return comb * np.sqrt(_sample(magnitude, GRID_BPM / 60 * size / FRAME_RATE_HZ))


def log_prior(bpm: np.ndarray | float, *, centre: float = PRIOR_BPM) -> np.ndarray:
    """Log-normal preference of listeners for middle tempi; 1 at the centre."""
    octaves = np.log2(np.asarray(bpm) / centre) / PRIOR_OCTAVES
    return np.exp(-0.5 * np.square(octaves))


def estimate_tempo(
    curves: np.ndarray,
    novelty: np.ndarray,
    *,
    tags: Mapping[str, float] | None = None,
) -> TempoReading:
    """Tempo of a track.

    Args:
        curves: float32, (9, n_frames), from `spectrum.scan`.
        novelty: The same after `onset.novelty`.
        tags: Tagger probabilities (`mtt:fast`, `mtt:slow`); a second opinion on the octave that
            counts in the confidence.
    """
    n_frames = novelty.shape[1]
    if n_frames < SHORTEST_S * FRAME_RATE_HZ or float(novelty.max(initial=0.0)) <= 0:
        return TempoReading(None, None, 0.0)
    if float(curves.mean()) < onset.LEAST_RISE:
        return TempoReading(None, None, 0.0)
    parts = _windows(n_frames)
    scores = np.array([_unit_peak(periodicity(novelty[:, part])) for part in parts])
    total = scores.mean(axis=0)
    if float(total.max()) <= 0:
        return TempoReading(None, None, 0.0)
    centre = octave_centre_bpm(curves, novelty)
    prior = _narrow_prior(centre)
    best = float(GRID_BPM[int(np.argmax(total * prior))])
    bpm = refine(novelty, best)
    alternative = _second_octave(total * prior, bpm)
    readings = _other_readings(novelty, parts, total, tags)
    agreement = float(np.mean([abs(r / bpm - 1) <= SAME_TEMPO for r in readings]))
    windows = tuple(float(GRID_BPM[int(np.argmax(s * prior))]) for s in scores)
    return TempoReading(bpm, alternative, _confidence(agreement), windows)


def octave_centre_bpm(curves: np.ndarray, novelty: np.ndarray) -> float:
    """Middle of the expected tempo: dense high-band onsets speak for a fast beat."""
    rate = onset.onset_rates_hz(curves, novelty)["onset_rate_high_hz"]
    if rate <= 0:
        return CENTRE_BPM
    octaves = np.clip(RATE_WEIGHT * np.log2(rate / USUAL_RATE_HZ), -1, 1)
    return float(CENTRE_BPM * 2**octaves)


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


def _narrow_prior(centre: float) -> np.ndarray:
    return np.exp(-0.5 * np.square(np.log2(GRID_BPM / centre) / OCTAVE_SPREAD))


def _unit_peak(values: np.ndarray) -> np.ndarray:
    top = float(values.max())
    return values / top if top > 0 else values


def _second_octave(scores: np.ndarray, bpm: float) -> float | None:
    """The half or the double of `bpm`, whichever scores higher inside the range."""
    options = [c for c in (bpm / 2, bpm * 2) if MIN_BPM <= c <= MAX_BPM]
    if not options:
        return None
    heights = [float(np.interp(c, GRID_BPM, scores)) for c in options]
    return options[int(np.argmax(heights))]


def _other_readings(
    novelty: np.ndarray,
    parts: list[slice],
    total: np.ndarray,
    tags: Mapping[str, float] | None,
) -> list[float]:
    """Readings by other bands and other priors, whose agreement makes the confidence."""
    middle = parts[len(parts) // 2]
    plain = log_prior(GRID_BPM)
    rows = (novelty[:4, middle], novelty[4:, middle])
    readings = [float(GRID_BPM[int(np.argmax(periodicity(r) * plain))]) for r in rows]
    readings.append(float(GRID_BPM[int(np.argmax(total * log_prior(GRID_BPM, centre=90.0)))]))
    readings.append(float(GRID_BPM[int(np.argmax(total * log_prior(GRID_BPM, centre=125.0)))]))
    if tags and FAST_TAG in tags and SLOW_TAG in tags:
        haste = np.log((tags[FAST_TAG] + 1e-4) / (tags[SLOW_TAG] + 1e-4))
        centre = 100.0 * 2 ** (TAG_WEIGHT * float(np.clip(haste - TAG_MIDDLE, -6, 6)))
        readings.append(float(GRID_BPM[int(np.argmax(total * log_prior(GRID_BPM, centre=centre)))]))
    return readings


def _confidence(agreement: float) -> float:
    """Chance of being right from the share of other readings that agree."""
    return float(np.interp(agreement, AGREEMENT_SHARES, AGREEMENT_CHANCES))


def pulse_clarity(novelty: np.ndarray, *, bpm: float | None) -> float:
    """How plainly a pulse is heard: mean autocorrelation one beat and two beats away, 0..1."""
    if bpm is None or novelty.shape[1] < SHORTEST_S * FRAME_RATE_HZ:
        return 0.0
    correlation = _autocorrelation(novelty[:, : int(4 * WINDOW_S * FRAME_RATE_HZ)])
    lag = 60 * FRAME_RATE_HZ / bpm
    return float(np.clip(_sample(correlation, lag * np.array([1.0, 2.0])).mean(), 0, 1))
