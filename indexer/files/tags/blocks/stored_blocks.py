"""Tag blocks of one file as its tags hold them: plain name → texts not yet judged.

Where a file has several blocks, each name is taken from the first that says something about it:
the block of the file's own format, then ID3v2, APEv2, RIFF INFO, and ID3v1 at last, whose texts are
cut at 30 characters.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from typing import Any, Final

import av.error
import mutagen
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3, ParseID3v1  # pyright: ignore[reportPrivateImportUsage]

from indexer.files.audio.audio_file import open_audio
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.opened_file import OpenedFile
from indexer.files.tags.blocks.placeholders import is_placeholder
from indexer.files.tags.blocks.tag_items import Items, id3_items, tag_items
from indexer.files.tags.blocks.tag_names import plain_name
from indexer.files.tags.encodings.raw_texts import stored_text
from indexer.files.tags.encodings.text_repair import StoredText

StoredBlock = dict[str, list[StoredText]]

BROKEN: Final = (
    mutagen.MutagenError, OSError, EOFError, ValueError, TypeError, AttributeError,
    LookupError, ArithmeticError, AssertionError, NotImplementedError, RecursionError,
    struct.error,
)  # fmt: skip
"""Exceptions that mutagen raises for damaged and hostile blocks.


Not MemoryError: readers are bounded by the size of the file, so memory has really run out.
"""

DAMAGED: Final = "The tags are damaged; what could be read of them was used."

_VALUES: Final = 64
_VALUE_CHARACTERS: Final = 10_000
"""Limits for one name; a fingerprint takes about 4,000 characters."""
_V1_BYTES: Final = 128


def stored_block(opened_file: OpenedFile) -> tuple[StoredBlock, list[str]]:
    """Return the texts of a file by plain name, and warnings in words."""
    warnings: list[str] = []
    block: StoredBlock = {}
    vague: StoredBlock = {}
    for items in _blocks(opened_file, block, warnings):
        try:
            _merge(block, vague, items)
        except BROKEN:
            warnings.append(DAMAGED)
    if "musicbrainztrackid" in block:  # a known recording: it is called that
        block |= {name: values for name, values in vague.items() if name not in block}
    return block, warnings


def _merge(block: StoredBlock, vague: StoredBlock, items: Items) -> None:
    """Add the names that are missing in `block`; those with placeholders alone to `vague`."""
    fresh: StoredBlock = {}
    try:
        for name, values in items:
            kept = [_shortened(value) for value in values[:_VALUES] if value.text.strip()]
            good = [value for value in kept if not is_placeholder(name, value.text)]
            if good and name not in block:
                fresh.setdefault(name, []).extend(good)
            elif kept and not good:
                vague.setdefault(name, kept)
    finally:
        block.update(fresh)


def _shortened(value: StoredText) -> StoredText:
    return dataclasses.replace(value, text=value.text[:_VALUE_CHARACTERS])


def _blocks(opened_file: OpenedFile, block: StoredBlock, warnings: list[str]) -> Iterator[Items]:
    """Yield what each tag block of a file says, the most trusted first."""
    tags = None
    try:
        file = mutagen.File(opened_file.rewound())  # pyright: ignore[reportPrivateImportUsage]
        tags = file.tags if file is not None else None
    except BROKEN:
        warnings.append(DAMAGED)
    old = _id3v1(opened_file)
    if tags is not None and not (old and isinstance(tags, ID3)):
        yield tag_items(tags)
    if old or tags is None or not isinstance(tags, ID3):
        yield _lone_block(opened_file, ID3, load_v1=False)
    if not isinstance(tags, APEv2):
        yield _lone_block(opened_file, APEv2)
    if not {"title", "artist"} & block.keys():
        yield _container_metadata(opened_file)
    yield id3_items(old)


def _id3v1(opened_file: OpenedFile) -> list[Any]:
    """The frames of the block at the end of the file."""
    end = opened_file.read_at(max(0, opened_file.size_bytes - _V1_BYTES), _V1_BYTES)
    return list((ParseID3v1(end) or {}).values()) if end.startswith(b"TAG") else []


def _lone_block(opened_file: OpenedFile, reader: Any, **options: Any) -> Items:
    """A tag block read on its own: beside another, or in a file that is otherwise damaged."""
    try:
        return list(tag_items(reader(opened_file.rewound(), **options)))
    except BROKEN:
        return ()


def _container_metadata(opened_file: OpenedFile) -> Items:
    """Tags that libav reads and mutagen does not: RIFF INFO, Matroska and others."""
    try:
        with open_audio(opened_file) as (container, stream):
            metadata = {**stream.metadata, **container.metadata}
    except MemoryError:
        raise
    except (AudioError, av.error.FFmpegError, UnicodeError):
        return ()
    return [
        (plain_name(name), [stored_text(value)])
        for name, value in metadata.items()
        if name.lower() not in ("encoder", "major_brand", "minor_version", "compatible_brands")
    ]
