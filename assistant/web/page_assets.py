"""/chat/assets: the scripts and styles of Chainlit's page, compressed once instead of each time.

Chainlit compresses its script of 5 MB anew for every page that opens, and answers nothing else
meanwhile. Their names change with their contents, so browsers keep them.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import FileResponse

from store.settings import StoreSettings

router = APIRouter(include_in_schema=False)

_COMPRESSED: Final = frozenset({".js", ".mjs", ".css"})
_MEDIA_TYPES: Final = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
_LEVEL: Final = 6
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}


def compress_assets(packaged: Path, folder: Path) -> None:
    """Write compressed copies of what the page loads first; those of older versions go."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        f"{file.name}.gz": file for file in packaged.glob("index-*") if file.suffix in _COMPRESSED
    }
    for old in folder.iterdir():
        if old.name not in wanted:
            old.unlink()
    for name, file in wanted.items():
        if not (folder / name).exists():
            part = folder / f"{name}.part"
            part.write_bytes(gzip.compress(file.read_bytes(), _LEVEL, mtime=0))
            part.rename(folder / name)


@router.get("/chat/assets/{name}")
def asset(name: str, accept_encoding: str = Header("")) -> FileResponse:
    """A file of the page, for as long as the browser keeps it."""
    chat = StoreSettings().folder / "chat"
    file = chat / "build" / "assets" / name
    if "/" in name or "\\" in name or name.startswith(".") or not file.is_file():
        raise HTTPException(404, "There is no such file.")
    media_type = _MEDIA_TYPES.get(file.suffix)
    compressed = chat / "compressed" / f"{name}.gz"
    if "gzip" in accept_encoding and compressed.is_file():
        headers = {**_HEADERS, "Content-Encoding": "gzip"}
        return FileResponse(compressed, media_type=media_type, headers=headers)
    return FileResponse(file, media_type=media_type, headers=_HEADERS)
