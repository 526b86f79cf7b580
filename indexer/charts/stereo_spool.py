"""Decoded stereo audio, stored in memory or on disk and read as often as it is needed.

Blocks are stored at the source rate with their memory layout, so that what is computed from a
stored block equals, bit for bit, what is computed from the decoded one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from indexer.arrays import Float32
from indexer.drums.types import DrumsError
from indexer.files.audio.audio_blocks import Block

MEMORY_BYTES: Final = 64 * 1024 * 1024
"""Three minutes of stereo at 44.1 kHz; more is stored in a file."""
PLAYED_RATES: Final = (44_100, 48_000)
"""Sample rates that players of charts support, Hz."""
_DEFAULT_RATE: Final = 44_100


@dataclass(frozen=True, slots=True)
class _StoredBlock:
    """Position of a block in the spool; `interleaved` is its memory layout."""

    offset_bytes: int
    channels: int
    samples: int
    sample_rate: int
    interleaved: bool


class StereoSpool:
    """Stereo blocks of one recording; a context manager that removes them.

    The file has no name where the system allows it: nothing is left behind by a crash.

    Args:
        folder: Where the file is created, if one is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES, dir=str(folder))  # noqa: SIM115
        self._blocks: list[_StoredBlock] = []
        self._size_bytes = 0

    def __enter__(self) -> StereoSpool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def source_rate(self) -> int:
        """Samples a second of the file."""
        return self._blocks[0].sample_rate if self._blocks else _DEFAULT_RATE

    @property
    def played_rate(self) -> int:
        """The recording's own sample rate where players support it, else 44.1 kHz."""
        return self.source_rate if self.source_rate in PLAYED_RATES else _DEFAULT_RATE

    def add(self, block: Block) -> None:
        """Store a block that is not empty.

        Raises:
            DrumsError: The disk is full.
        """
        samples = block.samples if len(block.samples) == 1 else block.stereo()
        interleaved = not samples.flags.c_contiguous and samples.flags.f_contiguous
        stored = np.ascontiguousarray(samples.T if interleaved else samples, np.float32)
        with self._translated_errors():
            self._file.seek(self._size_bytes)
            self._file.write(stored.data)
        channels, count = samples.shape
        self._blocks.append(
            _StoredBlock(self._size_bytes, channels, count, block.sample_rate, interleaved)
        )
        self._size_bytes += stored.nbytes

    def flush(self) -> None:
        """Write what is still buffered, after the last block.

        Raises:
            DrumsError: The disk is full.
        """
        with self._translated_errors():
            self._file.flush()

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DrumsError(
                f"The decoded music could not be stored in {self._folder}: "
                f"{error.strerror or error}. Make room there: a three-hour recording needs 4 GB "
                "while its chart is made.",
                code="not_written",
            ) from error

    def blocks(self, sample_rate: int) -> Iterator[Float32]:
        """Read the recording in stereo.

        Args:
            sample_rate: Of the result, Hz.

        Yields:
            float32, (2, n), block by block; the last may be empty.
        """
        resampler: soxr.ResampleStream | None = None
        source_rate = sample_rate

        def resampled(samples: Float32, *, last: bool) -> Float32:
            if resampler is None:
                return samples
            return resampler.resample_chunk(np.ascontiguousarray(samples.T), last=last).T

        nothing = np.zeros((2, 0), np.float32)
        for stored in self._blocks:
            if stored.sample_rate != source_rate:
                yield resampled(nothing, last=True)
                source_rate = stored.sample_rate
                resampler = None
                if source_rate != sample_rate:
                    resampler = soxr.ResampleStream(source_rate, sample_rate, 2, dtype="float32")
            yield resampled(self._read(stored), last=False)
        yield resampled(nothing, last=True)

    def _read(self, stored: _StoredBlock) -> Float32:
        """A stored block in stereo, float32, (2, n), as it was decoded."""
        self._file.seek(stored.offset_bytes)
        data = self._file.read(4 * stored.channels * stored.samples)
        shape = (stored.channels, stored.samples)
        samples = np.frombuffer(data, np.float32).reshape(
            shape[::-1] if stored.interleaved else shape
        )
        samples = samples.T if stored.interleaved else samples
        return samples if stored.channels == 2 else samples.repeat(2, axis=0)
