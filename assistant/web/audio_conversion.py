"""Conversion of WMA, AIFF and ALAC to FLAC on first request, for browsers without them."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Final

from store.settings import StoreSettings

_FILES_KEPT: Final = 20  # converted files; some 30 MB each
UNFINISHED: Final = ".part"
_ABANDONED_S: Final = 3600.0
"""An unfinished file that is older than this was left by a server that ended."""
_RATE_HZ: Final = 44100
CONVERTING: Final = threading.Lock()
"""Held by a conversion, which takes a whole core: one at a time."""


class NotPlayableError(Exception):
    """The file cannot be converted; the message says why."""


def flac_copy(file: Path, track_id: int) -> Path:
    """Return a FLAC copy of `file`, converted on first request.

    Raises:
        NotPlayableError: The file cannot be decoded.
    """
    folder = StoreSettings().folder / "chat" / "playable"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{track_id}-{file.stat().st_mtime_ns}.flac"
    with CONVERTING:
        if not target.exists():
            delete_oldest(folder)
            half = target.with_suffix(UNFINISHED)
            _convert(file, half)
            half.replace(target)
    return target


def delete_oldest(folder: Path) -> None:
    """Make room in a folder of converted files for one more; those being written stay."""
    begun_since = time.time() - _ABANDONED_S
    written: list[tuple[float, Path]] = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # renamed or deleted since it was listed
            time_s = file.stat().st_mtime
            if UNFINISHED not in file.suffixes or time_s < begun_since:
                written.append((time_s, file))
    for _, file in sorted(written)[: max(0, len(written) - _FILES_KEPT + 1)]:
        file.unlink(missing_ok=True)


def _convert(file: Path, target: Path) -> None:
    import av
    from av.audio.resampler import AudioResampler
    from av.error import FFmpegError

    try:
        with (
            file.open("rb") as handle,
            av.open(handle, "r") as source,
            av.open(str(target), "w", format="flac") as sink,
        ):
            stream = sink.add_stream("flac", rate=_RATE_HZ, layout="stereo")
            context = stream.codec_context
            context.format = "s16"
            context.open()
            resampler = AudioResampler("s16", "stereo", _RATE_HZ, frame_size=context.frame_size)
            for frame in chain(source.decode(audio=0), (None,)):
                for piece in resampler.resample(frame):
                    sink.mux(stream.encode(piece))
            sink.mux(stream.encode(None))
    except (FFmpegError, OSError, IndexError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise NotPlayableError("This file cannot be decoded.") from error
