"""Limits on what tags may unpack to, for everything that reads them through mutagen.

A frame of ID3v2.3 or 2.4 may be packed with zlib, which makes 1.5 GB of 1.5 MB. mutagen unpacks
without a limit wherever ID3 tags lie: in front of the audio, in a chunk of WAV and AIFF, inside of
a chapter. Its unpacking is replaced here by one that stops. Vorbis comments are not packed, but
each takes 300 bytes of memory for as few as 4 in the file; too many are not read.
"""

from __future__ import annotations

import os
import types
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from mutagen import _vorbis
from mutagen.id3 import TextFrame, _frames  # pyright: ignore[reportPrivateImportUsage]

_MB: Final = 1024 * 1024
TEXT_LIMIT_BYTES: Final = _MB
"""Of one text: a ripping log, the longest that is in use, takes a tenth."""
FRAME_LIMIT_BYTES: Final = 16 * _MB
"""Of any other frame: pictures are used up to 10 MB."""
FILE_LIMIT_BYTES: Final = 64 * _MB
"""Of all packed frames of a file together."""
COMMENTS_LIMIT: Final = 10_000
"""Vorbis comments of a file; Picard writes about 120."""


class TooLargeError(NotImplementedError):
    """A frame unpacks to more than its limit.

    mutagen keeps a frame whose reading raises this kind of error as it is, also when it saves.
    """


@dataclass(slots=True)
class _Unpacking:
    """What may still be unpacked of a file, and which frames were ignored, in words."""

    frame_limit: int = FRAME_LIMIT_BYTES
    left: int = FILE_LIMIT_BYTES
    ignored: dict[str, str] = field(default_factory=dict)


_unpacking: ContextVar[_Unpacking | None] = ContextVar("unpacking", default=None)


@contextmanager
def limited_tags() -> Iterator[list[str]]:
    """While inside, one file's tags are read; at the end the list says which were ignored."""
    told: list[str] = []
    state = _Unpacking()
    token = _unpacking.set(state)
    try:
        yield told
    finally:
        _unpacking.reset(token)
        told.extend(state.ignored.values())


def _unpack(data: bytes) -> bytes:
    """`zlib.decompress` within the limits."""
    state = _unpacking.get() or _Unpacking()
    limit = min(state.frame_limit, state.left)
    packed = zlib.decompressobj()
    plain = packed.decompress(data, limit + 1)
    state.left = max(0, state.left - len(plain))
    if len(plain) > limit:
        raise TooLargeError
    if not packed.eof:
        raise zlib.error("incomplete or truncated stream")
    return plain


_load: Final = _vorbis.VComment.load


def _limited_load(self: _vorbis.VComment, fileobj: Any, *args: Any, **kwargs: Any) -> None:
    """Read Vorbis comments, unless they say that they are too many."""
    begin = fileobj.tell()
    with suppress(OSError, EOFError):  # too short: mutagen says so itself
        fileobj.seek(int.from_bytes(fileobj.read(4), "little"), os.SEEK_CUR)
        count = int.from_bytes(fileobj.read(4), "little")
        if count > COMMENTS_LIMIT:
            if state := _unpacking.get():
                state.ignored["comments"] = f"It has {count} comments; they were ignored."
            raise _vorbis.error(f"{count} comments")
    fileobj.seek(begin)
    _load(self, fileobj, *args, **kwargs)


_from_data: Final = _frames.Frame._fromData.__func__


def _limited_from_data(cls: type, header: Any, flags: int, data: bytes) -> Any:
    """Read one frame within the limits."""
    state = _unpacking.get()
    token = None if state else _unpacking.set(state := _Unpacking())
    assert state is not None
    state.frame_limit = TEXT_LIMIT_BYTES if issubclass(cls, TextFrame) else FRAME_LIMIT_BYTES
    try:
        return _from_data(cls, header, flags, data)
    except TooLargeError:
        limit_mb = (state.frame_limit if state.left else FILE_LIMIT_BYTES) // _MB
        whose = "is" if state.left else "and the others of this file are"
        state.ignored[cls.__name__] = (
            f"Tag {cls.__name__} {whose} larger than {limit_mb} MB when unpacked; it was ignored."
        )
        raise
    finally:
        if token:
            _unpacking.reset(token)


def _install() -> None:
    """Put the limits into mutagen, whose own names these are."""
    frames: Any = _frames
    frames.zlib = types.SimpleNamespace(decompress=_unpack, error=zlib.error)
    frame: Any = frames.Frame
    frame._fromData = classmethod(_limited_from_data)
    comments: Any = _vorbis.VComment
    comments.load = _limited_load


_install()
