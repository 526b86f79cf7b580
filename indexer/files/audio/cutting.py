"""A part of an audio file written as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import av
import av.error
from av.audio.fifo import AudioFifo
from av.audio.resampler import AudioResampler

from indexer.files.audio.audio_file import open_audio
from indexer.files.audio.audio_types import AudioError

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_FORMAT: Final = "s16"
_RATE_AT_MOST_HZ: Final = 192_000
_BLOCK_SAMPLES: Final = 4096
"""Of a frame of FLAC."""


def cut(source: Path, target: Path, *, start_s: float, end_s: float | None) -> None:
    """Write the sound from `start_s` to `end_s` (None: to the end) as FLAC of 16 bits.

    Raises:
        AudioError: The file cannot be decoded, or has no sound there.
        OSError: The target cannot be written.
    """
    with (
        open_audio(source) as (container, stream),
        av.open(str(target), "w", format="flac") as sink,
    ):
        rate = min(stream.codec_context.sample_rate, _RATE_AT_MOST_HZ)
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        out = sink.add_stream("flac", rate=rate, layout=layout)
        assert isinstance(out, av.AudioStream)
        out.codec_context.format = av.AudioFormat(_FORMAT)
        out.codec_context.open()
        resampler = av.AudioResampler(_FORMAT, layout, rate)
        written = 0
        try:
            frames = _frames(container, stream, start_s=start_s, end_s=end_s)
            for piece in _exactly(frames, resampler, rate, start_s=start_s, end_s=end_s):
                piece.pts, written = written, written + piece.samples
                sink.mux(out.encode(piece))
        except av.error.FFmpegError as error:
            raise AudioError("The file is damaged: it cannot be cut.", code="corrupted") from error
        sink.mux(out.encode(None))
    if not written:
        raise AudioError("There is no sound in this part of the file.", code="truncated")


def _frames(
    container: InputContainer, stream: AudioStream, *, start_s: float, end_s: float | None
) -> Iterator[AudioFrame]:
    """Yield the frames that reach into a part."""
    if start_s > 0:
        container.seek(int(start_s * av.time_base), backward=True)
    for frame in container.decode(stream):
        begin_s = frame.time or 0.0
        if end_s is not None and begin_s >= end_s:
            return
        if begin_s + frame.samples / frame.rate > start_s:
            yield frame


def _exactly(
    frames: Iterator[AudioFrame],
    resampler: AudioResampler,
    rate: int,
    *,
    start_s: float,
    end_s: float | None,
) -> Iterator[AudioFrame]:
    """Yield the samples of a part and no others, in frames of `_BLOCK_SAMPLES`."""
    queue = AudioFifo()
    skip: int | None = None
    left = None if end_s is None else round((end_s - start_s) * rate)
    for frame in chain(frames, (None,)):
        if frame is not None and skip is None:
            skip = max(0, round((start_s - (frame.time or 0.0)) * rate))
        for ready in resampler.resample(frame):
            ready.pts = None
            queue.write(ready)
        if skip and queue.samples >= skip:
            queue.read(skip)
            skip = 0
        while not skip and (queue.samples >= _BLOCK_SAMPLES or (frame is None and queue.samples)):
            size = min(_BLOCK_SAMPLES, queue.samples, _BLOCK_SAMPLES if left is None else left)
            if not size:
                return
            piece = queue.read(size)
            if piece is not None:
                left = None if left is None else left - piece.samples
                yield piece
