"""Results of the analysis → tags of a file, by the names that players look for; and back again.

A file is never changed in place: its copy is tagged, checked to hold the same audio, and then takes
its place in one step. What was there before is returned, so that it can be put back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3, TXXX, Frames  # pyright: ignore[reportPrivateImportUsage]
from mutagen.mp4 import MP4FreeForm, MP4Tags

from indexer.audio_hash import payload_hash
from indexer.audio_types import AudioError
from indexer.tag_blocks import BROKEN
from indexer.tag_limits import limited_tags
from indexer.tag_marks import MARK, mark_of, read_mark, same
from indexer.tag_values import parse_number

Field = Literal["bpm", "key", "mood", "gain", "peak"]
FIELDS: Final[tuple[Field, ...]] = ("bpm", "key", "mood", "gain", "peak")
Kind = Literal["id3", "vorbis", "ape", "mp4", "asf"]
Values = tuple[str, ...]
Remember = Callable[[Mapping[str, Values], Mapping[str, Values]], None]

REPLAYGAIN_LUFS: Final = -18.0
"""ReplayGain 2.0 brings music to this loudness."""
_ITUNES: Final = "----:com.apple.iTunes:"
_NAMES: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    "id3": {
        "bpm": ("TBPM",), "key": ("TKEY",), "mood": ("TMOO",),
        "gain": ("TXXX:REPLAYGAIN_TRACK_GAIN",), "peak": ("TXXX:REPLAYGAIN_TRACK_PEAK",),
        MARK: (f"TXXX:{MARK}",),
    },
    "vorbis": {
        "bpm": ("BPM",), "key": ("INITIALKEY", "KEY"), "mood": ("MOOD",),
        "gain": ("REPLAYGAIN_TRACK_GAIN",), "peak": ("REPLAYGAIN_TRACK_PEAK",), MARK: (MARK,),
    },
    "ape": {
        "bpm": ("BPM",), "key": ("KEY",), "mood": ("Mood",),
        "gain": ("REPLAYGAIN_TRACK_GAIN",), "peak": ("REPLAYGAIN_TRACK_PEAK",), MARK: (MARK,),
    },
    "mp4": {
        "bpm": ("tmpo",), "key": (f"{_ITUNES}initialkey",), "mood": (f"{_ITUNES}MOOD",),
        "gain": (f"{_ITUNES}REPLAYGAIN_TRACK_GAIN",),
        "peak": (f"{_ITUNES}REPLAYGAIN_TRACK_PEAK",), MARK: (f"{_ITUNES}{MARK}",),
    },
    "asf": {
        "bpm": ("WM/BeatsPerMinute",), "key": ("WM/InitialKey",), "mood": ("WM/Mood",),
        "gain": ("REPLAYGAIN_TRACK_GAIN",), "peak": ("REPLAYGAIN_TRACK_PEAK",), MARK: (MARK,),
    },
}  # fmt: skip
_PLAIN: Final[dict[str, str]] = {
    "bpm": "bpm", "key": "initialkey", "mood": "mood",
    "gain": "replaygaintrackgain", "peak": "replaygaintrackpeak",
}  # fmt: skip
"""Field → its plain name in `tag_blocks`."""
_WHOLE_NUMBERS: Final = ("id3", "mp4")
"""ID3v2 and MP4 hold the tempo as a whole number."""
_NEAR: Final[dict[Field, float]] = {"gain": 0.02, "peak": 1e-4}
"""Differences (dB; of full scale) below which two measurements of a file are one: what is stored is
rounded, and rounds once more when it is written."""
_DAMAGED: Final = "Its tags are damaged; they were left as they are."
_TOO_LARGE: Final = "Its tags need more memory than there is; they were left as they are."


class TagError(Exception):
    """Tags of a file cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the analysis says of a track, as far as it is known."""

    bpm: float | None = None
    key: str | None = None
    scale: str | None = None
    moods: tuple[str, ...] = ()
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a file: what it says now and what it would say."""

    field: Field
    old: Values
    new: Values


def plan(
    path: Path, result: Result, *, fields: Sequence[Field] = FIELDS, overwrite: bool = False
) -> tuple[Change, ...]:
    """What would be written into a file.

    Args:
        path: An audio file.
        result: The values.
        fields: Which of them.
        overwrite: Also where the file says something else already.

    Raises:
        TagError: The file cannot be read or its format takes no tags.
    """
    tags = _open(path).tags
    kind = _kind(tags)
    own = read_mark(_get(tags, _NAMES[kind][MARK][0]))
    changes = []
    for field, new in _wanted(result, kind).items():
        old = next(filter(None, (_get(tags, name) for name in _NAMES[kind][field])), ())
        mine = same(old, own.get(_PLAIN[field], ()))
        if field in fields and not _as_good(field, old, new) and (overwrite or not old or mine):
            changes.append(Change(field, old, new))
    return tuple(changes)


def write(path: Path, changes: Sequence[Change], remember: Remember) -> None:
    """Write changes.

    Args:
        path: The file that they were planned for.
        changes: Of `plan`.
        remember: Gets what the touched names said before and say then, just before it happens.

    Raises:
        TagError: The file cannot be written, or its audio would not stay the same.
    """
    tags = _open(path).tags
    names = _NAMES[_kind(tags)]
    mark = names[MARK][0]
    written = read_mark(_get(tags, mark)) | {_PLAIN[c.field]: c.new for c in changes}
    values = {name: change.new for change in changes for name in names[change.field]}
    put(path, values | {mark: (mark_of(written),)}, remember)


