"""Decoding of a file to mono samples, and resampling.

    audio = decode(path, on_block=meter.add)
    samples_16k = resample(audio.samples, from_hz=audio.sample_rate, to_hz=16_000)

Of a long file (a DJ mix, an audio book) only three excerpts are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np
import soxr

from indexer.arrays import Float32
from indexer.files.audio.audio_blocks import Block, blocks_of
from indexer.files.audio.audio_ending import is_truncated
from indexer.files.audio.audio_file import describe, open_audio
from indexer.files.audio.audio_sink import AudioSink, OnBlock
from indexer.files.audio.audio_types import Audio, AudioError, AudioInfo
from indexer.files.audio.opened_file import OpenedFile, opened

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

SAMPLE_RATE: Final = 44_100
MAX_S: Final = 420.0
"""Longer files are excerpted: 7 minutes of mono float32 at 44.1 kHz are 74 MB."""
BUFFER_SLACK_S: Final = 5.0
LARGEST_BUFFER_S: Final = 3600.0
"""Most that is allocated in advance, whatever length a file declares."""
EXCERPTS: Final = 3
EXCERPT_S: Final = 120.0
SHORTEST_S: Final = 0.5
"""Descriptors are undefined for less."""
READABLE_SHARE: Final = 0.9
"""A file that yields a smaller share of its declared length is incomplete."""
SLACK_S: Final = 0.3
"""A second encoded in long frames may lose one at each end."""
SILENCE_PEAK: Final = 10 ** (-70 / 20)
"""−70 dBFS, the absolute gate of EBU R128."""


def decode(
    source: Path | OpenedFile,
    *,
    sample_rate: int = SAMPLE_RATE,
    on_block: OnBlock | None = None,
    max_s: float = MAX_S,
) -> Audio:
    """Decode a file to mono.

    Args:
        source: Any file; its format is detected by content.
        sample_rate: Of the result, Hz.
        on_block: Gets everything that is decoded, before mixing and resampling: float32,
            (channels, n), at the source rate. Of a long file that is the excerpts.
        max_s: Files longer than this are excerpted.

    Raises:
        AudioError: The file holds no audio, or is damaged, incomplete or shorter than 0.5 s.
    """
    with opened(source) as file:
        with open_audio(file) as (container, stream):
            info = describe(file, container, stream)
            expected_s = min(info.duration_s or max_s, max_s, LARGEST_BUFFER_S) + BUFFER_SLACK_S
            sink = AudioSink(sample_rate=sample_rate, on_block=on_block, expected_s=expected_s)
            run_range = _run_excerpts if (info.duration_s or 0) > max_s else _run_whole
            run = run_range(container, stream, sink, info=info, max_s=max_s)
        extent = DecodedExtent(sink.decoded_s, sink.failed_share, run.declared_s, run.excerpted)
        check_complete(file, info, extent)
    return Audio(
        samples=sink.samples(),
        sample_rate=sample_rate,
        duration_s=run.duration_s,
        codec=info.codec,
        container=info.container,
        channels=sink.channels,
        source_sample_rate=sink.source_rate,
        bit_rate=info.bit_rate,
        excerpted=run.excerpted,
        excerpt_starts_s=run.starts_s,
        warnings=info.warnings + sink.warnings(),
    )


def resample(samples: Float32, *, from_hz: int, to_hz: int) -> Float32:
    """Change the sample rate.

    Args:
        samples: float32, (n_samples,) or (n_samples, channels).
        from_hz: Rate of `samples`.
        to_hz: Rate of the result.
    """
    if from_hz == to_hz or not len(samples):
        return samples
    return soxr.resample(samples, from_hz, to_hz, quality="HQ").astype(np.float32, copy=False)


def is_silent(samples: Float32) -> bool:
    """Whether no sample reaches −70 dBFS."""
    return not samples.size or float(np.abs(samples).max()) < SILENCE_PEAK


@dataclass(frozen=True, slots=True)
class DecodedExtent:
    """How much of a file was decoded.

    Attributes:
        decoded_s: Length of the decoded audio.
        failed_share: Share of the payload that could not be decoded, 0..1.
        declared_s: Length that should have been decoded; None where no reliable one is declared.
        excerpted: Whether parts were left out on purpose.
    """

    decoded_s: float
    failed_share: float
    declared_s: float | None
    excerpted: bool


@dataclass(frozen=True, slots=True)
class _DecodedRange:
    """The decoded part of a file; `declared_s` is None where no reliable length is declared."""

    duration_s: float
    declared_s: float | None
    starts_s: tuple[float, ...]
    excerpted: bool


def _run_whole(
    container: InputContainer,
    stream: AudioStream,
    sink: AudioSink,
    *,
    info: AudioInfo,
    max_s: float,
) -> _DecodedRange:
    whole = sink.add(blocks_of(container, stream), limit_s=max_s)
    sink.flush()
    if not whole:  # longer than declared
        return _DecodedRange(
            _remaining_end_s(container, stream, sink), None, (0.0,), excerpted=True
        )
    declared_s = info.duration_s if info.length_is_exact else None
    return _DecodedRange(sink.decoded_s, declared_s, (0.0,), excerpted=False)


def _run_excerpts(
    container: InputContainer,
    stream: AudioStream,
    sink: AudioSink,
    *,
    info: AudioInfo,
    max_s: float,
) -> _DecodedRange:
    """Decode excerpts from the middle of equal sections, which leaves out intro and ending."""
    duration_s = info.duration_s or 0.0
    length_s, section_s = min(EXCERPT_S, max_s / EXCERPTS), duration_s / EXCERPTS
    starts_s = tuple((i + 0.5) * section_s - length_s / 2 for i in range(EXCERPTS))
    for start_s in starts_s:
        sink.add(_excerpt(container, stream, start_s=start_s, length_s=length_s))
        sink.flush()
    return _DecodedRange(duration_s, length_s * EXCERPTS, starts_s, excerpted=True)


def _excerpt(
    container: InputContainer, stream: AudioStream, *, start_s: float, length_s: float
) -> Iterator[Block]:
    try:
        container.seek(int(start_s * av.time_base), backward=True)
    except MemoryError:
        raise
    except av.error.FFmpegError:
        return
    yield from blocks_of(container, stream, start_s=start_s, length_s=length_s)


def _remaining_end_s(container: InputContainer, stream: AudioStream, sink: AudioSink) -> float:
    """Return the length of a file that is longer than declared, without decoding its rest."""
    end_s = sink.decoded_s
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    except MemoryError:
        raise
    except av.error.FFmpegError:
        pass
    return end_s


def check_complete(file: OpenedFile, info: AudioInfo, extent: DecodedExtent) -> None:
    """Compare what was decoded of a file with what it declares.

    Raises:
        AudioError: The file is damaged, incomplete or shorter than 0.5 s.
    """
    if extent.decoded_s == 0 and (info.duration_s or SHORTEST_S) >= SHORTEST_S:
        raise AudioError("The file is damaged: no audio can be decoded.", code="corrupted")
    if extent.failed_share > 1 - READABLE_SHARE:
        raise AudioError(
            f"The file is damaged: {extent.failed_share:.0%} of it cannot be decoded.",
            code="corrupted",
        )
    declared_s = extent.declared_s or 0.0
    missing_s = declared_s - extent.decoded_s
    if missing_s > max((1 - READABLE_SHARE) * declared_s, SLACK_S):
        found = f"{extent.decoded_s:.0f} of {declared_s:.0f} seconds can be read"
        if extent.excerpted:
            found = "parts of it cannot be read"
        raise AudioError(
            f"The file is damaged or incomplete: {found}. Copy it again from its source.",
            code="truncated",
        )
    if is_truncated(
        file,
        container=info.container,
        sample_rate=info.sample_rate,
        decoded_s=np.inf if extent.excerpted else extent.decoded_s,
    ):
        raise AudioError(
            f"The file is incomplete: only {extent.decoded_s:.0f} seconds can be read. "
            "Copy it again from its source.",
            code="truncated",
        )
    if extent.decoded_s < SHORTEST_S:
        raise AudioError(
            f"{extent.decoded_s * 1000:.0f} ms of audio is too short to analyse.", code="too_short"
        )
