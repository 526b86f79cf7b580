"""Playback level of the music under a chart: unchanged for most, raised where it is very quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.arrays import Float32
from indexer.mir.signal.loudness import ABSOLUTE_GATE_LUFS, LoudnessMeter

_FAR_TOO_QUIET_LUFS: Final = -26.0
"""Quieter music is masked by the drum sounds; orchestras are mastered to −23 and above."""
_RAISED_LUFS: Final = -18.0
"""Target level of quiet music (ReplayGain)."""
_FULL: Final = 0.95
"""Peak above which the encoder may clip."""
_CEILING: Final = 0.89
"""Peak of music that is raised, or that Vorbis would make overshoot (−1 dBFS)."""
_LEAST_GAIN: Final = 0.7
"""Masters peak at +3 dBFS at most when decoded; more comes from single faulty samples."""


@dataclass(frozen=True, eq=False)
class PlaybackLevel:
    """Gain of a recording, and the constant offset that is subtracted before.

    Attributes:
        gain: 1 for most recordings.
        offset: float32, (2, 1), the constant part of each channel.
    """

    gain: float
    offset: Float32

    def applied(self, blocks: Iterable[Float32]) -> Iterator[Float32]:
        """Yield the blocks, float32, (2, n), at this level."""
        for block in blocks:
            yield (block - self.offset) * np.float32(self.gain)


def measure_level(blocks: Iterable[Float32], *, sample_rate: int) -> PlaybackLevel:
    """Measure the level of a recording.

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
