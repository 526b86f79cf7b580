"""Tag blocks of every format as one mapping: plain name → values.

Names are lower case without spaces, underscores, hyphens and slashes ("musicbrainzalbumid"),
so that Vorbis comments, TXXX frames, MP4 freeform atoms and ASF attributes meet; names of the
AcousticBrainz family keep their colons ("ab:hi:mood_happy:happy").
"""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import av.error
import mutagen
from mutagen._vorbis import VComment
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3, Frame, UrlFrame  # pyright: ignore[reportPrivateImportUsage]
from mutagen.mp4 import MP4Tags

from indexer.files.audio.audio_file import open_audio
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.opened_file import OpenedFile, opened, path_of
from indexer.files.tags.tag_limits import limited_tags
from indexer.files.tags.tag_values import repair_latin1

Block = dict[str, list[str]]

BROKEN: Final = (
    mutagen.MutagenError, OSError, EOFError, ValueError, TypeError, AttributeError,
    LookupError, ArithmeticError, AssertionError, NotImplementedError, RecursionError,
    struct.error,
)  # fmt: skip
"""Exceptions that mutagen raises for damaged and hostile blocks.


Not MemoryError: readers are bounded by the size of the file, so memory has really run out.
"""

_DAMAGED: Final = "The tags are damaged; what could be read of them was used."

_NAMES: Final = 500
_VALUES: Final = 64
_VALUE_CHARACTERS: Final = 10_000
"""Limits for one file and for one name; a fingerprint takes about 4,000 characters."""

_ID3_NAMES: Final = {
    "TIT2": "title", "TPE1": "artist", "TPE2": "albumartist", "TALB": "album",
    "TRCK": "tracknumber", "TPOS": "discnumber", "TDRC": "date", "TYER": "date",
    "TDOR": "originaldate", "TORY": "originaldate", "TCON": "genre", "TMOO": "mood",
    "TBPM": "bpm", "TKEY": "initialkey", "COMM": "comment",
}  # fmt: skip
_MP4_NAMES: Final = {
    "\xa9nam": "title", "\xa9ART": "artist", "aART": "albumartist", "\xa9alb": "album",
    "trkn": "tracknumber", "disk": "discnumber", "\xa9day": "date", "\xa9gen": "genre",
    "tmpo": "bpm", "\xa9cmt": "comment", "cpil": "compilation",
}  # fmt: skip
_ALIASES: Final = {
    "author": "artist", "wmalbumtitle": "album", "wmalbumartist": "albumartist",
    "wmtracknumber": "tracknumber", "track": "tracknumber", "wmpartofset": "discnumber",
    "disc": "discnumber", "disk": "discnumber", "wmyear": "date", "year": "date",
    "wmoriginalreleaseyear": "originaldate", "originalyear": "originaldate",
    "wmgenre": "genre", "wmmood": "mood", "wmbeatsperminute": "bpm", "tempo": "bpm",
    "tbpm": "bpm", "wminitialkey": "initialkey", "key": "initialkey", "tkey": "initialkey",
    "description": "comment", "wmsharedusercomment": "comment",
    "musicbrainzrecordingid": "musicbrainztrackid", "acoustidfingerprint": "acoustidfingerprint",
}  # fmt: skip
"""Names of ASF, APEv2 and other writers → the ones used here."""


def read_blocks(source: Path | OpenedFile) -> tuple[Block, list[str]]:
    """Return all tags of a file, and warnings in words; a damaged block raises nothing.

    Raises:
        MemoryError: There is too little memory for the tags.
    """
    try:
        with opened(source) as opened_file, limited_tags() as ignored:
            block, warnings = _blocks_in(opened_file)
    except AudioError:
        return {}, ["The file is not there." if not path_of(source).is_file() else _DAMAGED]
    return block, warnings + ignored


def _blocks_in(opened_file: OpenedFile) -> tuple[Block, list[str]]:
    block: Block = {}
    warnings: list[str] = []
    tags = None
    try:
        file = mutagen.File(opened_file.rewound())  # pyright: ignore[reportPrivateImportUsage]
        tags = file.tags if file is not None else None
    except BROKEN:
        warnings.append(_DAMAGED)
    if tags is not None:
        _merge(block, _items(tags, warnings))
    if tags is None or isinstance(tags, ID3):
        for reader in (ID3, APEv2):
            if not isinstance(tags, reader):
                _merge(block, _lone_block(opened_file, reader))
    if not block:
        _merge(block, _container_metadata(opened_file))
    return block, warnings


