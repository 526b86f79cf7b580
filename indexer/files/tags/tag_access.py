"""Values of tags by their name in the file, read and set through mutagen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3, TXXX, Frames  # pyright: ignore[reportPrivateImportUsage]
from mutagen.mp4 import MP4FreeForm, MP4Tags

from indexer.files.tags.blocks.stored_blocks import BROKEN
from indexer.files.tags.tag_fields import Kind, Values
from indexer.files.tags.tag_limits import limited_tags

DAMAGED: Final = "Its tags are damaged; they were left as they are."
TOO_LARGE: Final = "Its tags need more memory than there is; they were left as they are."


class TagError(Exception):
    """Tags of a file cannot be written; the message says why."""


def open_tags(path: Path, *, at: Path | None = None) -> Any:
    """Open a file with mutagen, with tags; `at` is a copy of it under another name."""
    try:
        with limited_tags() as ignored:
            file = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
            if file is not None and _is_v23(file.tags):
                file = type(file)(path if at is None else at, translate=False)
            elif file is not None and at is not None:
                file = type(file)(at)
    except MemoryError as error:
        raise TagError(TOO_LARGE) from error
    except BROKEN as error:
        raise TagError(DAMAGED if path.is_file() else "The file is not there.") from error
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


def has_no_tags(path: Path) -> bool:
    """Whether a file has no block of tags yet; Vorbis comments that are empty are none."""
    with limited_tags():
        file = mutagen.File(path)  # pyright: ignore[reportPrivateImportUsage]
    return file is not None and (file.tags is None or not file.tags.keys())


def _is_v23(tags: Any) -> bool:
    return isinstance(tags, ID3) and tags.version[:2] == (2, 3)


def save_tags(file: Any) -> None:
    """Save in the version that the file has: car players read ID3v2.3 only."""
    if _is_v23(file.tags):
        file.save(v2_version=3)
    else:
        file.save()


def tag_format(tags: Any) -> Kind:
    """Return the format of a file's tags."""
    if isinstance(tags, ID3):
        return "id3"
    if isinstance(tags, MP4Tags):
        return "mp4"
    if isinstance(tags, APEv2):
        return "ape"
    return "asf" if isinstance(tags, ASFTags) else "vorbis"


def _stored_name(tags: Any, name: str) -> str:
    """Return the name in the spelling of the file."""
    return next((stored for stored in tags.keys() if stored.upper() == name.upper()), name)  # noqa: SIM118


def get_values(tags: Any, name: str) -> Values:
    """Return the values of a name; none where the file lacks it."""
    name = _stored_name(tags, name)
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


def set_values(tags: Any, name: str, values: Values) -> None:
    """Set a name to values; without values it is deleted."""
    name = _stored_name(tags, name)
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
