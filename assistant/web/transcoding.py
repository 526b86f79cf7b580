"""Sound converted while it is sent, for apps that ask for another format or less data.

A conversion runs at full speed into a file, whoever waits for it; what is written already is sent
at once. A finished file is kept for a while and sent in ranges. Whoever waits holds no thread.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

from fastapi import Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from assistant.web.audio_conversion import (
    CONVERTING,
    UNFINISHED,
    NotPlayableError,
    delete_oldest,
)
from store.settings import StoreSettings

_CHUNK: Final = 1 << 16
_WAIT_S: Final = 0.1
"""Between two looks at how far the file is, where nothing tells."""
_PATIENCE_S: Final = 10.0
"""Until an answer begins without any sound yet: another conversion goes first."""
_WANTED_S: Final = 30.0
"""A conversion that has not begun is dropped when nobody has asked for it in this time."""
_TURN_S: Final = 1.0
"""Between two looks at whether a conversion that waits for its turn is still wanted."""


@dataclass(frozen=True, slots=True)
class _Format:
    """How a format is written.

    Attributes:
        container: FFmpeg's name of it; `options` belong to it.
        kilobits: Allowed bit rates; empty where nothing is lost. `usual` is one of them.
        rate_hz: Of the samples.
    """

    container: str
    codec: str
    media_type: str
    sample_format: str
    kilobits: tuple[int, ...]
    usual: int = 0
    rate_hz: int = 44100
    options: tuple[tuple[str, str], ...] = ()


_MP3_KILOBITS: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_OPUS_KILOBITS: Final = (32, 48, 64, 80, 96, 112, 128, 160, 192, 256)
_NO_TOTALS: Final = (("write_xing", "0"),)
"""The header with the totals would be written when its place was sent already."""

_OPUS: Final = _Format(
    "ogg", "libopus", "audio/ogg", "s16", _OPUS_KILOBITS, usual=128, rate_hz=48000
)
FORMATS: Final[dict[str, _Format]] = {
    "mp3": _Format(
        "mp3", "libmp3lame", "audio/mpeg", "s16p", _MP3_KILOBITS, usual=192, options=_NO_TOTALS
    ),
    "opus": _OPUS,
    "ogg": _OPUS,
    "aac": _Format("adts", "aac", "audio/aac", "fltp", _MP3_KILOBITS, usual=192),
    "flac": _Format("flac", "flac", "audio/flac", "s16", ()),
}
"""What an app may ask for."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a file is converted to.

    Attributes:
        format: One of `FORMATS`.
        kilobits: A second, at most; None for as many as is usual.
        offset_s: Where in the file the sound begins.
    """

    format: str
    kilobits: int | None = None
    offset_s: int = 0

    @property
    def allowed_kilobits(self) -> int | None:
        """The bit rate of the format that does not exceed what is asked for, or its lowest."""
        form = FORMATS[self.format]
        if not form.kilobits:
            return None
        most = self.kilobits or form.usual
        return max((rate for rate in form.kilobits if rate <= most), default=form.kilobits[0])


async def transcoded(file: Path, track_id: int, target: Target) -> Response:
    """Return the sound of a file in another format, from the first bytes of it on.

    Raises:
        NotPlayableError: The file cannot be decoded.
    """
    media_type, headers = FORMATS[target.format].media_type, {"Cache-Control": "private"}
    found = await run_in_threadpool(_found, file, track_id, target)
    if isinstance(found, Path):
        return FileResponse(found, media_type=media_type, headers=headers)
    running, handle = found
    if not await running.sounds(handle):
        handle.close()
        raise NotPlayableError("This file cannot be decoded.")
    headers["Accept-Ranges"] = "none"
    return StreamingResponse(running.read(handle), media_type=media_type, headers=headers)


def _found(file: Path, track_id: int, target: Target) -> Path | tuple[_Conversion, BinaryIO]:
    """Return the converted file, or the conversion that writes it and what is written, opened."""
    form = FORMATS[target.format]
    folder = StoreSettings().folder / "chat" / "transcoded"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = file.stat().st_mtime_ns
    rate, begin = target.allowed_kilobits or 0, target.offset_s
    done = folder / f"{track_id}-{stamp}-{rate}-{begin}.{form.container}"
    with _lock:
        running = _running.get(done)
        if running is None and done.exists():
            return done
        if running is None:
            running = _running[done] = _Conversion(file, done, target)
            running.start()
        running.asked_s = time.monotonic()
        return running, running.part.open("rb")


class _Conversion(threading.Thread):
    """Writes a converted file, which others read meanwhile.

    Attributes:
        asked_s: When somebody last wanted it, by the monotonic clock.
    """

    def __init__(self, source: Path, done: Path, target: Target) -> None:
        super().__init__(name="transcoding", daemon=True)
        self._source, self._done, self._target = source, done, target
        self.part: Final = done.with_suffix(UNFINISHED + done.suffix)
        self.part.write_bytes(b"")
        self.asked_s = time.monotonic()
        self._ended = threading.Event()

    def run(self) -> None:
        """Convert when it is its turn and still wanted, and keep the file where that succeeds."""
        while not CONVERTING.acquire(timeout=_TURN_S):
            if self._dropped():
                return
        whole = False
        try:
            if not self._dropped():
                delete_oldest(self._done.parent)
                whole = _convert(self._source, self.part, self._target)
        finally:
            CONVERTING.release()
            with _lock:
                self._end(whole=whole)

    def _dropped(self) -> bool:
        """End before the beginning where nobody waits any more; return whether it has ended."""
        with _lock:
            if time.monotonic() - self.asked_s > _WANTED_S:
                self._end(whole=False)
            return self._ended.is_set()

    def _end(self, *, whole: bool) -> None:
        """Leave the running ones, with the lock: whoever found this one has opened the file."""
        if self._ended.is_set():
            return
        _running.pop(self._done, None)
        if whole:
            self.part.replace(self._done)
        else:
            self.part.unlink(missing_ok=True)
        self._ended.set()

    async def sounds(self, handle: BinaryIO) -> bool:
        """Wait a while until something is written; return False where nothing will be."""
        until = time.monotonic() + _PATIENCE_S
        while not self._ended.is_set() and time.monotonic() < until:
            self.asked_s = time.monotonic()
            if os.fstat(handle.fileno()).st_size:
                return True
            await asyncio.sleep(_WAIT_S)
        return not self._ended.is_set() or bool(os.fstat(handle.fileno()).st_size)

    async def read(self, handle: BinaryIO) -> AsyncIterator[bytes]:
        """Yield the file as far as it is written, until it is whole."""
        with handle:
            while True:
                ended = self._ended.is_set()
                self.asked_s = time.monotonic()
                if chunk := handle.read(_CHUNK):  # lately written, so in the memory
                    yield chunk
                elif ended:
                    return
                else:
                    await asyncio.sleep(_WAIT_S)


_lock: Final = threading.Lock()
_running: Final[dict[Path, _Conversion]] = {}


def _convert(source: Path, target: Path, wanted: Target) -> bool:
    """Write the converted file; return whether it is whole."""
    import av
    from av.audio.resampler import AudioResampler
    from av.error import FFmpegError

    form = FORMATS[wanted.format]
    try:
        with (
            source.open("rb") as handle,
            av.open(handle, "r") as opened,
            av.open(str(target), "w", format=form.container, options=dict(form.options)) as sink,
        ):
            if wanted.offset_s:
                opened.seek(wanted.offset_s * 1_000_000)
            stream: Any = sink.add_stream(form.codec, rate=form.rate_hz, layout="stereo")
            context = stream.codec_context
            context.format = form.sample_format
            if wanted.allowed_kilobits:
                context.bit_rate = wanted.allowed_kilobits * 1000
            context.open()
            size = context.frame_size or None
            resampler = AudioResampler(form.sample_format, "stereo", form.rate_hz, frame_size=size)
            for frame in chain(opened.decode(audio=0), (None,)):
                for piece in resampler.resample(frame):
                    sink.mux(stream.encode(piece))
            sink.mux(stream.encode(None))
    except (FFmpegError, OSError, IndexError, ValueError):
        return False
    return True
