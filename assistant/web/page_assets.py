"""/chat/assets: the scripts and styles of Chainlit's page, compressed once instead of each time.

Chainlit compresses its script of 5 MB anew for every page that opens, and answers nothing else
meanwhile. Their names change with their contents, so browsers keep them.

In the compressed script the buttons below an answer do not listen to all messages: they were drawn
anew for each message of a conversation, at twice the cost of everything else.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import FileResponse

from store.settings import StoreSettings

router = APIRouter(include_in_schema=False)

_COMPRESSED: Final = frozenset({".js", ".mjs", ".css"})
_MEDIA_TYPES: Final = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
_LEVEL: Final = 6
_EDITION: Final = 2
"""Part of the names of compressed copies; raised when what is written into them changes."""
_LISTENING_BUTTONS: Final = re.compile(
    rb"\{firstInteraction:([\w$]+)\}=[\w$]+\(\),"
    rb'(?=[\w$]+=[\w$]+\.type==="user_message",[\w$]+=[\w$]+\.waitForAnswer,)'
)
"""Where the buttons of a message ask for all messages; what they learn is for a debugger."""
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}


def compress_assets(packaged: Path, folder: Path) -> None:
    """Write compressed copies of what the page loads first; those of older versions go."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        _compressed_name(file.name): file
        for file in packaged.glob("index-*")
        if file.suffix in _COMPRESSED
    }
    for old in folder.iterdir():
        if old.name not in wanted:
            old.unlink()
    for name, file in wanted.items():
        if not (folder / name).exists():
            part = folder / f"{name}.part"
            content = _LISTENING_BUTTONS.sub(rb"\1=true,", file.read_bytes())
            part.write_bytes(gzip.compress(content, _LEVEL, mtime=0))
            part.rename(folder / name)


def _compressed_name(name: str) -> str:
    return f"{name}.{_EDITION}.gz"


@router.get("/chat/assets/{name}")
def asset(name: str, accept_encoding: str = Header("")) -> FileResponse:
    """A file of the page, for as long as the browser keeps it."""
    chat = StoreSettings().folder / "chat"
    file = chat / "build" / "assets" / name
    if "/" in name or "\\" in name or name.startswith(".") or not file.is_file():
        raise HTTPException(404, "There is no such file.")
    media_type = _MEDIA_TYPES.get(file.suffix)
    compressed = chat / "compressed" / _compressed_name(name)
    if "gzip" in accept_encoding and compressed.is_file():
        headers = {**_HEADERS, "Content-Encoding": "gzip"}
        return FileResponse(compressed, media_type=media_type, headers=headers)
    return FileResponse(file, media_type=media_type, headers=_HEADERS)
