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
_ASIDE: Final = 0.5**0.5
"""How much of the middle, or of what is behind, belongs to a side (−3 dB)."""
_CANCELLED: Final = 0.01
"""A mix 20 dB below its channels is what is left of two that are each other's reverse."""
_FULL_SCALE: Final = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "i8": 2.0**63}


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some decoded audio.

    Attributes:
        samples: float32, (channels, n), finite, nominally −1..1.
        places: Where each channel stands, as libav names it: FL, FR, FC, LFE, …
        read_bytes: Size of the packets that were read for it.
        failed_bytes: Size of those that could not be decoded.
        repaired: Whether samples that are no numbers were replaced by 0.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    places: tuple[str, ...]
    read_bytes: int
    failed_bytes: int
    repaired: bool = False

    def mono(self) -> NDArray[np.float32]:
        """Mean of the channels but the low-frequency one, which doubles the others' bass."""
        is_low = [place.startswith("LFE") for place in self.places]
        if len(is_low) > 2 and any(is_low):
            return mixed(self.samples[np.logical_not(is_low)])
        return mixed(self.samples)

    def stereo(self) -> NDArray[np.float32]:
        """float32, (2, n): one channel twice, more than two by the side that they stand on."""
        if len(self.samples) <= 2:
            return self.samples if len(self.samples) == 2 else self.samples.repeat(2, axis=0)
        shares = np.array([_sides(place) for place in self.places], np.float32)
        if not (shares > 0).any(axis=0).all():
            return self.samples[:2]
        return (shares / np.linalg.norm(shares, axis=0)).T @ self.samples


def mixed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the channels; where they cancel each other, one channel reversed, the loudest."""
    if len(samples) == 1 or not samples.size:
        return samples[0]
    mean = samples.mean(axis=0)
    powers = samples.var(axis=1)
    return samples[int(np.argmax(powers))] if mean.var() < _CANCELLED * powers.mean() else mean


def _sides(place: str) -> tuple[float, float]:
    """Shares of the left and the right that a channel takes part in (ITU-R BS.775)."""
    if place.startswith("LFE"):
        return 0.0, 0.0
    if place in ("FL", "FR"):
        return (1.0, 0.0) if place == "FL" else (0.0, 1.0)
    left, right = "L" in place, "R" in place
    return (0.0 if right else _ASIDE, 0.0 if left else _ASIDE)


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
        except MemoryError:
            raise
        except av.error.FFmpegError:
            return  # demuxers do not recover by themselves; what was read so far counts
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


class _Gather:
    """Frames of one format, waiting to become a block; libav's own queue joins them."""

    def __init__(self) -> None:
        self._format: tuple[int, str, str] = (0, "", "")
        self._places: tuple[str, ...] = ()
        self._queue = AudioFifo()
        self.count = self.read_bytes = self.failed_bytes = 0

    def differs(self, frame: AudioFrame) -> bool:
        return self.count > 0 and self._format != _format_of(frame)

    def add(self, frame: AudioFrame) -> None:
        if self._format != (format_ := _format_of(frame)):
            self._format, self._queue = format_, AudioFifo()
            self._places = tuple(channel.name for channel in frame.layout.channels)
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
        block = Block(samples, rate, self._places, self.read_bytes, self.failed_bytes, repaired)
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
