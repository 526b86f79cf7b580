"""The demo library on disk: songs rendered once, encoded and tagged, with a cover."""

from __future__ import annotations

import io
import os
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from pathlib import Path
from typing import Final

from indexer.demo.demo_songs import SONGS, DemoSong
from store import processes

_SIDE_PX: Final = 480
_STOP_POLL_S: Final = 0.2


def render_library(
    folder: Path,
    *,
    on_progress: Callable[[int, int, str], None] = lambda done, total, title: None,
    workers: int | None = None,
    stop: threading.Event | None = None,
) -> tuple[Path, ...]:
    """Render the songs that are not there yet.

    Args:
        folder: Target; one folder an artist.
        on_progress: Called with songs done, songs in all, and the title just finished.
        workers: Processes to use; the number of cores unless given.
        stop: Ends the rendering at once when set; songs just begun are begun again next time.

    Returns:
        The paths of all songs, in the order of `SONGS`.

    Raises:
        OSError: The folder cannot be written or the disk is full.
    """
    paths = tuple(song_path(folder, song) for song in SONGS)
    waiting = [(s, p) for s, p in zip(SONGS, paths, strict=True) if not p.exists()]
    done = len(SONGS) - len(waiting)
    on_progress(done, len(SONGS), "")
    if not waiting:
        return paths
    count = min(len(waiting), workers or os.cpu_count() or 1)
    begun: set[int] = set()
    with processes.pool(count) as pool:
        futures = {pool.submit(write_song, song, path): song for song, path in waiting}
        left = set(futures)
        while left:
            ready, left = wait(left, timeout=_STOP_POLL_S, return_when=FIRST_COMPLETED)
            if stop is not None and stop.is_set():
                begun = _end(pool)
                break
            for future in ready:
                future.result()
                done += 1
                on_progress(done, len(SONGS), futures[future].title)
    for process in begun:
        for path in paths:
            _unfinished(path, process).unlink(missing_ok=True)
    return paths


def _end(pool: Executor) -> set[int]:
    """End the processes of a pool in the middle of their work; return their ids."""
    pool.shutdown(wait=False, cancel_futures=True)
    return processes.end_pools()


def _unfinished(path: Path, process: int) -> Path:
    return path.with_name(f".{process}-{path.name}")


def song_path(folder: Path, song: DemoSong) -> Path:
    """Return the path of a song: artist/album/title.suffix."""
    return folder / song.artist / song.album / f"{song.title}.{song.suffix}"


def write_song(song: DemoSong, path: Path) -> None:
    """Render, encode and tag one song; the file appears once it is complete."""
    from indexer.demo.demo_mix import render
    from indexer.demo.instruments import SAMPLE_RATE
    from indexer.files.audio.encoding import encode

    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _unfinished(path, os.getpid())
    try:
        encode(unfinished, render(song), sample_rate=SAMPLE_RATE)
        _write_tags(unfinished, song)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _cover(song: DemoSong) -> bytes:
    """Draw the cover of an album: rings over a gradient, with colours derived from its name."""
    from PIL import Image, ImageDraw, ImageFilter

    seed = zlib.crc32(song.album.encode())
    hue, other = seed % 256, (seed // 256 + 90) % 256
    ramp = Image.linear_gradient("L").resize((_SIDE_PX, _SIDE_PX)).rotate(seed % 4 * 90)
    flat = Image.new("L", ramp.size, 150)
    picture = Image.merge(
        "HSV", (ramp.point([(hue + v // 4) % 256 for v in range(256)]), flat, ramp)
    ).convert("RGB")
    draw = ImageDraw.Draw(picture)
    colour = Image.new("HSV", (1, 1), (other, 170, 245)).convert("RGB").getpixel((0, 0))
    centre = (_SIDE_PX * (1 + seed % 3) // 4, _SIDE_PX * (1 + seed // 7 % 3) // 4)
    for ring in range(3 + seed % 4):
        radius = 36 + 46 * ring
        box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        draw.ellipse(box, outline=colour, width=6 + seed % 9)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=85)
    return out.getvalue()


def _write_tags(path: Path, song: DemoSong) -> None:
    write = {".mp3": _tag_id3, ".m4a": _tag_mp4}.get(path.suffix, _tag_vorbis)
    write(path, song, _cover(song))


def _tag_id3(path: Path, song: DemoSong, cover: bytes) -> None:
    from mutagen import id3

    tags = id3.ID3()
    frames = (
        id3.TIT2(text=song.title), id3.TPE1(text=song.artist), id3.TALB(text=song.album),
        id3.TDRC(text=str(song.year)), id3.TCON(text=song.genre),
        id3.APIC(mime="image/jpeg", type=3, desc="", data=cover),
    )  # fmt: skip
    for frame in frames:
        tags.add(frame)
    tags.save(path)


def _tag_mp4(path: Path, song: DemoSong, cover: bytes) -> None:
    from mutagen.mp4 import MP4, MP4Cover

    file = MP4(path)
    file["\xa9nam"], file["\xa9ART"], file["\xa9alb"] = song.title, song.artist, song.album
    file["\xa9day"], file["\xa9gen"] = str(song.year), song.genre
    file["covr"] = [MP4Cover(cover, MP4Cover.FORMAT_JPEG)]
    file.save()


def _tag_vorbis(path: Path, song: DemoSong, cover: bytes) -> None:
    import base64

    from mutagen import flac, oggopus, oggvorbis

    picture = flac.Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", cover
    kind = {".flac": flac.FLAC, ".opus": oggopus.OggOpus}.get(path.suffix, oggvorbis.OggVorbis)
    file = kind(path)
    file["title"], file["artist"], file["album"] = [song.title], [song.artist], [song.album]
    file["date"], file["genre"] = [str(song.year)], [song.genre]
    if isinstance(file, flac.FLAC):
        file.add_picture(picture)
    else:
        file["metadata_block_picture"] = [base64.b64encode(picture.write()).decode("ascii")]
    file.save()
