"""Conversion to FLAC on first request: of what browsers do not play, and of parts of files."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from store.settings import StoreSettings
from store.tracks.track_details import TrackSound, track_sound

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

_FILES_KEPT: Final = 20  # converted files; some 30 MB each
UNFINISHED: Final = ".part"
_ABANDONED_S: Final = 3600.0
"""An unfinished file that is older than this was left by a server that ended."""
_RATE_HZ: Final = 44100
_PIECE_SAMPLES: Final = 4608
CONVERTING: Final = threading.Lock()
"""Held by a conversion, which takes a whole core: one at a time."""


class NotPlayableError(Exception):
    """The file cannot be converted; the message says why."""


def sound_file(track_id: int) -> Path:
    """Return a file with the sound of a track and no other: its own, or a copy of its part.

    Raises:
        StoreError: The track or its file is not there.
        NotPlayableError: The part cannot be cut out.
    """
    sound = track_sound(track_id)
    return flac_copy(sound, track_id) if sound.is_part else sound.path


def flac_copy(sound: TrackSound, track_id: int) -> Path:
    """Return a FLAC copy of the sound of a track, converted on first request.

    Raises:
        NotPlayableError: The file cannot be decoded.
    """
    file, begin = sound.path, f"-{sound.start_s:.3f}" if sound.is_part else ""
    folder = StoreSettings().folder / "chat" / "playable"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{track_id}-{file.stat().st_mtime_ns}{begin}.flac"
    with CONVERTING:
        if not target.exists():
            delete_oldest(folder)
            half = target.with_suffix(UNFINISHED)
            _convert(sound, half)
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


def _convert(sound: TrackSound, target: Path) -> None:
    import av
    from av.error import FFmpegError

    try:
        with (
            sound.path.open("rb") as handle,
            av.open(handle, "r") as source,
            av.open(str(target), "w", format="flac") as sink,
        ):
            stream = sink.add_stream("flac", rate=_RATE_HZ, layout="stereo")
            context = stream.codec_context
            context.format = "s16"
            context.open()
            for piece in _pieces(source, sound, context.frame_size or _PIECE_SAMPLES):
                sink.mux(stream.encode(piece))
            sink.mux(stream.encode(None))
    except (FFmpegError, OSError, IndexError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise NotPlayableError("This file cannot be decoded.") from error


def _pieces(source: InputContainer, sound: TrackSound, size: int) -> Iterator[AudioFrame]:
    """Yield the samples of a file, or of exactly its part, as stereo of `_RATE_HZ`."""
    from av.audio.fifo import AudioFifo
    from av.audio.resampler import AudioResampler

    resampler, queue = AudioResampler("s16", "stereo", _RATE_HZ), AudioFifo()
    left = None if sound.end_s is None else round((sound.end_s - sound.start_s) * _RATE_HZ)
    skip: int | None = None
    place = 0
    if sound.start_s:
        source.seek(int(sound.start_s * 1_000_000))
    for frame in chain(source.decode(audio=0), (None,)):
        if frame is not None:
            begin_s = frame.time or 0.0
            if begin_s + frame.samples / frame.rate <= sound.start_s:
                continue
            skip = max(0, round((sound.start_s - begin_s) * _RATE_HZ)) if skip is None else skip
        for piece in resampler.resample(frame):
            piece.pts = None
            queue.write(piece)
        if skip and queue.samples >= skip:
            queue.read(skip)
            skip = 0
        while not skip and (queue.samples >= size or (frame is None and queue.samples)):
            count = min(size, queue.samples, size if left is None else left)
            piece = queue.read(count) if count else None
            if piece is None:
                return
            piece.pts, place = place, place + piece.samples
            left = None if left is None else left - piece.samples
            yield piece
