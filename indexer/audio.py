"""From a file to samples: decode, mix to mono, resample.

    audio = decode(path, on_block=meter.add)
    samples_16k = resample(audio.samples, from_hz=audio.sample_rate, to_hz=16_000)

A long file (a DJ mix, an audio book) is never held whole: three excerpts stand for it.
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
from numpy.typing import NDArray

from indexer.audio_blocks import Block, blocks_of
from indexer.audio_ending import breaks_off
from indexer.audio_file import AUDIO_SUFFIXES, describe, open_audio, probe
from indexer.audio_hash import payload_hash
from indexer.audio_sink import OnBlock, Sink
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
BUFFER_SLACK_S: Final = 5.0
LARGEST_BUFFER_S: Final = 3600.0
"""Room is made in advance for no more than this, whatever a file announces."""
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
        expected_s = min(info.duration_s or max_s, max_s, LARGEST_BUFFER_S) + BUFFER_SLACK_S
        sink = Sink(sample_rate=sample_rate, on_block=on_block, expected_s=expected_s)
        run = (_run_excerpts if (info.duration_s or 0) > max_s else _run_whole)(
            container, stream, sink, info=info, max_s=max_s
        )
    _check_complete(path, info, sink, run)
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


@dataclass(frozen=True, slots=True)
class _Run:
    """What was decoded of a file; `promised_s` is None where nothing reliable was promised."""

    duration_s: float
    promised_s: float | None
    starts_s: tuple[float, ...]
    excerpted: bool


def _run_whole(
    container: InputContainer, stream: AudioStream, sink: Sink, *, info: AudioInfo, max_s: float
) -> _Run:
    whole = sink.add(blocks_of(container, stream), limit_s=max_s)
    sink.flush()
    if not whole:  # longer than announced
        return _Run(_remaining_end_s(container, stream, sink), None, (0.0,), excerpted=True)
    promised_s = info.duration_s if info.length_is_exact else None
    return _Run(sink.decoded_s, promised_s, (0.0,), excerpted=False)


def _run_excerpts(
    container: InputContainer, stream: AudioStream, sink: Sink, *, info: AudioInfo, max_s: float
) -> _Run:
    """Excerpts in the middle of equal sections, so that intro and ending do not count."""
    duration_s = info.duration_s or 0.0
    length_s, section_s = min(EXCERPT_S, max_s / EXCERPTS), duration_s / EXCERPTS
    starts_s = tuple((i + 0.5) * section_s - length_s / 2 for i in range(EXCERPTS))
    for start_s in starts_s:
        sink.add(_excerpt(container, stream, start_s=start_s, length_s=length_s))
        sink.flush()
    return _Run(duration_s, length_s * EXCERPTS, starts_s, excerpted=True)


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


def _remaining_end_s(container: InputContainer, stream: AudioStream, sink: Sink) -> float:
    """Length of a file that was longer than announced, its rest not decoded."""
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


def _check_complete(path: Path, info: AudioInfo, sink: Sink, run: _Run) -> None:
    if sink.decoded_s == 0 and (info.duration_s or SHORTEST_S) >= SHORTEST_S:
        raise AudioError("The file is damaged: no audio can be decoded.", code="corrupted")
    if sink.failed_share > 1 - READABLE_SHARE:
        raise AudioError(
            f"The file is damaged: {sink.failed_share:.0%} of it cannot be decoded.",
            code="corrupted",
        )
    promised_s = run.promised_s or 0.0
    missing_s = promised_s - sink.decoded_s
    if missing_s > max((1 - READABLE_SHARE) * promised_s, SLACK_S):
        found = f"{sink.decoded_s:.0f} of {promised_s:.0f} seconds can be read"
        if run.excerpted:
            found = "parts of it cannot be read"
        raise AudioError(
            f"The file is damaged or incomplete: {found}. Copy it again from its source.",
            code="truncated",
        )
    if breaks_off(
        path,
        container=info.container,
        sample_rate=info.sample_rate,
        decoded_s=np.inf if run.excerpted else sink.decoded_s,
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
