"""Detection of truncated files, where libav reports none.

An Ogg file declares no length, but each page declares its own (RFC 3533): a file that was cut
almost always ends inside a page. RIFF and ASF files declare their size, which libav replaces by the
actual one.
"""

from __future__ import annotations

from typing import Final

from indexer.files.audio.opened_file import OpenedFile

_CAPTURE: Final = b"OggS"
_HEADER_BYTES: Final = 27
_LARGEST_PAGE_BYTES: Final = 65_307
_STREAMED_SIZES: Final = (0, 0xFFFFFFFF)
"""Written by programs that did not know the length when they wrote the header."""
_ASF_PROPERTIES: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_HEADER_BYTES: Final = 65_536
"""The properties stand before tags and pictures in what encoders write."""
_OPUS_RATE: Final = 48_000
_READABLE_SHARE: Final = 0.9


def is_truncated(file: OpenedFile, *, container: str, sample_rate: int, decoded_s: float) -> bool:
    """Whether the end or another part of a file is missing.

    Args:
        file: The file that was decoded.
        container: As in `AudioInfo`.
        sample_rate: Of the file, Hz.
        decoded_s: Seconds that were decoded.
    """
    try:
        if container in ("ogg", "opus"):
            rate = _OPUS_RATE if container == "opus" else sample_rate
            return ogg_is_cut(file) or decoded_s < _READABLE_SHARE * ogg_span(file) / rate
        if container == "wma":
            return asf_is_cut(file)
        return container == "wav" and riff_is_cut(file)
    except OSError:
        return False


def ogg_is_cut(file: OpenedFile) -> bool:
    """Whether the last page of an Ogg file is incomplete."""
    page = _last_page(file)
    if page is None:
        return False
    if len(page) < _HEADER_BYTES or len(page) < _HEADER_BYTES + page[26]:
        return True
    body = sum(page[_HEADER_BYTES : _HEADER_BYTES + page[26]])
    return len(page) < _HEADER_BYTES + page[26] + body


def ogg_span(file: OpenedFile) -> int:
    """Return the samples from the end of the first page with audio to the end of the last page.

    Positions are absolute in the stream, which may start anywhere. Chained files restart the
    count: their span is too small, never too large.
    """
    last = _last_page(file)
    head = file.read_at(0, 4 * _LARGEST_PAGE_BYTES)
    at = head.find(_CAPTURE)
    while at >= 0:
        first = _granule(head[at:])
        if first > 0:
            return max(0, _granule(last or b"") - first)
        at = head.find(_CAPTURE, at + 1)
    return 0


def _granule(page: bytes) -> int:
    return int.from_bytes(page[6:14], "little", signed=True) if len(page) >= 14 else 0


def _last_page(file: OpenedFile) -> bytes | None:
    start = max(0, file.size_bytes - 2 * _LARGEST_PAGE_BYTES)
    tail = file.read_at(start, 2 * _LARGEST_PAGE_BYTES)
    at = tail.rfind(_CAPTURE)
    return tail[at:] if at >= 0 else None


def riff_is_cut(file: OpenedFile) -> bool:
    """Whether less than 90 % of the declared data of a RIFF WAVE file is present."""
    size = file.size_bytes
    if file.read_at(0, 4) != b"RIFF":
        return False
    at = 12
    while at + 8 <= size:
        head = file.read_at(at, 8)
        length = int.from_bytes(head[4:], "little")
        at += 8
        if head[:4] == b"data":
            return length not in _STREAMED_SIZES and size - at < _READABLE_SHARE * length
        at += length + length % 2
    return False


def asf_is_cut(file: OpenedFile) -> bool:
    """Whether less than 90 % of the declared size of an ASF (WMA) file is present.

    The File Properties Object (ASF specification 3.2) holds its GUID and its size, the GUID of the
    file, then the size of the file, 64 bits, little-endian.
    """
    head = file.read_at(0, _ASF_HEADER_BYTES)
    at = head.find(_ASF_PROPERTIES)
    if at < 0:
        return False
    declared = int.from_bytes(head[at + 40 : at + 48], "little")
    streamed = (
        head[at + 88 : at + 89] != b"\x02"
    )  # flags: 2 is seekable; a broadcast declares no size
    return not streamed and file.size_bytes < _READABLE_SHARE * declared
