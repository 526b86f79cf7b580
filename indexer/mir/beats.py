"""Beat times by dynamic programming, and whether the tempo holds.

Source: Ellis, "Beat tracking by dynamic programming" (2007): the best chain of onsets whose
distances stay near the period; a deviation costs the square of its logarithm.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import ndimage

from indexer.mir.spectrum import FRAME_RATE_HZ

TIGHTNESS = 100.0
"""Weight of regular distances against strong onsets; Ellis found 100..400 for popular music."""
STEADY_SPREAD = 0.015
DRIFT_SPREAD = 0.06
"""Relative spread of the windows' tempi: under 1.5 % constant, under 6 % drifting."""
WEAK_BEAT = 0.3
"""Leading and trailing beats under this share of the usual strength are the silence around."""

Stability = Literal["constant", "drifting", "changing", "unknown"]


def track_beats(onset_strength: np.ndarray, *, bpm: float | None) -> np.ndarray:
    """Beat times in ascending seconds; empty without a tempo or an onset.

    Args:
        onset_strength: float32, (n_frames,), from `onset.strength`.
        bpm: Tempo around which beats are looked for.
    """
    period = 60 * FRAME_RATE_HZ / bpm if bpm else 0.0
    spread = float(onset_strength.std()) if onset_strength.size else 0.0
    if bpm is None or spread < 1e-9 or len(onset_strength) < 2 * period:
        return np.zeros(0)
    local = ndimage.gaussian_filter1d(onset_strength / spread, max(period / 32, 0.5))
    total, previous = _best_chains(local, period)
    tail = max(len(total) - round(period), 0)
    frame = tail + int(np.argmax(total[tail:]))
    chain = []
    while frame >= 0:
        chain.append(frame)
        frame = int(previous[frame])
    beats = np.array(chain[::-1])
    strong = np.flatnonzero(local[beats] >= WEAK_BEAT * np.median(local[beats]))
    if len(strong) == 0:
        return np.zeros(0)
    return beats[strong[0] : strong[-1] + 1] / FRAME_RATE_HZ


def _best_chains(local: np.ndarray, period: float) -> tuple[np.ndarray, np.ndarray]:
    """Score of the best chain that ends in each frame, and the beat before it (−1: none).

    Predecessors lie at least half a period back, so that this many frames are solved at once.
    """
    lags = np.arange(max(int(period / 2), 1), int(2 * period) + 1)
    cost = -TIGHTNESS * np.square(np.log(lags / period))
    block = int(lags[0])
    reach = int(lags[-1])
    total = np.concatenate([np.zeros(reach), local])
    previous = np.full(len(local), -1)
    for start in range(0, len(local), block):
        frames = np.arange(start, min(start + block, len(local)))
        earlier = frames[:, None] - lags[None, :]
        chances = total[earlier + reach] + cost
        best = np.argmax(chances, axis=1)
        rows = np.arange(len(frames))
        source = earlier[rows, best]
        gain = chances[rows, best]
        follows = (source >= 0) & (gain > 0)
        total[frames + reach] += np.where(follows, gain, 0.0)
        previous[frames] = np.where(follows, source, -1)
    return total[reach:], previous


def stability(window_bpms: tuple[float, ...], *, bpm: float | None) -> Stability:
    """How the tempi of the windows compare, octaves folded; "unknown" with fewer than two."""
    if bpm is None or len(window_bpms) < 2:
        return "unknown"
    ratios = np.log2(np.array(window_bpms) / bpm)
    folded = np.abs(ratios - np.round(ratios)) * np.log(2)
    middle = float(np.quantile(folded, 0.75))
    if middle <= STEADY_SPREAD:
        return "constant"
    return "drifting" if middle <= DRIFT_SPREAD else "changing"
