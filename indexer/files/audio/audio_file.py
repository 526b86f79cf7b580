"""Audio streams opened through PyAV.

libav gets Python file objects without a name: a name is then not read as a URL, need not be UTF-8,
and the container is detected by content alone. Only demuxers of audio containers are allowed, so
that libav opens nothing else for a disguised playlist or script.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import av
import av.error
import av.logging

from indexer.files.audio.audio_types import AudioError, AudioInfo, check_rate
from indexer.files.audio.opened_file import OpenedFile, opened
from indexer.files.audio.packed_tags import blank, hidden_spans

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

av.logging.set_level(av.logging.PANIC)  # damaged files are reported by `AudioError`

_DEMUXERS: Final = (
    "mp3,flac,ogg,mov,mp4,m4a,wav,w64,aiff,asf,aac,ape,wv,mpc,mpc8,tta,matroska,webm,caf,"
    "au,dsf,iff,ac3,eac3,dts,dtshd,truehd,mlp,tak,shn,amr,oma,rm,voc"
)


@cache
def _options() -> dict[str, str]:
    """Return the options that limit libav to audio containers and decoders of audio.

    It would decode a cover picture, too, to read its size: a small file can hold a picture that
    takes 700 MB.
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
        return False  # an encoder only


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
"""Containers expected by suffix; others are opened, too, with a warning."""

_SIGNATURE_BYTES: Final = 12
_ID3_HEADER_BYTES: Final = 10
_XING_WINDOW_BYTES: Final = 4096
"""The first MPEG frame, where a Xing, Info or VBRI header counts the frames, lies within."""


@contextmanager
def open_audio(source: Path | OpenedFile) -> Iterator[tuple[InputContainer, AudioStream]]:
    """Open the first audio stream of a file.

    The reader of an `OpenedFile` owns its position: nothing else may move it meanwhile.

    Raises:
        AudioError: The file cannot be read, or holds no audio that can be decoded.
        MemoryError: There is too little for it.
    """
    with opened(source) as file:
        if not file.size_bytes:
            raise AudioError("The file is empty (0 bytes).", code="empty")
        try:
            container = av.open(
                _Nameless(file.rewound()),
                mode="r",
                options=dict(_options()),
                metadata_errors="surrogateescape",
            )
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError, OSError) as error:
            raise _not_opened(file) from error
        with container:
            stream = _first_stream(container)
            stream.codec_context.thread_count = 1  # there is one worker a core
            try:
                yield container, stream
            except OSError as error:
                raise AudioError(
                    f"Reading the file stopped ({error}); check the disk or the network share.",
                    code="unreadable",
                ) from error


def _first_stream(container: InputContainer) -> AudioStream:
    streams = container.streams.audio
    if not streams:
        raise AudioError("The file holds no audio.", code="not_audio")
    if streams[0].codec_context is None:
        raise AudioError(
            "The audio in this file is in a format that cannot be decoded; "
            "convert it to FLAC or MP3.",
            code="unsupported",
        )
    return streams[0]


def probe(source: Path | OpenedFile) -> AudioInfo:
    """Read the header of a file; nothing is decoded.

    Raises:
        AudioError: As `open_audio`.
    """
    with opened(source) as file, open_audio(file) as (container, stream):
        return describe(file, container, stream)


def describe(file: OpenedFile, container: InputContainer, stream: AudioStream) -> AudioInfo:
    """Return the `AudioInfo` of a file whose audio is open."""
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
    suffix = file.path.suffix.lower()
    expected = _EXPECTED.get(suffix)
    warnings = ()
    if expected and name not in expected:
        warnings = (f"The file is named {suffix} but holds {name} audio.",)
    return AudioInfo(
        duration_s=duration_s if duration_s and duration_s > 0 else None,
        container=name,
        codec=_plain_codec(codec.name),
        channels=codec.channels,
        sample_rate=codec.sample_rate,
        bit_rate=codec.bit_rate or container.bit_rate or None,
        length_is_exact=name != "aac" and (name != "mp3" or _counts_frames(file)),
        warnings=warnings,
    )


def container_name(demuxer: str, codec: str) -> str:
    """Return the common name of a container."""
    if "mp4" in demuxer.split(","):
        return "alac" if codec == "alac" else "m4a"
    if demuxer == "ogg":
        return "opus" if "opus" in codec else "ogg"
    return _CONTAINERS.get(demuxer, demuxer)


def _plain_codec(codec: str) -> str:
    return {"mp3float": "mp3", "libopus": "opus", "mp2float": "mp2"}.get(codec, codec)


def _not_opened(file: OpenedFile) -> AudioError:
    """Return why libav refused a file, by its first bytes."""
    head = file.read_at(0, _SIGNATURE_BYTES)
    if head[4:8] == b"ftyp":
        return AudioError(
            "The file is incomplete: its table of contents is missing. Copy it again.",
            code="truncated",
        )
    known = (b"ID3", b"fLaC", b"OggS", b"RIFF", b"FORM", b"MAC ", b"\x30\x26\xb2\x75")
    if head.startswith(known):
        return AudioError("The file is damaged: no audio can be found in it.", code="corrupted")
    return AudioError("This is not an audio file, whatever its name says.", code="not_audio")


def _counts_frames(file: OpenedFile) -> bool:
    """Whether the first frame of an MP3 holds a header that counts the frames."""
    head = file.read_at(0, _ID3_HEADER_BYTES)
    start = 0
    if head[:3] == b"ID3":
        size = 0
        for byte in head[6:]:  # four bytes of seven bits each
            size = size << 7 | byte & 0x7F
        start = _ID3_HEADER_BYTES + size
    window = file.read_at(start, _XING_WINDOW_BYTES)
    return any(mark in window for mark in (b"Xing", b"Info", b"VBRI"))


class _Nameless:
    """A binary file for libav, without its name and without tags that unpack to too much."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._hidden = hidden_spans(handle)
        self.read = self._read_rest if self._hidden else handle.read
        self.tell = handle.tell

    def _read_rest(self, size: int) -> bytes:
        at = self._handle.tell()
        return blank(self._handle.read(size), at, self._hidden)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Seek; return −1, an error for libav, at positions of damaged headers."""
        try:
            return self._handle.seek(offset, whence)
        except (OSError, ValueError):
            return -1
