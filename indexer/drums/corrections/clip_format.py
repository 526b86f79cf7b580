"""Clips that the drum network is trained on: their names, frames and targets.

A clip is an `.npz` file under `clips/SPLIT` of a cache. One of a real song is named `song-….npz`
and holds `mix` and `targets`; the arrays of rendered ones are described in `training/drums/clips`.

* `mix`: float16, (n_frames, BANDS), `log_power` at the reference level, 100 frames a second;
* `targets`: float16, (n_frames, TARGETS), see `targets_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import numpy as np

from indexer.drums.types import Drum

Split = Literal["train", "validation", "report"]
"""Trained on; chosen on; measured on."""

CLASSES: Final = (
    Drum.KICK,
    Drum.SNARE,
    Drum.SIDE_STICK,
    Drum.HAT_CLOSED,
    Drum.HAT_OPEN,
    Drum.TOM_HIGH,
    Drum.TOM_LOW,
    Drum.TOM_FLOOR,
    Drum.CRASH,
    Drum.RIDE,
)
"""Classes of the network, in the order of its outputs."""
TARGETS: Final = 3 * len(CLASSES)
"""Columns of a target: onsets, then their weights in the loss, then velocities."""
CLIP_S: Final = 20.0
"""Length of most clips, seconds."""
SEGMENT_FRAMES: Final = 320
"""Frames of a training example, 10 ms each: no clip is shorter."""
SONG: Final = "song-"
"""Prefix of the files with clips of real songs."""
_SMALLEST_POWER: Final = 1e-7
"""Added to the power, so that silence has a logarithm."""
_SLOPE_FRAMES: Final = 2.5
"""Half the base of a target's triangle."""
_IGNORED_FRAMES: Final = 3
"""Frames around an inaudible onset that the loss ignores."""


def clip_folder(cache: Path, split: Split) -> Path:
    """Return the folder of the clips of a split."""
    return cache / "clips" / split


def log_power(power: np.ndarray) -> np.ndarray:
    """Return log10 of mel power, float16, as it is stored in clips."""
    return np.log10(power + _SMALLEST_POWER).astype(np.float16)


def targets_of(onsets: np.ndarray, frames: int) -> np.ndarray:
    """Return the training targets of a clip.

    Args:
        onsets: float32, (n, 4): time (s), class, velocity, audible.
        frames: Length of the clip.

    Returns:
        float16, (frames, TARGETS): triangles of ±2.5 frames around audible onsets; weight 0 around
        inaudible ones.
    """
    count = len(CLASSES)
    activations, velocities = np.zeros((2, frames, count), np.float16)
    weights = np.ones((frames, count), np.float16)
    for time_s, number, velocity, audible in onsets:
        at, column = time_s * 100, int(number)
        near = np.arange(max(0, int(at) - 4), min(frames, int(at) + 6))
        distance = np.abs(near - at)
        if not audible:
            weights[near[distance <= _IGNORED_FRAMES], column] = 0
            continue
        triangle = np.clip(1.2 - distance / _SLOPE_FRAMES, 0, 1)
        higher = triangle > activations[near, column]
        activations[near[higher], column] = triangle[higher]
        velocities[near[higher], column] = velocity
    weights[activations > 0] = 1
    return np.concatenate([activations, weights, velocities], axis=1)


def save_clip(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write a clip as one `.npz` file, whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    part.replace(path)
