"""Folder of a bundle: never over anything but an unchanged bundle of the same song."""

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
"""Reserved device names of Windows, which no folder may have."""
_WORDS: Final = re.compile(r"[^\W_]+")
WORK_PREFIX: Final = ".bundle-"
_ABANDONED_S: Final = 24 * 3600.0
"""Age from which on a work folder is a crash's: no bundle takes a day to write."""


def safe_name(text: str) -> str:
    """Return a file name that is valid on every system: ASCII letters, digits and `-`.

    Words of other scripts are left out, and a short hash of the text makes such names distinct.
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


def folder_for(made: Path, *, name: str, out: Path, reserved: Collection[Path] = ()) -> Path:
    """Return the folder that a new bundle is moved to; its zip goes beside it.

    It is that of an earlier bundle of the same song, unless a file was changed or added since; else
    the first of NAME, NAME-2, NAME-3 … that is free.

    Args:
        made: The new folder, still in the work folder.
        name: As the folder should be called.
        out: Folder of the bundles.
        reserved: Folders that must not be used.
    """
    song = _song_of(made)
    for folder in (out / one for one in chain([name], (f"{name}-{n}" for n in count(2)))):
        if folder in reserved:
            continue
        free = not folder.exists() and not _zip_of(folder).exists()
        if free or (_is_unchanged(folder) and _song_of(folder) == song):
            return folder
    raise AssertionError("there is always another number")


def _zip_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.zip")


def _is_unchanged(folder: Path) -> bool:
    """Whether a folder holds exactly the files of the zip beside it."""
    if not folder.is_dir():
        return False
    try:
        with zipfile.ZipFile(_zip_of(folder)) as archive:
            packed = {info.filename: info.CRC for info in archive.infolist()}
        there = {
            f"{folder.name}/{path.relative_to(folder).as_posix()}": zlib.crc32(path.read_bytes())
            for path in folder.rglob("*")
            if not path.is_dir()
        }
    except (OSError, zipfile.BadZipFile):
        return False
    return there == packed


def _song_of(folder: Path) -> tuple[str, str] | None:
    """Return (artist, title) of the charts in a folder; None where there are none."""
    for path in sorted(folder.glob("*.dtx")):
        try:
            chart = decode(path.read_bytes())
        except DtxError:
            return None
        return chart.artist, chart.title
    return None
