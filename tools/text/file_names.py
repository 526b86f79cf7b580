"""A file name made from a title that anybody may have written."""

from __future__ import annotations

import re
from typing import Final

from tools.text.untrusted import plain

BYTES_AT_MOST: Final = 120
"""Of the whole name with its ending: far below the 255 that file systems take."""
_FORBIDDEN = re.compile(r'[/\\:*?"<>|%]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def safe_file_name(title: str, ending: str) -> str:
    """`title.ending` without separators, control characters, leading dots and reserved names."""
    stem = _FORBIDDEN.sub("_", plain(title)).strip(" .") or "playlist"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    room = BYTES_AT_MOST - len(ending.encode()) - 1
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return f"{stem}.{ending}"
