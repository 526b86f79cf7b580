"""Drums repeat: a doubtful stroke is likelier where the same passage has one elsewhere.

Around every candidate for a stroke the families that keep the beat are compared with the rest of
the recording, 1.5 s to both sides, without the candidate itself. What the family does at the most
similar places moves the candidate up or down, in logits, as evidence adds up. No tempo and no bar
lines are needed, and where nothing is similar, nothing changes.

The idea is that of non-local means (A. Buades et al., "A non-local algorithm for image denoising",
CVPR 2005), in time instead of a picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from indexer.arrays import Float32
from indexer.drums.hearing.families import family_peaks, logits, moved

KEEPERS: Final = ("KD", "SD", "HH", "CY")
"""The families that are compared, and that are decided with the comparison."""
WEIGHT: Final = 0.8
"""How much the similar places say beside the candidate itself (`docs/drums.md`)."""
_STEP_FRAMES: Final = 2
"""Places are compared every 20 ms."""
_HALF: Final = 75
"""Steps to both sides: 1.5 s, most of a bar."""
_TAPER: Final = 0.6
"""Spread of the window, in halves: what is nearer counts more."""
_OWN: Final = 4
"""Steps around the candidate in which its own family is not looked at."""
_FAR_STEPS: Final = 3000
"""Places up to a minute away, so that the work grows no faster than a recording."""
_BLOCK_STEPS: Final = 750
_APART_STEPS: Final = 6
"""Nearer places are the candidate's own."""
_PLACES: Final = 12
_FEWEST: Final = 3
_SIMILAR: Final = 0.5
"""Cosine below which places are not similar."""
_SHARPNESS: Final = 10.0
"""How much more the most similar places count than the others."""
_LIKELY: Final = 0.03
"""Candidates are peaks above this."""
_EMPTY: Final = 0.3
"""Added to the length of a window: empty ones are similar to nothing."""
_CERTAIN: Final = 0.02
_REACH_FRAMES: Final = 3


def with_repeats(curves: Mapping[str, Float32]) -> dict[str, Float32]:
    """The curves, where those of `KEEPERS` know of their repetitions.

    Args:
        curves: float32, (n_frames,), 0..1, by family: how likely a stroke is, every 10 ms.
    """
    if any(family not in curves for family in KEEPERS) or not len(curves[KEEPERS[0]]):
        return dict(curves)
    wide = [gaussian_filter1d(maximum_filter1d(curves[f], 3), 1.5) for f in KEEPERS]
    steps = np.stack(wide, axis=1)[::_STEP_FRAMES].astype(np.float32)
    padded = np.pad(steps, ((_HALF, _HALF), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _HALF + 1, axis=0)
    taper = np.exp(-0.5 * (np.arange(-_HALF, _HALF + 1) / (_TAPER * _HALF)) ** 2)
    evidence = {family: np.zeros_like(curves[family]) for family in KEEPERS}
    peaks = {f: np.array(family_peaks(curves[f], _LIKELY), np.intp) for f in KEEPERS}
    for block in range(-(-len(steps) // _BLOCK_STEPS)):
        start = block * _BLOCK_STEPS
        low = max(0, start - _FAR_STEPS)
        places = windows[low : start + _BLOCK_STEPS + _FAR_STEPS] * taper.astype(np.float32)
        for column, family in enumerate(KEEPERS):
            found = peaks[family][peaks[family] // _STEP_FRAMES // _BLOCK_STEPS == block]
            likely = np.asarray(maximum_filter1d(curves[family], 5), np.float32)
            seen = likely[::_STEP_FRAMES][low : low + len(places)]
            rows = found // _STEP_FRAMES - low
            for frame, by in zip(found, _evidence(places, column, rows, seen), strict=True):
                near = slice(max(0, frame - _REACH_FRAMES), frame + _REACH_FRAMES + 1)
                evidence[family][near] = WEIGHT * by
    return {f: moved(c, evidence[f]) if f in evidence else c for f, c in curves.items()}


def _evidence(places: Float32, column: int, rows: NDArray[np.intp], seen: Float32) -> Float32:
    """What similar places say for a stroke (above 0) or against it, times their similarity.

    Args:
        places: float32, (n_places, n_families, n_steps): windows around places.
        column: The family that is asked about.
        rows: The places of the candidates.
        seen: float32, (n_places,): how likely the family is struck at each place.
    """
    others = places.copy()
    others[:, column, _HALF - _OWN : _HALF + _OWN + 1] = 0
    others = others.reshape(len(places), -1)
    others /= np.linalg.norm(others, axis=1, keepdims=True) + _EMPTY
    alike = others[rows] @ others.T
    alike[np.abs(np.arange(len(places)) - rows[:, None]) <= _APART_STEPS] = 0
    alike[(alike < maximum_filter1d(alike, 7, axis=1)) | (alike < _SIMILAR)] = 0
    best = np.argsort(-alike, axis=1)[:, :_PLACES]
    similarity = np.take_along_axis(alike, best, axis=1)
    weights = similarity * np.exp(_SHARPNESS * (similarity - 1))
    total = weights.sum(axis=1)
    said = (weights * seen[best]).sum(axis=1) / np.maximum(total, 1e-12)
    count = (similarity > 0).sum(axis=1)
    mean = similarity.sum(axis=1) / np.maximum(count, 1)
    return np.where(count >= _FEWEST, mean * logits(said, certain=_CERTAIN), 0).astype(np.float32)
