"""Sink of decoded blocks: a callback gets them unchanged, an array mixed and resampled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import soxr

from indexer.arrays import Float32
from indexer.files.audio.audio_blocks import Block
from indexer.files.audio.audio_types import check_rate

OnBlock = Callable[[Float32], None]


class AudioSink:
    """Passes decoded blocks to a callback, and mixes, resamples and joins them."""

    def __init__(self, *, sample_rate: int, on_block: OnBlock | None, expected_s: float) -> None:
        self._sample_rate = sample_rate
        self._on_block = on_block
        # allocated at full size: untouched pages take no memory, while joining parts would
        self._buffer = np.empty(int(expected_s * sample_rate), np.float32)
        self._length = 0
        self._resampler: soxr.ResampleStream | None = None
        self._repaired = False
        self._read_bytes = self._failed_bytes = 0
        self.source_rate = 0
        self.channels = 0
        self.decoded_s = 0.0

    @property
    def failed_share(self) -> float:
        """Share of the payload that could not be decoded, 0..1."""
        return self._failed_bytes / max(self._read_bytes, 1)

    def add(self, blocks: Iterator[Block], *, limit_s: float | None = None) -> bool:
        """Add blocks; return False when the limit was reached before their end."""
        for block in blocks:
            self._read_bytes += block.read_bytes
            self._failed_bytes += block.failed_bytes
            if not block.samples.size:
                continue
            if block.sample_rate != self.source_rate:
                self._start(block.sample_rate)
            self.channels = max(self.channels, len(block.samples))
            self._repaired |= block.repaired
            if self._on_block:
                self._on_block(block.samples)
            self._append(block.mono(), last=False)
            self.decoded_s += block.samples.shape[1] / block.sample_rate
            if limit_s is not None and self.decoded_s > limit_s:
                return False
        return True

    def flush(self) -> None:
        """End a run of continuous audio."""
        if self._resampler is not None:
            self._append(np.zeros(0, np.float32), last=True)
            self._resampler.clear()

    def samples(self) -> Float32:
        """Return the joined samples: float32, (n,), at `sample_rate`."""
        return self._buffer[: self._length]

    def warnings(self) -> tuple[str, ...]:
        """Return messages about samples that were replaced or left out."""
        found = []
        if self._repaired:
            found.append("Samples that are no numbers were replaced by silence.")
        if self._failed_bytes:
            found.append(f"{self.failed_share:.1%} of the file is damaged and was left out.")
        return tuple(found)

    def _start(self, source_rate: int) -> None:
        check_rate(source_rate)
        self.flush()
        self.source_rate = source_rate
        self._resampler = None
        if source_rate != self._sample_rate:
            self._resampler = soxr.ResampleStream(
                source_rate, self._sample_rate, 1, dtype="float32", quality="HQ"
            )

    def _append(self, mono: Float32, *, last: bool) -> None:
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono, last=last)
        end = self._length + mono.size
        if end > self._buffer.size:
            grown = np.empty(max(end, 2 * self._buffer.size), np.float32)
            grown[: self._length] = self._buffer[: self._length]
            self._buffer = grown
        self._buffer[self._length : end] = mono
        self._length = end
