"""From a file to samples: decode, mix to mono, resample.

    audio = decode(path, on_block=meter.add)
    samples_16k = resample(audio.samples, from_hz=audio.sample_rate, to_hz=16_000)

A long file (a DJ mix, an audio book) is never held whole: three excerpts stand for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np
import soxr
from numpy.typing import NDArray

from indexer.audio_blocks import Block, blocks_of
from indexer.audio_ending import breaks_off
from indexer.audio_file import AUDIO_SUFFIXES, describe, open_audio, probe
from indexer.audio_hash import payload_hash
from indexer.audio_types import Audio, AudioError, AudioErrorCode, AudioInfo

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

__all__ = [
    "AUDIO_SUFFIXES",
    "Audio",
    "AudioError",
    "AudioErrorCode",
    "AudioInfo",
    "decode",
    "is_silent",
    "payload_hash",
    "probe",
    "resample",
]

SAMPLE_RATE: Final = 44_100
MAX_S: Final = 420.0
"""Longer files are excerpted: 7 minutes of mono float32 at 44.1 kHz are 74 MB."""
EXCERPTS: Final = 3
EXCERPT_S: Final = 120.0
SHORTEST_S: Final = 0.5
"""No descriptor says anything of less."""
READABLE_SHARE: Final = 0.9
"""A file that yields less of what it announces is incomplete."""
SLACK_S: Final = 0.3
"""A second encoded in long frames may lose one at each end."""
SILENCE_PEAK: Final = 10 ** (-70 / 20)
"""−70 dBFS, the absolute gate of EBU R128."""

OnBlock = Callable[[NDArray[np.float32]], None]


def decode(
    path: Path,
    *,
    sample_rate: int = SAMPLE_RATE,
    on_block: OnBlock | None = None,
    max_s: float = MAX_S,
) -> Audio:
    """Decode a file to mono.

    Args:
        path: Any file; its content decides what it is.
        sample_rate: Of the result, Hz.
        on_block: Gets everything that is decoded, before mixing and resampling: float32,
            (channels, n), at the source rate. Of a long file that is the excerpts.
        max_s: Files longer than this are excerpted.

    Raises:
        AudioError: The file is no audio, damaged, incomplete or shorter than 0.5 s.
    """
    with open_audio(path) as (container, stream):
        info = describe(path, container, stream)
        sink = _Sink(sample_rate=sample_rate, on_block=on_block)
        if info.duration_s and info.duration_s > max_s:
            starts_s = _excerpt_starts(info.duration_s, max_s=max_s)
            excerpt_s = min(EXCERPT_S, max_s / EXCERPTS)
            for start_s in starts_s:
                sink.add(_excerpt(container, stream, start_s=start_s, length_s=excerpt_s))
                sink.flush()
            whole = False
            duration_s, promised_s = info.duration_s, excerpt_s * len(starts_s)
        else:
            starts_s = (0.0,)
            blocks = blocks_of(container, stream)
            whole = sink.add(blocks, limit_s=max_s)
            sink.flush()
            duration_s = sink.decoded_s if whole else _remaining_end_s(container, stream, sink)
            promised_s = info.duration_s if info.length_is_exact else None
            promised_s = promised_s if whole else None
        excerpted = len(starts_s) > 1 or not whole
        _check_complete(path, info, sink, promised_s=promised_s, excerpted=excerpted)
    return Audio(
        samples=sink.samples(),
        sample_rate=sample_rate,
        duration_s=duration_s,
        codec=info.codec,
        container=info.container,
        channels=sink.channels,
        source_sample_rate=sink.source_rate,
        bit_rate=info.bit_rate,
        excerpted=excerpted,
        excerpt_starts_s=starts_s,
        warnings=info.warnings + sink.warnings(),
    )


def resample(samples: NDArray[np.float32], *, from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """Change the sample rate.

    Args:
        samples: float32, (n_samples,) or (n_samples, channels).
        from_hz: Rate of `samples`.
        to_hz: Rate of the result.
    """
    if from_hz == to_hz or not len(samples):
        return samples
    return soxr.resample(samples, from_hz, to_hz, quality="HQ").astype(np.float32, copy=False)


def is_silent(samples: NDArray[np.float32]) -> bool:
    """Whether nothing reaches −70 dBFS."""
    return not samples.size or float(np.abs(samples).max()) < SILENCE_PEAK


class _Sink:
    """Gathers decoded blocks: feeds the listener, mixes, resamples."""

    def __init__(self, *, sample_rate: int, on_block: OnBlock | None) -> None:
        self._sample_rate = sample_rate
        self._on_block = on_block
        self._parts: list[NDArray[np.float32]] = []
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
        """Take blocks in; False when the limit was reached before their end."""
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
            self._keep(block.mono(), last=False)
            self.decoded_s += block.samples.shape[1] / block.sample_rate
            if limit_s is not None and self.decoded_s > limit_s:
                return False
        return True

    def flush(self) -> None:
        """End a run of continuous audio."""
        if self._resampler is not None:
            self._keep(np.zeros(0, np.float32), last=True)
            self._resampler.clear()

    def samples(self) -> NDArray[np.float32]:
        """All that was kept; can be called once."""
        parts, self._parts = self._parts, []
        total = np.empty(sum(map(len, parts)), np.float32)
        at = 0
        while parts:
            part = parts.pop(0)  # freed at once: long files would stand in memory twice
            total[at : at + len(part)] = part
            at += len(part)
        return total

    def warnings(self) -> tuple[str, ...]:
        """What was put right on the way."""
        found = []
        if self._repaired:
            found.append("Samples that are no numbers were replaced by silence.")
        if self._failed_bytes:
            found.append(f"{self.failed_share:.1%} of the file is damaged and was left out.")
        return tuple(found)

    def _start(self, source_rate: int) -> None:
        self.flush()
        self.source_rate = source_rate
        self._resampler = None
        if source_rate != self._sample_rate:
            self._resampler = soxr.ResampleStream(
                source_rate, self._sample_rate, 1, dtype="float32", quality="HQ"
            )

    def _keep(self, mono: NDArray[np.float32], *, last: bool) -> None:
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono, last=last)
        if mono.size:
            self._parts.append(mono)


def _excerpt_starts(duration_s: float, *, max_s: float) -> tuple[float, ...]:
    """Excerpts in the middle of equal sections, so that intro and ending do not count."""
    length_s = min(EXCERPT_S, max_s / EXCERPTS)
    section_s = duration_s / EXCERPTS
    return tuple((i + 0.5) * section_s - length_s / 2 for i in range(EXCERPTS))


def _excerpt(
    container: InputContainer, stream: AudioStream, *, start_s: float, length_s: float
) -> Iterator[Block]:
    try:
        container.seek(int(start_s * av.time_base), backward=True)
    except av.error.FFmpegError:
        return
    yield from blocks_of(container, stream, start_s=start_s, length_s=length_s)


def _remaining_end_s(container: InputContainer, stream: AudioStream, sink: _Sink) -> float:
    """Length of a file that was longer than announced, its rest not decoded."""
    end_s = sink.decoded_s
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    except av.error.FFmpegError:
        pass
    return end_s


def _check_complete(
    path: Path, info: AudioInfo, sink: _Sink, *, promised_s: float | None, excerpted: bool
) -> None:
    if sink.decoded_s == 0 and (info.duration_s or SHORTEST_S) >= SHORTEST_S:
        raise AudioError("The file is damaged: no audio can be decoded.", code="corrupted")
    if sink.failed_share > 1 - READABLE_SHARE:
        raise AudioError(
            f"The file is damaged: {sink.failed_share:.0%} of it cannot be decoded.",
            code="corrupted",
        )
    missing_s = (promised_s or 0) - sink.decoded_s
    if promised_s and missing_s > max((1 - READABLE_SHARE) * promised_s, SLACK_S):
        raise AudioError(
            f"The file is damaged or incomplete: {sink.decoded_s:.0f} of {promised_s:.0f} "
            "seconds can be read. Copy it again from its source.",
            code="truncated",
        )
    if breaks_off(
        path,
        container=info.container,
        sample_rate=info.sample_rate,
        decoded_s=np.inf if excerpted else sink.decoded_s,
    ):
        raise AudioError(
            f"The file is incomplete: only {sink.decoded_s:.0f} seconds can be read. "
            "Copy it again from its source.",
            code="truncated",
        )
    if sink.decoded_s < SHORTEST_S:
        raise AudioError(
            f"{sink.decoded_s * 1000:.0f} ms of audio is too short to analyse.", code="too_short"
        )
