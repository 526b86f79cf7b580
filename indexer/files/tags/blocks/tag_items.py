"""Values of the tags that mutagen reads, by plain name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final

from mutagen._vorbis import VComment
from mutagen.id3 import ID3, Frame, UrlFrame  # pyright: ignore[reportPrivateImportUsage]
from mutagen.mp4 import MP4Tags

from indexer.files.tags.blocks.tag_names import ID3_NAMES, MP4_NAMES, plain_name
from indexer.files.tags.encodings.raw_texts import stored_text
from indexer.files.tags.encodings.text_repair import StoredText

Items = Iterable[tuple[str, list[StoredText]]]

NAMES: Final = 500
"""Names that are read of one file."""
_V1_ROOM: Final = (28, 30)
"""Bytes for a text in ID3v1: with as many, the end may be missing."""


def tag_items(tags: Any) -> Items:
    """Return (plain name, values) of the tags of any format."""
    if isinstance(tags, ID3):
        return id3_items(tags.values())
    if isinstance(tags, MP4Tags):
        return _mp4_items(tags)
    if hasattr(tags, "keys"):
        return _mapping_items(tags)
    return ()


def id3_items(frames: Iterable[Any]) -> Iterator[tuple[str, list[StoredText]]]:
    """Return (plain name, values) of ID3 frames."""
    for frame in frames:
        name = frame.FrameID
        if name == "TXXX":
            yield plain_name(frame.desc), _frame_texts(frame)
        elif name == "UFID":
            if "musicbrainz.org" in frame.owner:
                identifier = frame.data.decode("ascii", errors="ignore")
                yield "musicbrainztrackid", [StoredText(identifier)]
        elif name == "COMM" and frame.desc:
            continue  # settings of programs
        elif name in ID3_NAMES:
            yield ID3_NAMES[name], _frame_texts(frame)
        elif name.startswith("T") and not isinstance(frame, UrlFrame):
            yield name.lower(), _frame_texts(frame)


def _frame_texts(frame: Frame) -> list[StoredText]:
    texts = [str(text) for text in getattr(frame, "text", [])]
    unicode = getattr(frame, "encoding", None) != 0
    return [StoredText(text, unicode, cut=len(text) in _V1_ROOM) for text in texts]


def _mp4_items(tags: MP4Tags) -> Iterator[tuple[str, list[StoredText]]]:
    for key, values in tags.items():
        if key.startswith("----:"):
            texts = [bytes(v).decode("utf-8", errors="surrogateescape") for v in values]
            yield plain_name(key.split(":", 2)[-1]), [stored_text(text) for text in texts]
        elif key in MP4_NAMES:
            listed = values if isinstance(values, list) else [values]
            texts = [str(v[0] if isinstance(v, tuple) else v) for v in listed]
            yield MP4_NAMES[key], [stored_text(text) for text in texts]


def _mapping_items(tags: Any) -> Iterator[tuple[str, list[StoredText]]]:
    """Vorbis comments, APEv2 and ASF."""
    for key, values in _named(tags):
        if isinstance(values, str):
            values = [values]
        elif getattr(values, "kind", 0) == 1:  # a binary APEv2 value
            continue
        elif not isinstance(values, list):
            values = str(values).split("\0")
        texts = [str(value) for value in values if not isinstance(value, bytes)]
        yield plain_name(str(key)), [stored_text(text) for text in texts]


def _named(tags: Any) -> Iterator[tuple[str, Any]]:
    """Yield the first names with their values."""
    if not isinstance(tags, VComment):
        yield from ((key, tags[key]) for key in list(tags.keys())[:NAMES])
        return
    found: dict[str, list[str]] = {}
    for key, value in tags:  # each look-up would go through them all
        found.setdefault(key.lower(), []).append(value)
    yield from itertools.islice(found.items(), NAMES)