def plain_name(name: str) -> str:
    """Return the plain name of a tag."""
    name = name.strip().lower()[:100]
    if name.startswith("ab:"):
        return name
    name = re.sub(r"[\s_/-]+", "", name)
    return _ALIASES.get(name, name)


def _merge(block: Block, items: Iterable[tuple[str, list[str]]]) -> None:
    """Add the names that are missing: the first block with a name is used."""
    fresh: Block = {}
    for name, values in items:
        kept = [value[:_VALUE_CHARACTERS] for value in values[:_VALUES] if value.strip()]
        if kept and name not in block:
            fresh.setdefault(name, []).extend(kept)
    block.update(fresh)


def _items(tags: Any, warnings: list[str]) -> Iterator[tuple[str, list[str]]]:
    try:
        if isinstance(tags, ID3):
            yield from _id3_items(tags)
        elif isinstance(tags, MP4Tags):
            yield from _mp4_items(tags)
        elif isinstance(tags, Mapping) or hasattr(tags, "keys"):
            yield from _mapping_items(tags)
    except BROKEN:
        warnings.append(_DAMAGED)


def _id3_items(tags: ID3) -> Iterator[tuple[str, list[str]]]:
    for frame in tags.values():
        name = frame.FrameID
        if name == "TXXX":
            yield plain_name(frame.desc), _frame_texts(frame)
        elif name == "UFID":
            if "musicbrainz.org" in frame.owner:
                yield "musicbrainztrackid", [frame.data.decode("ascii", errors="ignore")]
        elif name == "COMM" and frame.desc:
            continue  # settings of programs
        elif name in _ID3_NAMES:
            yield _ID3_NAMES[name], _frame_texts(frame)
        elif name.startswith("T") and not isinstance(frame, UrlFrame):
            yield name.lower(), _frame_texts(frame)


def _frame_texts(frame: Frame) -> list[str]:
    texts = [str(text) for text in getattr(frame, "text", [])]
    if getattr(frame, "encoding", None) == 0:
        texts = [repair_latin1(text) for text in texts]
    return texts


def _mp4_items(tags: MP4Tags) -> Iterator[tuple[str, list[str]]]:
    for key, values in tags.items():
        if key.startswith("----:"):
            texts = [bytes(v).decode("utf-8", errors="replace") for v in values]
            yield plain_name(key.split(":", 2)[-1]), texts
        elif key in _MP4_NAMES:
            listed = values if isinstance(values, list) else [values]
            yield _MP4_NAMES[key], [str(v[0] if isinstance(v, tuple) else v) for v in listed]


def _mapping_items(tags: Any) -> Iterator[tuple[str, list[str]]]:
    """Vorbis comments, APEv2 and ASF."""
    for key, values in _named(tags):
        if isinstance(values, str):
            values = [values]
        elif getattr(values, "kind", 0) == 1:  # a binary APEv2 value
            continue
        elif not isinstance(values, list):
            values = str(values).split("\0")
        yield plain_name(str(key)), [str(v) for v in values if not isinstance(v, bytes)]


def _named(tags: Any) -> Iterator[tuple[str, Any]]:
    """Yield the first names with their values."""
    if not isinstance(tags, VComment):
        yield from ((key, tags[key]) for key in list(tags.keys())[:_NAMES])
        return
    found: dict[str, list[str]] = {}
    for key, value in tags:  # each look-up would go through them all
        found.setdefault(key.lower(), []).append(value)
    yield from itertools.islice(found.items(), _NAMES)


def _lone_block(
    opened_file: OpenedFile, reader: type[ID3] | type[APEv2]
) -> list[tuple[str, list[str]]]:
    """A tag block read on its own: beside another, or in a file that is otherwise damaged."""
    try:
        tags = reader(opened_file.rewound())
        return list(_id3_items(tags) if isinstance(tags, ID3) else _mapping_items(tags))
    except BROKEN:
        return []


def _container_metadata(opened_file: OpenedFile) -> list[tuple[str, list[str]]]:
    """Tags that libav reads and mutagen does not: RIFF INFO, Matroska and others."""
    try:
        with open_audio(opened_file) as (container, stream):
            metadata = {**stream.metadata, **container.metadata}
    except MemoryError:
        raise
    except (AudioError, av.error.FFmpegError, UnicodeError):
        return []
    return [
        (plain_name(name), [value])
        for name, value in metadata.items()
        if name.lower() not in ("encoder", "major_brand", "minor_version", "compatible_brands")
    ]
