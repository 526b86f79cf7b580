"""The lyrics of a track: an .lrc or .txt file beside it, else its tags."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

LARGEST_FILE: Final = 256 * 1024
"""Bytes; a longer file holds no lyrics."""
_ENDINGS: Final = (".lrc", ".LRC", ".txt")
_TAGS: Final = frozenset(
    {"lyrics", "unsyncedlyrics", "syncedlyrics", "unsynced lyrics", "wm/lyrics", "©lyr"}
)


def lyrics_of(file: Path) -> str | None:
    """Return the lyrics of an audio file as they are written; None where there are none."""
    for ending in _ENDINGS:
        if (text := _read(file.with_suffix(ending))) and text.strip():
            return text
    return next((text for text in _tags(file) if text.strip()), None)


def _read(file: Path) -> str | None:
    try:
        if not file.is_file() or file.stat().st_size > LARGEST_FILE:
            return None
        data = file.read_bytes()
    except OSError:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _tags(file: Path) -> Iterator[str]:
    import mutagen

    try:
        found = mutagen.File(file)  # pyright: ignore[reportPrivateImportUsage]
    except (mutagen.MutagenError, OSError, ValueError):  # pyright: ignore[reportPrivateImportUsage]
        return
    if found is None or found.tags is None:
        return
    for name, value in _items(found.tags):
        if name.startswith("USLT"):
            yield str(value.text)
        elif name.removeprefix("TXXX:").lower() in _TAGS:
            first = value.text if hasattr(value, "text") else value
            first = first[0] if isinstance(first, list) and first else first
            yield str(first)


def _items(tags: Any) -> Iterator[tuple[str, Any]]:
    for name in tags.keys():  # noqa: SIM118 - a list of pairs in some formats
        yield str(name), tags[name]
