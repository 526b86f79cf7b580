"""Tempo curve, tempo stability and beat times.

The tempo curve is the Viterbi path through local autocorrelations; the cost of a step grows with
its size up to a limit, so that a jump costs no more than a fast drift. Beats are tracked around it
as in Ellis, "Beat tracking by dynamic programming" (2007): the chain of onsets with the highest
total strength less the squared log deviations of its intervals from the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import fft, ndimage

from indexer.mir.signal.spectrum import FRAME_RATE_HZ
from indexer.viterbi import trace_back, viterbi

TIGHTNESS = 100.0
"""Weight of regular intervals against onset strength; Ellis found 100..400 for popular music."""
WEAK_BEAT = 0.3
"""Leading and trailing beats below this share of the median strength are outside the music."""
WINDOW_S, HOP_S = 12.0, 4.0
MIN_WINDOWS = 4
"""A shorter recording has no tempo curve: 24 s."""
BLUR_FRAMES = 2.0
"""Standard deviation by which the onset strength is smoothed."""
RATIO_STEP, RATIO_STEPS = 0.005, 70
"""The curve lies within a factor 1.42 of the tempo, in steps of 0.5 %."""
LAG_BEATS = (1, 2, 4, 8)
"""Multiples of the beat at which the autocorrelation is summed."""
DRIFT_COST, JUMP_COST = 4.0, 0.4
"""Cost of a step per unit of its logarithm, and its limit, in autocorrelation; twice and half of
both classify the stability as well."""
CONSTANT_SPREAD = 0.03
"""Largest log distance of the 10th from the 90th percentile of a constant tempo."""
MIN_JUMP = 0.045
"""Least log change within `JUMP_WINDOWS` that is a jump."""
JUMP_WINDOWS = 3
JUMP_SHARE = 0.5
"""Least share of a jump in the sum of all log changes."""

TempoStability = Literal["constant", "drifting", "changing", "unknown"]


@dataclass(frozen=True, slots=True)
class TempoCurve:
    """Tempo around each of `times_s`, both float (n_windows,)."""

    times_s: np.ndarray
    bpms: np.ndarray


def tempo_curve(onset_strength: np.ndarray, *, bpm: float | None) -> TempoCurve | None:
    """Return the tempo over time; None without a tempo or with less than 24 s.

    Args:
        onset_strength: float32, (n_frames,), from `onset.strength`.
        bpm: Mean tempo of the track.
    """
    length, hop = int(WINDOW_S * FRAME_RATE_HZ), int(HOP_S * FRAME_RATE_HZ)
    starts = np.arange(0, len(onset_strength) - length + 1, hop)
    if bpm is None or len(starts) < MIN_WINDOWS:
        return None
    smooth = ndimage.gaussian_filter1d(onset_strength, BLUR_FRAMES)
    ratios = np.exp(np.arange(-RATIO_STEPS, RATIO_STEPS + 1) * RATIO_STEP)
    correlation = _autocorrelations(smooth, starts, length)
    lags = 60 * FRAME_RATE_HZ / (bpm * ratios)
    scores = np.zeros((len(starts), len(ratios)))
    used = [m for m in LAG_BEATS if m * lags[0] < correlation.shape[1] - 1]
    for multiple in used:
        below = (multiple * lags).astype(int)
        part = multiple * lags - below
        scores += correlation[:, below] * (1 - part) + correlation[:, below + 1] * part
    states = np.arange(len(ratios))
    apart = np.abs(states[:, None] - states[None, :]) * RATIO_STEP
    costs = np.minimum(DRIFT_COST * apart, JUMP_COST)
    path = viterbi(scores / max(len(used), 1), costs)
    return TempoCurve((starts + length / 2) / FRAME_RATE_HZ, bpm * ratios[path])


def _autocorrelations(curve: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """Return the unbiased autocorrelation of windows: float, (n_windows, 3/4 length), lag 0 = 1."""
    windows = curve[starts[:, None] + np.arange(length)].astype(float)
    windows -= windows.mean(axis=1, keepdims=True)
    size = int(fft.next_fast_len(2 * length, real=True) or 2 * length)
    power = np.square(np.abs(np.asarray(fft.rfft(windows, size, axis=1))))
    lags = np.arange(length * 3 // 4)
    raw = np.asarray(fft.irfft(power, size, axis=1))[:, : len(lags)] / (length - lags)
    return raw / np.maximum(raw[:, :1], 1e-9)


def tempo_stability(curve: TempoCurve | None) -> TempoStability:
    """Classify the tempo as constant, drifting or changing (it jumps); unknown without a curve."""
    if curve is None:
        return "unknown"
    log_bpms = np.log(curve.bpms)
    low, high = np.quantile(log_bpms, (0.1, 0.9))
    if high - low <= CONSTANT_SPREAD:
        return "constant"
    total = float(np.abs(np.diff(log_bpms)).sum())
    jump = float(np.abs(log_bpms[JUMP_WINDOWS:] - log_bpms[:-JUMP_WINDOWS]).max())
    return "changing" if jump >= max(MIN_JUMP, JUMP_SHARE * total) else "drifting"


def track_beats(
    onset_strength: np.ndarray, *, bpm: float | None, curve: TempoCurve | None = None
) -> np.ndarray:
    """Return the beat times in seconds, ascending; empty without a tempo or an onset.

    Args:
        onset_strength: float32, (n_frames,), from `onset.strength`.
        bpm: Mean tempo.
        curve: Tempo over time; None where it is constant.
    """
    period = 60 * FRAME_RATE_HZ / bpm if bpm else 0.0
    spread = float(onset_strength.std()) if onset_strength.size else 0.0
    if bpm is None or spread < 1e-9 or len(onset_strength) < 2 * period:
        return np.zeros(0)
    local = ndimage.gaussian_filter1d(onset_strength / spread, max(period / 32, 0.5))
    periods = np.full(len(local), period)
    if curve is not None:
        times_s = np.arange(len(local)) / FRAME_RATE_HZ
        periods = 60 * FRAME_RATE_HZ / np.interp(times_s, curve.times_s, curve.bpms)
    total, previous = _best_chains(local, periods)
    tail = max(len(total) - round(period), 0)
    beats = trace_back(previous, tail + int(np.argmax(total[tail:])))
    strong = np.flatnonzero(local[beats] >= WEAK_BEAT * np.median(local[beats]))
    if len(strong) == 0:
        return np.zeros(0)
    return beats[strong[0] : strong[-1] + 1] / FRAME_RATE_HZ


def _best_chains(local: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best chain's score up to each frame, and the beat before it (−1: none).

    Predecessors lie at least half a period back, so that many frames are solved at once.

    Args:
        local: float, (n_frames,): onset strength.
        periods: float, (n_frames,): beat interval around each frame, in frames.
    """
    lags = np.arange(max(int(periods.min() / 2), 1), int(2 * periods.max()) + 1)
    block = int(lags[0])
    reach = int(lags[-1])
    total = np.concatenate([np.zeros(reach), local])
    previous = np.full(len(local), -1)
    for start in range(0, len(local), block):
        frames = np.arange(start, min(start + block, len(local)))
        earlier = frames[:, None] - lags[None, :]
        cost = TIGHTNESS * np.square(np.log(lags / periods[start]))
        scores = total[earlier + reach] - cost
        best = np.argmax(scores, axis=1)
        rows = np.arange(len(frames))
        source = earlier[rows, best]
        gain = scores[rows, best]
        follows = (source >= 0) & (gain > 0)
        total[frames + reach] += np.where(follows, gain, 0.0)
        previous[frames] = np.where(follows, source, -1)
    return total[reach:], previous
