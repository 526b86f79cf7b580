"""How loud a track is from beginning to end, for its picture: read once, kept in the data folder.

The file is decoded as a stream, frame by frame: an hour of sound takes 1.2 MB of memory.
"""

from __future__ import annotations

import asyncio
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool

from assistant.web.browse.kept_files import make_room
from store.settings import StoreSettings

COLUMNS: Final = 1200
"""Columns of a picture; a screen shows fewer."""
_RATE_HZ: Final = 11_025
"""Enough for the outline of a sound, a quarter of the work."""
_BLOCK: Final = 256
"""Samples of which one peak is kept while the length is not known: 23 ms."""
# Decoding takes a whole core: one at a time, and who waits for it holds no thread of others.
_maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="waveforms")


class NoWaveformError(Exception):
    """The file cannot be decoded."""


async def waveform(file: Path, track_id: int) -> tuple[list[int], list[int]]:
    """Return peaks and mean levels (RMS) of `COLUMNS` parts of equal length, each 0..255.

    Raises:
        NoWaveformError: The file cannot be decoded, or holds no sound.
        OSError: The file is not there, or nothing can be written.
    """
    stored = await run_in_threadpool(_stored, file, track_id)
    if not stored.is_file():
        await asyncio.get_running_loop().run_in_executor(_maker, _make, file, stored)
    values = np.frombuffer(stored.read_bytes(), np.uint8).reshape(2, -1)
    return values[0].tolist(), values[1].tolist()


def _stored(file: Path, track_id: int) -> Path:
    folder = StoreSettings().folder / "chat" / "waveforms"
    return folder / f"{track_id}-{file.stat().st_mtime_ns}.bin"


def _make(file: Path, stored: Path) -> None:
    if stored.is_file():  # made for somebody else meanwhile
        return
    stored.parent.mkdir(parents=True, exist_ok=True)
    values = _columns(*_blocks(file))
    make_room(stored.parent)
    part = stored.with_suffix(".part")
    part.write_bytes(values.tobytes())
    part.replace(stored)


def _blocks(file: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return peak and mean square of each block of the mono sound, float32, (n_blocks,), 0..1."""
    import av
    from av.audio.resampler import AudioResampler
    from av.error import FFmpegError

    peaks, squares = array("f"), array("f")
    rest = np.zeros(0, np.float32)
    try:
        with file.open("rb") as handle, av.open(handle, "r", metadata_errors="ignore") as source:
            resampler = AudioResampler("flt", "mono", _RATE_HZ)
            for frame in source.decode(audio=0):
                for piece in resampler.resample(frame):
                    samples = np.concatenate((rest, piece.to_ndarray().reshape(-1)))
                    whole = len(samples) // _BLOCK * _BLOCK
                    blocks = samples[:whole].reshape(-1, _BLOCK)
                    rest = samples[whole:]
                    peaks.frombytes(np.abs(blocks).max(axis=1).tobytes())
                    squares.frombytes(np.square(blocks).mean(axis=1).tobytes())
    except (FFmpegError, OSError, IndexError, ValueError) as error:
        if not peaks:
            raise NoWaveformError("This file cannot be decoded.") from error
    if not peaks:
        raise NoWaveformError("There is no sound in this file.")
    return np.frombuffer(peaks, np.float32), np.frombuffer(squares, np.float32)


def _columns(peaks: NDArray[np.float32], squares: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return uint8, (2, COLUMNS): peaks and RMS of parts of equal length."""
    starts = np.arange(COLUMNS) * len(peaks) // COLUMNS
    widths = np.maximum(np.diff(np.append(starts, len(peaks))), 1)
    highest = np.maximum.reduceat(peaks, starts)
    levels = np.sqrt(np.add.reduceat(squares, starts) / widths)
    found: Any = np.nan_to_num(np.stack((highest, levels)), nan=0.0, posinf=1.0)
    return np.clip(found * 255, 0, 255).round().astype(np.uint8)
