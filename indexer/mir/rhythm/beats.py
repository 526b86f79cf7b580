"""The course of the tempo, beat times, and whether the tempo holds.

The course is the likeliest path through the local autocorrelations, whose steps cost by their size
up to a limit, so that a jump is no dearer than a fast drift. Beats are found by dynamic programming
around it: the best chain of onsets whose distances stay near the period; a deviation costs the
square of its logarithm. Source: Ellis, "Beat tracking by dynamic programming" (2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import fft, ndimage

from indexer.mir.signal.spectrum import FRAME_RATE_HZ
from indexer.viterbi import trace_back, viterbi

TIGHTNESS = 100.0
"""Weight of regular distances against strong onsets; Ellis found 100..400 for popular music."""
WEAK_BEAT = 0.3
"""Leading and trailing beats under this share of the usual strength are the silence around."""
WINDOW_S, HOP_S = 12.0, 4.0
FEWEST_WINDOWS = 4
BLUR_FRAMES = 2.0
RATIO_STEP, RATIO_STEPS = 0.005, 70
"""The course is looked for within a factor 1.42 of the tempo, in steps of half a per cent."""
BEATS_AWAY = (1, 2, 4, 8)
DRIFT_COST, JUMP_COST = 4.0, 0.4
"""A step of the course costs 4 times its logarithm, but never more than 0.4 of an autocorrelation;
twice and half of both told stability as well."""
STEADY_SPREAD = 0.03
"""Between the tenth and the ninetieth per cent of a constant course."""
LEAST_JUMP = 0.045
JUMP_WINDOWS = 3
JUMP_SHARE = 0.5
"""A jump is this share of all that the tempo moves, within the length of a window."""

Stability = Literal["constant", "drifting", "changing", "unknown"]


@dataclass(frozen=True, slots=True)
class TempoCourse:
    """Tempo around each of `times_s`, both float (n_windows,)."""

    times_s: np.ndarray
    bpms: np.ndarray


def tempo_course(onset_strength: np.ndarray, *, bpm: float | None) -> TempoCourse | None:
    """How the tempo moves; None without a tempo or with less than 24 s.

    Args:
        onset_strength: float32, (n_frames,), from `onset.strength`.
        bpm: Tempo of the track.
    """
    length, hop = int(WINDOW_S * FRAME_RATE_HZ), int(HOP_S * FRAME_RATE_HZ)
    starts = np.arange(0, len(onset_strength) - length + 1, hop)
    if bpm is None or len(starts) < FEWEST_WINDOWS:
        return None
    smooth = ndimage.gaussian_filter1d(onset_strength, BLUR_FRAMES)
    ratios = np.exp(np.arange(-RATIO_STEPS, RATIO_STEPS + 1) * RATIO_STEP)
    correlation = _correlations(smooth, starts, length)
    lags = 60 * FRAME_RATE_HZ / (bpm * ratios)
    scores = np.zeros((len(starts), len(ratios)))
    used = [m for m in BEATS_AWAY if m * lags[0] < correlation.shape[1] - 1]
    for multiple in used:
        below = (multiple * lags).astype(int)
        part = multiple * lags - below
        scores += correlation[:, below] * (1 - part) + correlation[:, below + 1] * part
    states = np.arange(len(ratios))
    apart = np.abs(states[:, None] - states[None, :]) * RATIO_STEP
    costs = np.minimum(DRIFT_COST * apart, JUMP_COST)
    path = viterbi(scores / max(len(used), 1), costs)
    return TempoCourse((starts + length / 2) / FRAME_RATE_HZ, bpm * ratios[path])


def _correlations(curve: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """Unbiased autocorrelation of each window, lag 0 = 1: float, (n_windows, 3/4 length)."""
    windows = curve[starts[:, None] + np.arange(length)].astype(float)
    windows -= windows.mean(axis=1, keepdims=True)
    size = int(fft.next_fast_len(2 * length, real=True) or 2 * length)
    power = np.square(np.abs(np.asarray(fft.rfft(windows, size, axis=1))))
    lags = np.arange(length * 3 // 4)
    raw = np.asarray(fft.irfft(power, size, axis=1))[:, : len(lags)] / (length - lags)
    return raw / np.maximum(raw[:, :1], 1e-9)


def stability(course: TempoCourse | None) -> Stability:
    """Whether the tempo holds, moves gradually or jumps; "unknown" without a course."""
    if course is None:
        return "unknown"
    heights = np.log(course.bpms)
    low, high = np.quantile(heights, (0.1, 0.9))
    if high - low <= STEADY_SPREAD:
        return "constant"
    moved = float(np.abs(np.diff(heights)).sum())
    jump = float(np.abs(heights[JUMP_WINDOWS:] - heights[:-JUMP_WINDOWS]).max())
    return "changing" if jump >= max(LEAST_JUMP, JUMP_SHARE * moved) else "drifting"


def track_beats(
    onset_strength: np.ndarray, *, bpm: float | None, course: TempoCourse | None = None
) -> np.ndarray:
    """Beat times in ascending seconds; empty without a tempo or an onset.

    Args:
        onset_strength: float32, (n_frames,), from `onset.strength`.
        bpm: Tempo around which beats are looked for.
        course: How it moves; None where it holds.
    """
    period = 60 * FRAME_RATE_HZ / bpm if bpm else 0.0
    spread = float(onset_strength.std()) if onset_strength.size else 0.0
    if bpm is None or spread < 1e-9 or len(onset_strength) < 2 * period:
        return np.zeros(0)
    local = ndimage.gaussian_filter1d(onset_strength / spread, max(period / 32, 0.5))
    periods = np.full(len(local), period)
    if course is not None:
        times_s = np.arange(len(local)) / FRAME_RATE_HZ
        periods = 60 * FRAME_RATE_HZ / np.interp(times_s, course.times_s, course.bpms)
    total, previous = _best_chains(local, periods)
    tail = max(len(total) - round(period), 0)
    beats = trace_back(previous, tail + int(np.argmax(total[tail:])))
    strong = np.flatnonzero(local[beats] >= WEAK_BEAT * np.median(local[beats]))
    if len(strong) == 0:
        return np.zeros(0)
    return beats[strong[0] : strong[-1] + 1] / FRAME_RATE_HZ


def _best_chains(local: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score of the best chain that ends in each frame, and the beat before it (−1: none).

    `periods` is the distance of beats around each frame, in frames.
    Predecessors lie at least half a period back, so that this many frames are solved at once.
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
        chances = total[earlier + reach] - cost
        best = np.argmax(chances, axis=1)
        rows = np.arange(len(frames))
        source = earlier[rows, best]
        gain = chances[rows, best]
        follows = (source >= 0) & (gain > 0)
        total[frames + reach] += np.where(follows, gain, 0.0)
        previous[frames] = np.where(follows, source, -1)
    return total[reach:], previous
