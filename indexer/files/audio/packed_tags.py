"""Files as libav may see them: without ID3v2 tags that it would unpack to any size they claim.

libav unpacks the zlib frames of the ID3v2.3 and 2.4 tags that it meets, while it opens the file,
and keeps the texts. Nothing of them is needed to decode.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

UNPACKED_LIMIT_BYTES: Final = 16 * 1024 * 1024
"""Of all frames of a tag together, as they state it: libav goes by that. No cover is larger."""
FRAMES_LIMIT: Final = 4096
"""A tag that claims more frames is hidden unread; programs write some twenty."""
CHUNKS_LIMIT: Final = 4096
"""Chunks of a WAV or AIFF file that are looked at."""
_HEADER_BYTES: Final = 10
_PACKED: Final = 0x08
_STATES_SIZE: Final = 0x01
_VERSIONS: Final = (3, 4)
"""In which libav looks for packed frames."""
_CHUNKED: Final[dict[bytes, Literal["little", "big"]]] = {
    b"RIFF": "little", b"RF64": "little", b"FORM": "big",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """The inside of a tag: bytes of a file, `end` excluded."""

    begin: int
    end: int
    version: int


def hidden_spans(handle: BinaryIO) -> tuple[Span, ...]:
    """Insides of the ID3v2 tags that unpack to more than the limit; the file is rewound."""
    found = tuple(span for span in _tags(handle) if _is_too_large(handle, span))
    handle.seek(0)
    return found


def blank(data: bytes, at: int, spans: tuple[Span, ...]) -> bytes:
    """`data`, which was read at the place `at`, with zeros (padding, to ID3) inside of spans."""
    for span in spans:
        begin, end = max(span.begin - at, 0), min(span.end - at, len(data))
        if begin < end:
            data = data[:begin] + bytes(end - begin) + data[end:]
    return data


def _tags(handle: BinaryIO) -> Iterator[Span]:
    """Insides of the tags: one after the other in front, or in chunks of WAV and AIFF."""
    place = 0
    while span := _tag_at(handle, place):
        yield span
        place = span.end
    order = _CHUNKED.get(_read(handle, place, 12)[:4])
    place += 12
    for _ in range(CHUNKS_LIMIT if order else 0):
        head = _read(handle, place, 8)
        if len(head) < 8:
            return
        if head[:4].upper() == b"ID3 " and (span := _tag_at(handle, place + 8)):
            yield span
        size = int.from_bytes(head[4:], order or "big")
        place += 8 + size + size % 2


def _tag_at(handle: BinaryIO, place: int) -> Span | None:
    head = _read(handle, place, _HEADER_BYTES)
    if len(head) < _HEADER_BYTES or head[:3] != b"ID3":
        return None
    begin = place + _HEADER_BYTES
    size = os.fstat(handle.fileno()).st_size
    return Span(begin, max(begin, min(begin + _synchsafe(head[6:]), size)), head[3])


def _is_too_large(handle: BinaryIO, span: Span) -> bool:
    """Whether the packed frames of a tag claim more than the limit.

    Writers disagree on how a size is written, and readers guess: wherever a frame could begin by
    either way of writing, one is looked for.
    """
    if span.version not in _VERSIONS:
        return False
    extended = _read(handle, span.begin, 4)
    skips = {0, *(size + more for size in _sizes(extended) for more in (0, 4))}
    waiting = [span.begin + skip for skip in skips]
    seen: set[int] = set()
    unpacked = 0
    while waiting:
        place = waiting.pop()
        head = _read(handle, place, _HEADER_BYTES + 4)
        if place in seen or place + _HEADER_BYTES > span.end or not any(head):
            continue
        seen.add(place)
        if head[9] & _PACKED and head[9] & _STATES_SIZE:
            unpacked += int.from_bytes(head[10:], "big")
        if unpacked > UNPACKED_LIMIT_BYTES or len(seen) > FRAMES_LIMIT:
            return True
        waiting += [place + _HEADER_BYTES + size for size in _sizes(head[4:8])]
    return False


def _sizes(data: bytes) -> set[int]:
    """What four bytes may mean: a number in eight bits a byte, or in seven."""
    return {int.from_bytes(data, "big"), _synchsafe(data)}


def _synchsafe(data: bytes) -> int:
    """A number in bytes of seven bits."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _read(handle: BinaryIO, place: int, count: int) -> bytes:
    handle.seek(place)
    return handle.read(count)
