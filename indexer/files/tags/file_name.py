"""Artist and title from a file name, for files without tags."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from indexer.files.tags.tag_values import clean_text

_TRACK_NUMBER: Final = re.compile(r"^(?:\d-)?(?:\d{1,3}\s*[-._)]\s*|0\d{1,2}\s+)(?=\S)")
"""01 Title, 7. Title, 12 - Title, 1-03. Title; but 99 Luftballons and 50 Cent stay."""
_SEPARATOR: Final = re.compile(r"\s+[-–—]\s+")
_YEAR_LIKE: Final = re.compile(r"^(?:1[89]|20)\d\d\b")


def guess_from_name(path: Path) -> tuple[str | None, str]:
    """Return the artist, where the name holds one, and the title, never empty.

    "03 - Artist - Title.mp3" → ("Artist", "Title"). A name that is no UTF-8 is read as Windows
    Latin letters.
    """
    raw = os.fsencode(path.stem if path.suffix else path.name)
    try:
        stem = raw.decode("utf-8")
    except UnicodeDecodeError:
        stem = raw.decode("cp1252", errors="replace")
    text = clean_text(stem)
    if " " not in text:
        text = " ".join(text.replace("_", " ").split())
    short = text if _YEAR_LIKE.match(text) else _TRACK_NUMBER.sub("", text, count=1)
    parts = [part.strip() for part in _SEPARATOR.split(short or text) if part.strip()]
    if len(parts) >= 3 and re.fullmatch(r"\d{1,3}", parts[1]):
        del parts[1]  # Artist - 03 - Title
    if len(parts) >= 2:
        return parts[0], " - ".join(parts[1:])
    return None, (parts[0] if parts else text) or "Untitled"
