"""Evidence from repetition: an onset is likelier where similar passages have one.

The activations around every candidate onset, 1.5 s to both sides without the candidate itself, are
compared with the rest of the recording. The activation of the family at the most similar positions
is added to the candidate's logits, so no tempo and no bar lines are needed. Without similar
positions a curve stays unchanged.

Source: non-local means (A. Buades et al., "A non-local algorithm for image denoising", CVPR 2005),
in time instead of an image.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.families import add_logits, family_peaks, logits

TIMEKEEPERS: Final = ("KD", "SD", "HH", "CY")
"""Families that keep the beat: they are compared, and their curves get the evidence."""
WEIGHT: Final = 0.8
"""Weight of the evidence, in logits a logit (`docs/drums.md`)."""
_STEP_FRAMES: Final = 2
"""Positions are compared every 20 ms."""
_HALF_STEPS: Final = 75
"""Half of the window: 1.5 s, most of a bar."""
_TAPER: Final = 0.6
"""Standard deviation of the Gaussian window, in halves of it."""
_MASKED_STEPS: Final = 4
"""Steps around the candidate in which its own family is masked."""
_FAR_STEPS: Final = 3000
"""Greatest distance of a position: one minute, which keeps the work linear in the length."""
_BLOCK_STEPS: Final = 750
"""Candidates compared at once: those of 15 s."""
_APART_STEPS: Final = 6
"""Least distance of a position from the candidate."""
_POSITIONS: Final = 12
"""Most similar positions that count."""
_MIN_POSITIONS: Final = 3
_MIN_SIMILARITY: Final = 0.5
"""Cosine below which positions are not similar."""
_SHARPNESS: Final = 10.0
"""Exponent of the weight by similarity: exp(10 (cosine − 1))."""
_MIN_PROBABILITY: Final = 0.03
"""Candidates are peaks above this."""
_EMPTY: Final = 0.3
"""Added to the norm of a window, so that empty windows are similar to none."""
_CERTAIN: Final = 0.02
"""Clipping of the mean probability before its logit."""
_REACH_FRAMES: Final = 3
"""Frames on both sides of a candidate that get its evidence."""


def add_repetition_evidence(curves: Mapping[str, Float32]) -> dict[str, Float32]:
    """Return the curves, those of `TIMEKEEPERS` with the evidence of repetitions added.

    Args:
        curves: Family → float32, (n_frames,), 0..1: probability of an onset, every 10 ms.
    """
    if any(family not in curves for family in TIMEKEEPERS) or not len(curves[TIMEKEEPERS[0]]):
        return dict(curves)
    smooth = [gaussian_filter1d(maximum_filter1d(curves[f], 3), 1.5) for f in TIMEKEEPERS]
    steps = np.stack(smooth, axis=1)[::_STEP_FRAMES].astype(np.float32)
    padded = np.pad(steps, ((_HALF_STEPS, _HALF_STEPS), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _HALF_STEPS + 1, axis=0)
    taper = np.exp(-0.5 * (np.arange(-_HALF_STEPS, _HALF_STEPS + 1) / (_TAPER * _HALF_STEPS)) ** 2)
    evidence = {family: np.zeros_like(curves[family]) for family in TIMEKEEPERS}
    peaks = {f: np.array(family_peaks(curves[f], _MIN_PROBABILITY), np.intp) for f in TIMEKEEPERS}
    for block in range(-(-len(steps) // _BLOCK_STEPS)):
        start = block * _BLOCK_STEPS
        low = max(0, start - _FAR_STEPS)
        positions = windows[low : start + _BLOCK_STEPS + _FAR_STEPS] * taper.astype(np.float32)
        for column, family in enumerate(TIMEKEEPERS):
            found = peaks[family][peaks[family] // _STEP_FRAMES // _BLOCK_STEPS == block]
            near_peak = np.asarray(maximum_filter1d(curves[family], 5), np.float32)
            probability = near_peak[::_STEP_FRAMES][low : low + len(positions)]
            rows = found // _STEP_FRAMES - low
            for frame, logit in zip(
                found, _evidence(positions, column, rows, probability), strict=True
            ):
                near = slice(max(0, frame - _REACH_FRAMES), frame + _REACH_FRAMES + 1)
                evidence[family][near] = WEIGHT * logit
    return {f: add_logits(c, evidence[f]) if f in evidence else c for f, c in curves.items()}


def _evidence(
    positions: Float32, column: int, rows: NDArray[np.intp], probability: Float32
) -> Float32:
    """Return the logit of the family at similar positions, times their mean similarity.

    Args:
        positions: float32, (n_positions, n_families, n_steps): windows around positions.
        column: The family of the candidates.
        rows: intp, (n_candidates,): the candidates among the positions.
        probability: float32, (n_positions,), 0..1: of an onset of the family.

    Returns:
        float32, (n_candidates,); 0 with too few similar positions.
    """
    others = positions.copy()
    others[:, column, _HALF_STEPS - _MASKED_STEPS : _HALF_STEPS + _MASKED_STEPS + 1] = 0
    others = others.reshape(len(positions), -1)
    others /= np.linalg.norm(others, axis=1, keepdims=True) + _EMPTY
    alike = others[rows] @ others.T
    alike[np.abs(np.arange(len(positions)) - rows[:, None]) <= _APART_STEPS] = 0
    alike[(alike < maximum_filter1d(alike, 7, axis=1)) | (alike < _MIN_SIMILARITY)] = 0
    best = np.argsort(-alike, axis=1)[:, :_POSITIONS]
    similarity = np.take_along_axis(alike, best, axis=1)
    weights = similarity * np.exp(_SHARPNESS * (similarity - 1))
    total = weights.sum(axis=1)
    expected = (weights * probability[best]).sum(axis=1) / np.maximum(total, 1e-12)
    count = (similarity > 0).sum(axis=1)
    mean = similarity.sum(axis=1) / np.maximum(count, 1)
    return np.where(count >= _MIN_POSITIONS, mean * logits(expected, certain=_CERTAIN), 0).astype(
        np.float32
    )
