"""Ogg Vorbis files, written in blocks."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import soundfile

from indexer.arrays import Float32

_QUALITY: Final = 0.6
"""Vorbis quality (0..1); about 190 kbit/s in stereo."""
_WRITE_FRAMES: Final = 1 << 16
"""The Vorbis encoder of libsndfile overflows its stack on longer blocks."""


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Turn errors of libsndfile, which name no reason, into OSError."""
    try:
        yield
    except soundfile.LibsndfileError as error:
        raise OSError(errno.EIO, "The music cannot be written") from error


class OggWriter:
    """An Ogg Vorbis file that is being written; the first block sets the number of channels.

    Args:
        path: Where to.
        sample_rate: Hz.

    Raises:
        OSError: The file cannot be written, or there is no room for it.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._path = path
        self._rate = sample_rate
        self._file: soundfile.SoundFile | None = None

    def __enter__(self) -> OggWriter:
        return self

    def write(self, samples: Float32) -> None:
        """Append float32 (n_channels, n_samples), clipped at full scale."""
        with _translated_errors():
            if self._file is None:
                self._file = soundfile.SoundFile(
                    self._path,
                    "w",
                    samplerate=self._rate,
                    channels=samples.shape[0],
                    format="OGG",
                    subtype="VORBIS",
                    compression_level=1 - _QUALITY,
                )
            for start in range(0, samples.shape[1], _WRITE_FRAMES):
                self._file.write(np.clip(samples[:, start : start + _WRITE_FRAMES].T, -1, 1))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            with _translated_errors():
                self._file.close()


def write_ogg(path: Path, samples: Float32, sample_rate: int) -> None:
    """Write float32 (n_channels, n_samples) as Ogg Vorbis."""
    with OggWriter(path, sample_rate) as writer:
        writer.write(samples)
