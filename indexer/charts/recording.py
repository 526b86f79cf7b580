"""A recording decoded once: mono for detection, stereo for the music of the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.arrays import Float32
from indexer.charts.stereo_spool import StereoSpool
from indexer.drums.formats.preview import BAND_EDGES_HZ
from indexer.drums.hearing.activation import SAMPLE_RATE
from indexer.drums.types import DrumsError
from indexer.files.audio.audio_blocks import Block, blocks_of
from indexer.files.audio.audio_file import describe, open_audio
from indexer.files.audio.audio_sink import AudioSink
from indexer.files.audio.decoding import BUFFER_SLACK_S, DecodedExtent, check_complete
from indexer.files.audio.opened_file import OpenedFile, open_file

if TYPE_CHECKING:
    from indexer.files.audio.audio_types import AudioInfo

WHOLE_S: Final = 420.0
"""Longest recording that is analysed at once, in 450 MB; twelve minutes would take 600."""
LONGEST_S: Final = 3 * 3600.0
"""A chart holds 3,600 bars: two hours at 120 beats a minute."""
_PROGRESS_STEPS: Final = 50
"""Progress is written to the database: no more often than this."""
_FULL_RATE_HZ: Final = 32_000
"""Samples a second from which on nothing is said."""
_CYMBALS_HZ: Final = 9_000.0
"""Hi-hats and cymbals are told by what lies around and above this frequency."""
_EMPTY_DB: Final = 55.0
"""A band this far below the loudest one in all frames holds nothing."""


@dataclass(frozen=True, eq=False)
class DecodedRecording:
    """A decoded recording.

    Attributes:
        file: The file it was decoded from, still open: its tags and cover are read from it.
        samples: float32, (n_samples,), mono, at `SAMPLE_RATE`; None where the recording is longer
            than `WHOLE_S` and is read from the spool.
        duration_s: As decoded.
        stereo: All of it, in stereo.
    """

    file: OpenedFile
    samples: Float32 | None
    duration_s: float
    stereo: StereoSpool


@contextmanager
def decoded_recording(
    path: Path, *, folder: Path, on_progress: Callable[[float], None] = lambda fraction: None
) -> Iterator[DecodedRecording]:
    """Decode a file in one pass; file and samples are available inside the context.

    Args:
        path: An audio file.
        folder: Where a long recording is stored meanwhile.
        on_progress: Gets a fraction 0..1.

    Raises:
        AudioError: The file cannot be used.
        DrumsError: It is longer than `LONGEST_S`, or there is no room for it.
    """
    with open_file(path) as file, StereoSpool(folder) as stereo:
        yield _decode(file, stereo, on_progress)


def _decode(
    file: OpenedFile, stereo: StereoSpool, on_progress: Callable[[float], None]
) -> DecodedRecording:
    with open_audio(file) as (container, stream):
        info = describe(file, container, stream)
        announced_s = info.duration_s or 0.0
        if announced_s > LONGEST_S:
            raise _too_long(f"is {announced_s / 3600:.1f} hours long")
        tee = _Tee(stereo, announced_s, on_progress)
        blocks = tee.stored(blocks_of(container, stream))
        expected_s = min(info.duration_s or WHOLE_S, WHOLE_S) + BUFFER_SLACK_S
        sink = AudioSink(sample_rate=SAMPLE_RATE, on_block=None, expected_s=expected_s)
        is_whole = announced_s <= WHOLE_S and sink.add(blocks, limit_s=WHOLE_S)
        sink.flush()
        for _ in blocks:  # what is left of a long recording
            pass
    stereo.flush()
    check_complete(file, info, tee.extent(info))
    return DecodedRecording(file, sink.samples() if is_whole else None, tee.decoded_s, stereo)


def _too_long(length: str) -> DrumsError:
    return DrumsError(
        f"This recording {length}; a chart is made of {LONGEST_S / 3600:.0f} hours at most. "
        "Cut it into parts.",
        code="too_long",
    )


class _Tee:
    """Stores the blocks that pass through it, and counts them."""

    def __init__(
        self, stereo: StereoSpool, announced_s: float, on_progress: Callable[[float], None]
    ) -> None:
        self._stereo = stereo
        self._announced_s = announced_s
        self._on_progress = on_progress
        self._read_bytes = self._failed_bytes = 0
        self.decoded_s = 0.0

    def stored(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Yield the same blocks.

        Raises:
            DrumsError: There are more than `LONGEST_S`, or there is no room for them.
        """
        steps = 0
        for block in blocks:
            self._read_bytes += block.read_bytes
            self._failed_bytes += block.failed_bytes
            if block.samples.size:
                self._stereo.add(block)
                self.decoded_s += block.samples.shape[1] / block.sample_rate
                if self.decoded_s > LONGEST_S:
                    raise _too_long("is longer than it says")
            fraction = min(1.0, self.decoded_s / self._announced_s) if self._announced_s else 0.0
            if int(fraction * _PROGRESS_STEPS) > steps:
                steps = int(fraction * _PROGRESS_STEPS)
                self._on_progress(fraction)
            yield block

    def extent(self, info: AudioInfo) -> DecodedExtent:
        """Return how much was decoded."""
        return DecodedExtent(
            decoded_s=self.decoded_s,
            failed_share=self._failed_bytes / max(self._read_bytes, 1),
            declared_s=info.duration_s if info.length_is_exact else None,
            excerpted=False,
        )


def unheard(frames: Float32, *, source_rate: int) -> str:
    """Return a sentence on what cannot be heard in a recording; "" where all can.

    Args:
        frames: From `preview.frame_features`, of the whole recording.
        source_rate: Samples a second of the file.
    """
    limit_hz = source_rate / 2
    if len(frames):
        loudest = frames[:, 1 : len(BAND_EDGES_HZ)].max(axis=0)
        filled = np.flatnonzero(loudest > loudest.max() - _EMPTY_DB)
        limit_hz = min(limit_hz, BAND_EDGES_HZ[int(filled[-1]) + 1])
    if source_rate >= _FULL_RATE_HZ and limit_hz >= _CYMBALS_HZ:
        return ""
    return (
        f"This recording holds nothing above {limit_hz / 1000:.0f} kHz: hi-hats and cymbals are "
        "heard badly or not at all. Look at them before you play the chart."
    )
