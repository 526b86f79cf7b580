"""How loud the music under a chart is: most as it is, what is hardly heard raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.mir.signal.loudness import ABSOLUTE_GATE_LUFS, LoudnessMeter

Float = NDArray[np.float32]

_FAR_TOO_QUIET_LUFS: Final = -26.0
"""The drum sounds drown what is quieter; orchestras are mastered to −23 and above."""
_RAISED_LUFS: Final = -18.0
"""What players bring music to (ReplayGain)."""
_FULL: Final = 0.95
_CEILING: Final = 0.89
"""Peak of what is raised, and of what is so full that Vorbis would make it overshoot (−1 dBFS)."""
_LEAST_GAIN: Final = 0.7
"""Masters peak at +3 dBFS at most when decoded; what is above is a fault of some samples."""


@dataclass(frozen=True, eq=False)
class PlaybackLevel:
    """What a recording is multiplied with, and what is taken off before.

    Attributes:
        gain: 1 for most recordings.
        offset: float32, (2, 1), the constant part of each channel.
    """

    gain: float
    offset: Float

    def applied(self, blocks: Iterable[Float]) -> Iterator[Float]:
        """The blocks, float32, (2, n), at this level."""
        for block in blocks:
            yield (block - self.offset) * np.float32(self.gain)


def measure_level(blocks: Iterable[Float], *, sample_rate: int) -> PlaybackLevel:
    """Measure a recording.

    Args:
        blocks: float32, (2, n), of the whole recording.
        sample_rate: Hz.
    """
    meter = LoudnessMeter(sample_rate=sample_rate, channels=2)
    sums, lowest, highest, count = np.zeros(2), np.zeros(2), np.zeros(2), 0
    for block in blocks:
        if not block.size:
            continue
        meter.feed(block)
        sums += block.sum(axis=1, dtype=np.float64)
        lowest = np.minimum(lowest, block.min(axis=1))
        highest = np.maximum(highest, block.max(axis=1))
        count += block.shape[1]
    offset = sums / max(1, count)
    peak = float(np.maximum(highest - offset, offset - lowest).max())
    gain = _gain(peak, meter.result().integrated_lufs)
    return PlaybackLevel(gain, offset.astype(np.float32)[:, None])


def _gain(peak: float, lufs: float | None) -> float:
    if peak > _FULL:
        return max(_LEAST_GAIN, _CEILING / peak)
    lufs = ABSOLUTE_GATE_LUFS if lufs is None else lufs
    if peak == 0 or lufs >= _FAR_TOO_QUIET_LUFS:
        return 1.0
    return max(1.0, min(10 ** ((_RAISED_LUFS - lufs) / 20), _CEILING / peak))
