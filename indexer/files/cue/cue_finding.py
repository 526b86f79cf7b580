"""The cue sheet of an audio file: beside it, or in its tags."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import mutagen
from mutagen.flac import FLAC

from indexer.files.audio.opened_file import OpenedFile
from indexer.files.cue.cue_sheet import (
    LARGEST_BYTES,
    CueError,
    CueFile,
    CueSheet,
    CueTrack,
    parts_of,
    read_cue,
)
from indexer.files.tags.blocks.stored_blocks import BROKEN
from indexer.files.tags.tag_limits import limited_tags
from store.text_decoding import decoded

SUFFIX: Final = ".cue"
_TAG_NAMES: Final = ("cuesheet", "txxx:cuesheet", "----:com.apple.itunes:cuesheet")
_LEAD_OUT: Final = (170, 255)
"""Numbers of the track behind the last one in FLAC's block."""


@dataclass(frozen=True, slots=True)
class CuePart:
    """A track of a long file: from `start_s` to `end_s`, None for the end of the file."""

    track: CueTrack
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class CueParts:
    """The parts of a file, and the sheet that names them."""

    sheet: CueSheet
    parts: tuple[CuePart, ...]


def cue_beside(path: Path, names: Collection[str] | None = None) -> Path | None:
    """Return the cue sheet beside an audio file: of its name, or one that names it.

    Args:
        path: The audio file.
        names: Of the files in its folder; None looks there.
    """
    if names is None:
        try:
            with os.scandir(path.parent) as entries:
                names = [entry.name for entry in entries]
        except OSError:
            return None
    sheets = sorted(name for name in names if name.lower().endswith(SUFFIX))
    for wanted in (path.stem + SUFFIX, path.name + SUFFIX):
        if named := next((n for n in sheets if n.casefold() == wanted.casefold()), None):
            return path.with_name(named)
    for name in sheets:
        sheet = _sheet_at(path.with_name(name))
        if sheet and (file := sheet.file_named(path.name, alone=False)) and len(file.tracks) > 1:
            return path.with_name(name)
    return None


def cue_stamp(status: os.stat_result, cue: Path | None) -> tuple[int, int]:
    """Return size and time of an audio file together with those of its cue sheet."""
    size, time_ns = status.st_size, status.st_mtime_ns
    if cue is not None:
        with suppress(OSError):
            beside = cue.stat()
            return size + beside.st_size, max(time_ns, beside.st_mtime_ns)
    return size, time_ns


def cue_parts(file: OpenedFile, duration_s: float | None) -> CueParts | None:
    """Return the parts that a cue sheet makes of a file; None where there is no sheet.

    Raises:
        CueError: There is one that cannot be used.
    """
    beside = cue_beside(file.path)
    if beside is not None:
        try:
            content = beside.read_bytes()[: LARGEST_BYTES + 1]
        except OSError as error:
            raise CueError(f"it cannot be read ({error.strerror})") from error
        if len(content) > LARGEST_BYTES:
            raise CueError("it is too large")
        sheet = read_cue(decoded(content))
    else:
        sheet = _embedded(file)
    named = sheet and sheet.file_named(file.path.name, alone=True)
    if sheet is None or (beside is None and named and len(named.tracks) < 2):
        return None
    if named is None:
        raise CueError("it does not name this file")
    if len(sheet.files) > 1 and len(named.tracks) < 2:
        return None  # one file a track: each is a track already
    found = parts_of(named, duration_s)
    return CueParts(sheet, tuple(CuePart(t, t.start_s, end_s) for t, end_s in found))


def _sheet_at(path: Path) -> CueSheet | None:
    with suppress(OSError):
        return _parsed(path, path.stat().st_mtime_ns)
    return None


@lru_cache(maxsize=256)
def _parsed(path: Path, _time_ns: int) -> CueSheet | None:
    try:
        return read_cue(decoded(path.read_bytes()[:LARGEST_BYTES]))
    except (OSError, CueError):
        return None


def _embedded(file: OpenedFile) -> CueSheet | None:
    """Return the sheet in the tags of a file, or in FLAC's own block, which has no titles."""
    text = ""
    with suppress(*BROKEN), limited_tags():
        opened: Any = mutagen.File(file.rewound())  # pyright: ignore[reportPrivateImportUsage]
        tags: Any = opened.tags if opened is not None else None
        names = list(tags.keys()) if hasattr(tags, "keys") else []
        named = next((name for name in names if str(name).lower() in _TAG_NAMES), None)
        if named is not None:
            text = _text_of(tags[named])
        elif isinstance(opened, FLAC) and opened.cuesheet is not None:
            return _of_block(opened.cuesheet, file.path.name, opened.info.sample_rate)
    return read_cue(text) if text.strip() else None


def _text_of(value: Any) -> str:
    """The text of a tag of any kind."""
    first = value[0] if isinstance(value, list) and value else value
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _of_block(block: Any, name: str, rate: int) -> CueSheet | None:
    tracks: list[CueTrack] = []
    for each in block.tracks:
        if each.track_number in _LEAD_OUT or each.type != 0:
            continue
        first = next((i.index_offset for i in each.indexes if i.index_number == 1), 0)
        tracks.append(CueTrack(each.track_number, (each.start_offset + first) / rate))
    return CueSheet((CueFile(name, tuple(tracks)),)) if tracks else None