def put(path: Path, values: Mapping[str, Values], remember: Remember = lambda *_: None) -> None:
    """Set names of a file to values; nothing is left of a name without values.

    Raises:
        TagError: As `write`.
    """
    target = path.resolve()
    copy = target.with_name(f".backbeat-tags-{os.getpid()}.part")
    try:
        shutil.copy2(target, copy)
        file = _open(path, at=copy)
        before = {name: _get(file.tags, name) for name in values}
        for name, value in values.items():
            _set(file.tags, name, value)
        _save(file)
        if payload_hash(copy) != payload_hash(target):
            raise TagError("Its audio would not have stayed the same; it was left as it is.")
        remember(before, values)
        copy.replace(target)
    except OSError as error:
        raise TagError(f"It cannot be written ({error.strerror or error}).") from error
    except AudioError as error:
        raise TagError(str(error)) from error
    except MemoryError as error:
        raise TagError(_TOO_LARGE) from error
    except BROKEN as error:
        raise TagError(_DAMAGED) from error
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def values_of(path: Path, names: Iterable[str]) -> dict[str, Values]:
    """What names of a file say.

    Raises:
        TagError: The file cannot be read.
    """
    tags = _open(path).tags
    return {name: _get(tags, name) for name in names}


def _open(path: Path, *, at: Path | None = None) -> Any:
    """The file as mutagen sees it, with tags; `at` is a copy of it under another name."""
    try:
        with limited_tags() as ignored:
            file = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
            if file is not None and _is_v23(file.tags):
                file = type(file)(path if at is None else at, translate=False)
            elif file is not None and at is not None:
                file = type(file)(at)
    except MemoryError as error:
        raise TagError(_TOO_LARGE) from error
    except BROKEN as error:
        raise TagError(_DAMAGED if path.is_file() else "The file is not there.") from error
    try:
        if file is not None and file.tags is None:
            file.add_tags()
    except BROKEN:
        file = None
    if file is None:
        raise TagError("No tags can be written into this kind of file.")
    if ignored:
        raise TagError(f"{ignored[0]} Its tags were left as they are.")
    return file


def _is_v23(tags: Any) -> bool:
    return isinstance(tags, ID3) and tags.version[:2] == (2, 3)


def _save(file: Any) -> None:
    """In the version that the file has: players for cars know no other than ID3v2.3."""
    if _is_v23(file.tags):
        file.save(v2_version=3)
    else:
        file.save()


def _kind(tags: Any) -> Kind:
    if isinstance(tags, ID3):
        return "id3"
    if isinstance(tags, MP4Tags):
        return "mp4"
    if isinstance(tags, APEv2):
        return "ape"
    return "asf" if isinstance(tags, ASFTags) else "vorbis"


def _wanted(result: Result, kind: Kind) -> dict[Field, Values]:
    wanted: dict[Field, Values] = {}
    if result.bpm:
        digits = 0 if kind in _WHOLE_NUMBERS else 2
        wanted["bpm"] = (f"{round(result.bpm, digits):g}",)
    if result.key:
        wanted["key"] = (result.key + ("m" if result.scale == "minor" else ""),)
    if result.moods:
        wanted["mood"] = result.moods
    if result.loudness_lufs is not None:
        wanted["gain"] = (f"{REPLAYGAIN_LUFS - result.loudness_lufs:.2f} dB",)
    if result.true_peak_dbtp is not None:
        wanted["peak"] = (f"{10 ** (result.true_peak_dbtp / 20):.6f}",)
    return wanted


def _as_good(field: Field, old: Values, new: Values) -> bool:
    """Whether a file says already what would be written, or so nearly that nobody would hear it."""
    if field in _NEAR and len(old) == 1:
        said, wanted = parse_number(old[0]), parse_number(new[0])
        return said is not None and wanted is not None and abs(said - wanted) <= _NEAR[field]
    return same(old, new)


def _spelled(tags: Any, name: str) -> str:
    """The name as the file spells it."""
    return next((there for there in tags.keys() if there.upper() == name.upper()), name)  # noqa: SIM118


def _get(tags: Any, name: str) -> Values:
    name = _spelled(tags, name)
    if name not in tags:
        return ()
    value = tags[name]
    if isinstance(tags, ID3):
        return tuple(str(text) for text in value.text)
    if isinstance(tags, APEv2):
        return tuple(str(value).split("\0"))
    if name.startswith("----:"):
        return tuple(bytes(each).decode("utf-8", errors="replace") for each in value)
    return tuple(str(each) for each in value)


def _set(tags: Any, name: str, values: Values) -> None:
    name = _spelled(tags, name)
    if not values:
        if name in tags:
            del tags[name]
    elif isinstance(tags, ID3):
        frame, _, description = name.partition(":")
        if frame == "TXXX":
            tags.setall(name, [TXXX(encoding=3, desc=description, text=list(values))])
        else:
            tags.setall(name, [Frames[frame](encoding=3, text=list(values))])
    elif name.startswith("----:"):
        tags[name] = [MP4FreeForm(value.encode()) for value in values]
    elif name == "tmpo":
        tags[name] = [round(float(values[0]))]
    else:
        tags[name] = list(values)
