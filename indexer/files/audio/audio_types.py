"""Values and error of the audio of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from indexer.arrays import Float32

AudioErrorCode = Literal[
    "empty", "not_audio", "corrupted", "truncated", "too_short", "unsupported", "unreadable"
]


LOWEST_RATE_HZ: Final = 2_000
HIGHEST_RATE_HZ: Final = 768_000
"""Rates beyond these come from damaged headers."""


class AudioError(Exception):
    """A file cannot be used as audio; the message says why.

    Attributes:
        code: The kind of error, for programs.
    """

    def __init__(self, message: str, *, code: AudioErrorCode) -> None:
        super().__init__(message)
        self.code: AudioErrorCode = code


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """Header of an audio file; nothing is decoded.

    Attributes:
        duration_s: None where the container holds none.
        container: "mp3", "flac", "ogg", "opus", "m4a", "alac", "wav", "aiff", "wma", "aac", ….
        codec: Name of the codec, e.g. "mp3", "vorbis", "pcm_s16le".
        bit_rate: Bits a second; None where unknown.
        length_is_exact: Whether the duration was written by the encoder and not estimated.
    """

    duration_s: float | None
    container: str
    codec: str
    channels: int
    sample_rate: int
    bit_rate: int | None
    length_is_exact: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Decoded audio.

    Attributes:
        samples: float32, (n_samples,), mono, nominally −1..1, always finite.
        sample_rate: Of `samples`, Hz.
        duration_s: Of the whole file, also where `samples` holds excerpts.
        excerpted: Whether `samples` is a few excerpts, one after the other.
        excerpt_starts_s: Where in the file each excerpt starts; (0.0,) for a whole file.
        warnings: Messages about irregularities that were repaired.
    """

    samples: Float32
    sample_rate: int
    duration_s: float
    codec: str
    container: str
    channels: int
    source_sample_rate: int
    bit_rate: int | None
    excerpted: bool = False
    excerpt_starts_s: tuple[float, ...] = (0.0,)
    warnings: tuple[str, ...] = ()


def check_rate(sample_rate: int) -> None:
    """Reject implausible sample rates.

    Raises:
        AudioError: The rate comes from a damaged header.
    """
    if not LOWEST_RATE_HZ <= sample_rate <= HIGHEST_RATE_HZ:
        raise AudioError(
            f"The file is damaged: it claims {sample_rate} samples a second.", code="corrupted"
        )
