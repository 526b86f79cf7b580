"""Packets of an opened stream decoded to blocks of float samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av.error
import numpy as np
from av.audio.fifo import AudioFifo
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

BLOCK_SAMPLES: Final = 65_536
"""Frames are joined up to this: an MP3 frame alone (1,152) is too little work for a call."""
MAX_ERRORS: Final = 5_000
"""A damaged stream that goes on and on is given up."""
_FULL_SCALE: Final = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "i8": 2.0**63}


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some decoded audio.

    Attributes:
        samples: float32, (channels, n), finite, nominally −1..1.
        lfe: Index of the low-frequency channel, None without one.
        read_bytes: Size of the packets that were read for it.
        failed_bytes: Size of those that could not be decoded.
        repaired: Whether samples that are no numbers were replaced by 0.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    lfe: int | None
    read_bytes: int
    failed_bytes: int
    repaired: bool = False

    def mono(self) -> NDArray[np.float32]:
        """Mean of the channels but the low-frequency one, which doubles the others' bass."""
        if len(self.samples) == 1:
            return self.samples[0]
        if self.lfe is None:
            return self.samples.mean(axis=0)
        return np.delete(self.samples, self.lfe, axis=0).mean(axis=0)


def blocks_of(
    container: InputContainer,
    stream: AudioStream,
    *,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> Iterator[Block]:
    """Decode from the present position on; packets that fail are counted and left out.

    Args:
        container: Opened file.
        stream: Its audio stream.
        start_s: Frames that end earlier are dropped (a seek lands on a packet before the target).
        length_s: How much to yield; None for all.
    """
    gather = _Gather()
    wanted_s = np.inf if length_s is None else length_s
    yielded_s = 0.0
    for frames, size, failed in _frames(container, stream):
        gather.read_bytes += size
        gather.failed_bytes += size if failed else 0
        for frame in frames:
            if frame.time is not None and frame.time + frame.samples / frame.rate <= start_s:
                continue
            if gather.differs(frame):
                yield gather.take()
            gather.add(frame)
            yielded_s += frame.samples / frame.rate
        if gather.count >= BLOCK_SAMPLES:
            yield gather.take()
        if yielded_s >= wanted_s:
            break
    yield gather.take()


def _frames(
    container: InputContainer, stream: AudioStream
) -> Iterator[tuple[list[AudioFrame], int, bool]]:
    """Frames of each packet, its size in bytes, and whether it failed."""
    errors = 0
    packets = container.demux(stream)
    while errors < MAX_ERRORS:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            return  # demuxers do not recover by themselves; what was read so far counts
        try:
            frames = [frame for frame in packet.decode() if frame.samples]
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            errors += 1
            yield [], packet.size, True
        else:
            yield frames, packet.size, False


class _Gather:
    """Frames of one format, waiting to become a block; libav's own queue joins them."""

    def __init__(self) -> None:
        self._format: tuple[int, str, str] = (0, "", "")
        self._lfe: int | None = None
        self._queue = AudioFifo()
        self.count = self.read_bytes = self.failed_bytes = 0

    def differs(self, frame: AudioFrame) -> bool:
        return self.count > 0 and self._format != _format_of(frame)

    def add(self, frame: AudioFrame) -> None:
        if self._format != (format_ := _format_of(frame)):
            self._format, self._queue = format_, AudioFifo()
            names = [channel.name for channel in frame.layout.channels]
            self._lfe = names.index("LFE") if "LFE" in names and len(names) > 2 else None
        frame.pts = None  # a gap in the times is no reason to refuse a frame
        self._queue.write(frame)
        self.count += frame.samples

    def take(self) -> Block:
        joined = self._queue.read() if self.count else None
        samples = np.zeros((1, 0), np.float32) if joined is None else _as_float(joined)
        repaired = samples.size > 0 and not np.isfinite(samples).all()
        if repaired:
            samples = np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        rate = self._format[0]
        block = Block(samples, rate, self._lfe, self.read_bytes, self.failed_bytes, repaired)
        self.count = self.read_bytes = self.failed_bytes = 0
        return block


def _format_of(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.rate, frame.layout.name, frame.format.name


def _as_float(frame: AudioFrame) -> NDArray[np.float32]:
    """float32 (channels, n) of a decoded frame of any sample format."""
    data = frame.to_ndarray()
    if not frame.format.is_planar:
        data = data.reshape(-1, frame.layout.nb_channels).T
    kind = data.dtype.str[1:]
    scaled = data.astype(np.float32, copy=False)
    if kind not in _FULL_SCALE:
        return scaled
    if kind == "u1":
        scaled -= 128.0
    scaled /= np.float32(_FULL_SCALE[kind])
    return scaled
