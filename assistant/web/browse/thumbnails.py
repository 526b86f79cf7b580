"""Small copies of covers for grids and lists, made on first request and kept in the data folder."""

from __future__ import annotations

import asyncio
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

from assistant.web.browse.kept_files import make_room
from store.settings import StoreSettings
from store.tracks import track_details

SIZES: Final = (96, 320, 640)
"""Edges in pixels: a row, a cell of the grid, the head of an album."""
LARGEST_PIXELS: Final = 50_000_000
"""A picture with more is not decoded: it is larger than any cover and would fill the memory."""
Format = Literal["webp", "jpeg"]
# A grid asks for many at once: lists must not wait for them.
_makers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="thumbnails")


async def thumbnail(cover_id: int, size: int, *, format: Format = "webp") -> Path | None:
    """Return a copy of a stored picture, at most `size` pixels wide and high.

    None where there is no such picture, or it cannot be decoded.
    """
    folder = StoreSettings().folder / "chat" / "thumbnails"
    file = folder / f"{cover_id}-{size}.{format}"
    if file.is_file():
        return file
    return await asyncio.get_running_loop().run_in_executor(_makers, _made, cover_id, size, file)


def _made(cover_id: int, size: int, file: Path) -> Path | None:
    folder = file.parent
    found = track_details.picture(cover_id)
    if found is None:
        return None
    data = _scaled(found[1], size, file.suffix[1:])
    if data is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    make_room(folder)
    part = file.with_suffix(f".{threading.get_ident()}")
    part.write_bytes(data)
    part.replace(file)
    return file


def _scaled(data: bytes, size: int, format: str) -> bytes | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                return None
            picture.draft("RGB", (size, size))
            small = picture.convert("RGB")
            small.thumbnail((size, size))
            made = io.BytesIO()
            small.save(made, format, quality=82)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return made.getvalue()
