"""Audio files opened through PyAV, safely.

Files are always handed over as Python file objects without a name: a name is no URL then, need not
be UTF-8, and the content alone decides what the file is. Only demuxers of audio containers are
allowed, so that a playlist or a script in disguise makes libav open nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import av
import av.error
import av.logging

from indexer.audio_types import AudioError, AudioInfo, check_rate
from indexer.packed_tags import blank, hidden_spans

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

av.logging.set_level(av.logging.PANIC)  # damaged files are reported by us, once, in words

AUDIO_SUFFIXES: Final = frozenset(
    (
        ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".m4b", ".mp4", ".aac", ".alac",
        ".wav", ".w64", ".aif", ".aiff", ".aifc", ".wma", ".ape", ".wv", ".mpc", ".tta",
        ".mka", ".webm", ".caf",
    )
)  # fmt: skip
"""Lower-case suffixes of files worth opening."""

_DEMUXERS: Final = (
    "mp3,flac,ogg,mov,mp4,m4a,wav,w64,aiff,asf,aac,ape,wv,mpc,mpc8,tta,matroska,webm,caf"
)


@cache
def _options() -> dict[str, str]:
    """What libav may use of itself: audio containers, and decoders of audio alone.

    It would decode a cover picture too, just to learn its size: a small file can hold a picture
    that takes 700 MB.
    """
    decoders = [name for name in sorted(av.codecs_available) if _decodes_audio(name)]
    return {
        "format_whitelist": _DEMUXERS,
        "codec_whitelist": ",".join(decoders),
        "fflags": "+fastseek",
    }


def _decodes_audio(name: str) -> bool:
    try:
        return av.Codec(name, "r").type == "audio"
    except ValueError:
        return False  # it only encodes


_CONTAINERS: Final = {"asf": "wma", "w64": "wav", "mpc8": "mpc", "matroska,webm": "mka"}
_EXPECTED: Final = {
    ".mp3": {"mp3"},
    ".flac": {"flac"},
    ".ogg": {"ogg", "opus"},
    ".oga": {"ogg", "opus"},
    ".opus": {"opus"},
    ".m4a": {"m4a", "alac"},
    ".mp4": {"m4a", "alac"},
    ".aac": {"aac", "m4a"},
    ".alac": {"alac", "m4a"},
    ".wav": {"wav"},
    ".aif": {"aiff"},
    ".aiff": {"aiff"},
    ".wma": {"wma"},
}
"""Containers that a suffix promises; others are opened too, with a warning."""

_ID3_HEADER_BYTES: Final = 10
_XING_WINDOW_BYTES: Final = 4096
"""The first MPEG frame, where a Xing, Info or VBRI header counts the frames, lies within."""


@contextmanager
def open_audio(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    """Open the first audio stream of a file.

    Raises:
        AudioError: The file cannot be read, or holds no audio that can be decoded.
        MemoryError: There is too little for it.
    """
    with _open_file(path) as handle:
        try:
            container = av.open(
                _Nameless(handle), mode="r", options=dict(_options()), metadata_errors="replace"
            )
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError, OSError) as error:
            raise _not_opened(path) from error
        with container:
            streams = container.streams.audio
            if not streams:
                raise AudioError("The file holds no audio.", code="not_audio")
            stream = streams[0]
            if stream.codec_context is None:
                raise AudioError(
                    "The audio in this file is in a format that cannot be decoded; "
                    "convert it to FLAC or MP3.",
                    code="unsupported",
                )
            stream.codec_context.thread_count = 1  # one worker a core already
            try:
                yield container, stream
            except OSError as error:
                raise AudioError(
                    f"Reading the file stopped ({error}); check the disk or the network share.",
                    code="unreadable",
                ) from error


def probe(path: Path) -> AudioInfo:
    """Read what the container says of a file.

    Raises:
        AudioError: As `open_audio`.
    """
    with open_audio(path) as (container, stream):
        return describe(path, container, stream)


def describe(path: Path, container: InputContainer, stream: AudioStream) -> AudioInfo:
    """`AudioInfo` of an opened file."""
    codec = stream.codec_context
    name = container_name(container.format.name, codec.name)
    if not codec.channels:
        raise AudioError("The audio in this file is damaged.", code="corrupted")
    check_rate(codec.sample_rate)
    duration_s = None
    if stream.duration and stream.time_base:
        duration_s = float(stream.duration * stream.time_base)
    elif container.duration:
        duration_s = container.duration / av.time_base
    expected = _EXPECTED.get(path.suffix.lower())
    warnings = ()
    if expected and name not in expected:
        warnings = (f"The file is named {path.suffix.lower()} but holds {name} audio.",)
    return AudioInfo(
        duration_s=duration_s if duration_s and duration_s > 0 else None,
        container=name,
        codec=_plain_codec(codec.name),
        channels=codec.channels,
        sample_rate=codec.sample_rate,
        bit_rate=codec.bit_rate or container.bit_rate or None,
        length_is_exact=name != "aac" and (name != "mp3" or _counts_frames(path)),
        warnings=warnings,
    )


def container_name(demuxer: str, codec: str) -> str:
    """Everyday name of a container."""
    if "mp4" in demuxer.split(","):
        return "alac" if codec == "alac" else "m4a"
    if demuxer == "ogg":
        return "opus" if "opus" in codec else "ogg"
    return _CONTAINERS.get(demuxer, demuxer)


def _plain_codec(codec: str) -> str:
    return {"mp3float": "mp3", "libopus": "opus", "mp2float": "mp2"}.get(codec, codec)


def _open_file(path: Path) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for ever
            raise AudioError("This is not a file.", code="unreadable")
        handle = path.open("rb")
        size = os.fstat(handle.fileno()).st_size
    except FileNotFoundError as error:
        raise AudioError("The file is no longer there.", code="unreadable") from error
    except PermissionError as error:
        raise AudioError(
            "The file may not be read; check its permissions.", code="unreadable"
        ) from error
    except (OSError, ValueError) as error:
        raise AudioError(f"The file cannot be read: {error}.", code="unreadable") from error
    if size == 0:
        handle.close()
        raise AudioError("The file is empty (0 bytes).", code="empty")
    return handle


def _not_opened(path: Path) -> AudioError:
    """Why libav refused a file: half an MP4 is worth another word than a text."""
    with _open_file(path) as handle:
        head = handle.read(12)
    if head[4:8] == b"ftyp":
        return AudioError(
            "The file is incomplete: its table of contents is missing. Copy it again.",
            code="truncated",
        )
    known = (b"ID3", b"fLaC", b"OggS", b"RIFF", b"FORM", b"MAC ", b"\x30\x26\xb2\x75")
    if head.startswith(known):
        return AudioError("The file is damaged: no audio can be found in it.", code="corrupted")
    return AudioError("This is not an audio file, whatever its name says.", code="not_audio")


def _counts_frames(path: Path) -> bool:
    with _open_file(path) as handle:
        head = handle.read(_ID3_HEADER_BYTES)
        if head[:3] == b"ID3":
            size = 0
            for byte in head[6:]:  # four bytes of seven bits each
                size = size << 7 | byte & 0x7F
            handle.seek(_ID3_HEADER_BYTES + size)
        else:
            handle.seek(0)
        window = handle.read(_XING_WINDOW_BYTES)
    return any(mark in window for mark in (b"Xing", b"Info", b"VBRI"))


class _Nameless:
    """A binary file that hides its name from libav, and tags that are larger than they look."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._hidden = hidden_spans(handle)
        self.read = self._read_rest if self._hidden else handle.read
        self.tell = handle.tell

    def _read_rest(self, size: int) -> bytes:
        at = self._handle.tell()
        return blank(self._handle.read(size), at, self._hidden)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Seek; −1 where damaged headers point, which libav takes for an error."""
        try:
            return self._handle.seek(offset, whence)
        except (OSError, ValueError):
            return -1
