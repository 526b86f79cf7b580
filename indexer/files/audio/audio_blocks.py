"""Packets of an opened stream decoded to blocks of float samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av.error
import numpy as np
from av.audio.fifo import AudioFifo

from indexer.arrays import Float32

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

BLOCK_SAMPLES: Final = 65_536
"""Frames are joined up to this: an MP3 frame alone (1,152) is too little work for a call."""
MAX_ERRORS: Final = 5_000
"""Packets that may fail before a damaged stream is abandoned."""
_SIDE_GAIN: Final = 0.5**0.5
"""Gain of a centre or surround channel in the left or right channel (−3 dB)."""
_CANCELLED: Final = 0.01
"""Power ratio (−20 dB) of a mix to its channels below which these are in opposite phase."""
_FULL_SCALE: Final = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "i8": 2.0**63}


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Decoded audio of one format.

    Attributes:
        samples: float32, (channels, n), finite, nominally −1..1.
        channel_names: Name of each channel in libav: FL, FR, FC, LFE, …
        read_bytes: Size of its packets.
        failed_bytes: Size of those that could not be decoded.
        repaired: Whether NaN or infinite samples were replaced by 0.
    """

    samples: Float32
    sample_rate: int
    channel_names: tuple[str, ...]
    read_bytes: int
    failed_bytes: int
    repaired: bool = False

    def mono(self) -> Float32:
        """float32, (n,): mean of the channels except LFE, which doubles the bass of the others."""
        is_low = [name.startswith("LFE") for name in self.channel_names]
        if len(is_low) > 2 and any(is_low):
            return mixed(self.samples[np.logical_not(is_low)])
        return mixed(self.samples)

    def stereo(self) -> Float32:
        """float32, (2, n): one channel twice, more than two mixed by their side."""
        if len(self.samples) <= 2:
            return self.samples if len(self.samples) == 2 else self.samples.repeat(2, axis=0)
        gains = np.array([_side_gains(name) for name in self.channel_names], np.float32)
        if not (gains > 0).any(axis=0).all():
            return self.samples[:2]
        return (gains / np.linalg.norm(gains, axis=0)).T @ self.samples


def mixed(samples: Float32) -> Float32:
    """Return the mean of the channels, or the loudest where they are in opposite phase."""
    if len(samples) == 1 or not samples.size:
        return samples[0]
    mean = samples.mean(axis=0)
    powers = samples.var(axis=1)
    return samples[int(np.argmax(powers))] if mean.var() < _CANCELLED * powers.mean() else mean


def _side_gains(name: str) -> tuple[float, float]:
    """Return the gains of a channel in the left and the right channel (ITU-R BS.775)."""
    if name.startswith("LFE"):
        return 0.0, 0.0
    if name in ("FL", "FR"):
        return (1.0, 0.0) if name == "FL" else (0.0, 1.0)
    left, right = "L" in name, "R" in name
    return (0.0 if right else _SIDE_GAIN, 0.0 if left else _SIDE_GAIN)


def blocks_of(
    container: InputContainer,
    stream: AudioStream,
    *,
    start_s: float = 0.0,
    length_s: float | None = None,
) -> Iterator[Block]:
    """Decode from the current position; packets that fail are counted and left out.

    Args:
        container: Opened file.
        stream: Its audio stream.
        start_s: Frames that end earlier are dropped (a seek lands on a packet before the target).
        length_s: Seconds to yield; None for all.
    """
    queue = _FrameQueue()
    wanted_s = np.inf if length_s is None else length_s
    yielded_s = 0.0
    for frames, size, failed in _frames(container, stream):
        queue.read_bytes += size
        queue.failed_bytes += size if failed else 0
        for frame in frames:
            if frame.time is not None and frame.time + frame.samples / frame.rate <= start_s:
                continue
            if queue.differs(frame):
                yield queue.pop_block()
            queue.add(frame)
            yielded_s += frame.samples / frame.rate
        if queue.count >= BLOCK_SAMPLES:
            yield queue.pop_block()
        if yielded_s >= wanted_s:
            break
    yield queue.pop_block()


def _frames(
    container: InputContainer, stream: AudioStream
) -> Iterator[tuple[list[AudioFrame], int, bool]]:
    """Yield the frames of each packet, its size in bytes, and whether it failed."""
    errors = 0
    packets = container.demux(stream)
    while errors < MAX_ERRORS:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.EOFError:
            return
        except MemoryError:
            raise
        except av.error.FFmpegError:
            return  # demuxers do not recover; what was read so far is used
        try:
            frames = [frame for frame in packet.decode() if frame.samples]
        except av.error.EOFError:
            return
        except MemoryError:
            raise
        except av.error.FFmpegError:
            errors += 1
            yield [], packet.size, True
        else:
            yield frames, packet.size, False


class _FrameQueue:
    """Frames of one format, joined to a block by the FIFO of libav."""

    def __init__(self) -> None:
        self._format: tuple[int, str, str] = (0, "", "")
        self._channel_names: tuple[str, ...] = ()
        self._queue = AudioFifo()
        self.count = self.read_bytes = self.failed_bytes = 0

    def differs(self, frame: AudioFrame) -> bool:
        return self.count > 0 and self._format != _format_of(frame)

    def add(self, frame: AudioFrame) -> None:
        if self._format != (format_ := _format_of(frame)):
            self._format, self._queue = format_, AudioFifo()
            self._channel_names = tuple(channel.name for channel in frame.layout.channels)
        frame.pts = None  # else the FIFO refuses frames after a gap in the times
        self._queue.write(frame)
        self.count += frame.samples

    def pop_block(self) -> Block:
        joined = self._queue.read() if self.count else None
        samples = np.zeros((1, 0), np.float32) if joined is None else _as_float(joined)
        repaired = samples.size > 0 and not np.isfinite(samples).all()
        if repaired:
            samples = np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        rate = self._format[0]
        block = Block(
            samples, rate, self._channel_names, self.read_bytes, self.failed_bytes, repaired
        )
        self.count = self.read_bytes = self.failed_bytes = 0
        return block


def _format_of(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.rate, frame.layout.name, frame.format.name


def _as_float(frame: AudioFrame) -> Float32:
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
