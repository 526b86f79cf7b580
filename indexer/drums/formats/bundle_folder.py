"""Where a bundle goes: never over anything that is not an untouched bundle of the same song."""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from itertools import chain, count
from pathlib import Path
from typing import Final

from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.dtx_types import DtxError

_NAME_LENGTH: Final = 60
_DEVICES: Final = re.compile("(con|prn|aux|nul|(com|lpt)[0-9])", re.IGNORECASE)
"""Windows takes these for devices and makes no folder of that name."""
_WORDS: Final = re.compile(r"[^\W_]+")
WORK_PREFIX: Final = ".bundle-"
_ABANDONED_S: Final = 24 * 3600.0
"""Nobody works on one bundle for a day."""


def safe_name(text: str) -> str:
    """A file name that every system takes: ASCII letters, digits and `-`.

    Words of other scripts cannot stand in it; a short hash of the text tells such names apart.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", _ascii(decomposed)).strip("-")[:_NAME_LENGTH].strip("-")
    if any(not _ascii(word) for word in _WORDS.findall(decomposed)):
        return f"{plain or 'song'}-{zlib.crc32(decomposed.encode(errors='replace')):08x}"
    if _DEVICES.fullmatch(plain):
        return f"{plain}-song"
    return plain or "song"


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def remove_abandoned(out: Path) -> None:
    """Remove what was left in `out` when the power failed while a bundle was being made."""
    for work in out.glob(f"{WORK_PREFIX}*"):
        if work.is_dir() and time.time() - work.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(work, ignore_errors=True)


def folder_for(made: Path, *, name: str, out: Path, taken: Collection[Path] = ()) -> Path:
    """Where a bundle that was just made goes; its zip stands beside it.

    That of an earlier bundle of the same song is taken again, unless somebody changed or added a
    file since; else the first of NAME, NAME-2, NAME-3 … that is free.

    Args:
        made: The new folder, somewhere else.
        name: As the folder should be called.
        out: Where bundles are kept.
        taken: Places that must not be used.
    """
    song = _song_of(made)
    for place in (out / one for one in chain([name], (f"{name}-{n}" for n in count(2)))):
        if place in taken:
            continue
        free = not place.exists() and not _zip_of(place).exists()
        if free or (_untouched(place) and _song_of(place) == song):
            return place
    raise AssertionError("there is always another number")


def _zip_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.zip")


def _untouched(place: Path) -> bool:
    """Whether a folder holds exactly what the zip beside it does."""
    if not place.is_dir():
        return False
    try:
        with zipfile.ZipFile(_zip_of(place)) as archive:
            packed = {info.filename: info.CRC for info in archive.infolist()}
        there = {
            f"{place.name}/{path.relative_to(place).as_posix()}": zlib.crc32(path.read_bytes())
            for path in place.rglob("*")
            if not path.is_dir()
        }
    except (OSError, zipfile.BadZipFile):
        return False
    return there == packed


def _song_of(place: Path) -> tuple[str, str] | None:
    """(artist, title) of the charts in a folder."""
    for path in sorted(place.glob("*.dtx")):
        try:
            chart = decode(path.read_bytes())
        except DtxError:
            return None
        return chart.artist, chart.title
    return None
