"""Tags of every format as one mapping: plain name → values.

Names are lower case without spaces, underscores, hyphens and slashes ("musicbrainzalbumid"),
so that Vorbis comments, TXXX frames, MP4 freeform atoms and ASF attributes meet; names of the
AcousticBrainz family keep their colons ("ab:hi:mood_happy:happy").
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.opened_file import OpenedFile, opened, path_of
from indexer.files.tags.blocks.stored_blocks import DAMAGED, StoredBlock, stored_block
from indexer.files.tags.encodings.text_repair import StoredText, is_unsure, read_as, repair
from indexer.files.tags.tag_limits import limited_tags
from store.vocabulary import AUDIO_SUFFIXES

Block = dict[str, list[str]]

JUDGED_CHARACTERS: Final = 300
"""Longer texts are read in the code page of the others."""
NEIGHBOURS: Final = 8
"""Files of the folder that are read where the texts of one file are too few to judge."""
_NAMES: Final = ("title", "artist", "album", "albumartist")
_SAME: Final = ("album", "artist", "albumartist")
"""A file beside another helps to judge it where they have one of these in common."""


@dataclass(frozen=True, slots=True)
class RepairedText:
    """A text that was read in another code page than its tag says.

    Attributes:
        name: Plain name of the tag.
        original: As the tag says.
        codec: The code page, as Python calls it.
    """

    name: str
    original: str
    text: str
    codec: str


@dataclass(frozen=True, slots=True)
class TagBlocks:
    """All tags of a file; `warnings` are in words."""

    values: Block
    repaired: tuple[RepairedText, ...]
    warnings: tuple[str, ...]


def read_blocks(source: Path | OpenedFile, *, codec: str | None = None) -> TagBlocks:
    """Return all tags of a file; a damaged block raises nothing.

    Args:
        source: The file.
        codec: Code page of all texts that can be read in it; None where each file decides.

    Raises:
        MemoryError: There is too little memory for the tags.
    """
    stored, warnings = _stored(source)
    values, repaired = _in_letters(stored, codec, path_of(source))
    return TagBlocks(values, repaired, tuple(warnings))


def _stored(source: Path | OpenedFile) -> tuple[StoredBlock, list[str]]:
    try:
        with opened(source) as opened_file, limited_tags() as ignored:
            stored, warnings = stored_block(opened_file)
    except AudioError:
        return {}, [DAMAGED if path_of(source).is_file() else "The file is not there."]
    return stored, warnings + ignored


def _in_letters(
    stored: StoredBlock, codec: str | None, path: Path
) -> tuple[Block, tuple[RepairedText, ...]]:
    """Return the texts as they were meant, and those that the tags say differently."""
    every = [(name, text) for name, texts in stored.items() for text in texts]
    short = _short(stored)
    if codec is None:
        beside = _texts_beside(path, stored) if is_unsure(short) else ()
        judged = dict(zip(short, repair(short, beside, _plain_names(stored)), strict=True))
        used = next((one.codec for one in judged.values() if one.codec), None)
    else:
        judged, used = {}, codec
    values: Block = {}
    found: list[RepairedText] = []
    for name, text in every:
        one = judged.get(text) or (read_as(text, used) if used else None)
        shown = text.text if one is None else one.text
        values.setdefault(name, []).append(shown)
        if one is not None and one.codec and shown != text.text:
            found.append(RepairedText(name, text.text, shown, one.codec))
    return values, tuple(found)


def _plain_names(stored: StoredBlock) -> list[str]:
    named = (text.text for name in _NAMES for text in stored.get(name, ()))
    return [text for text in named if text.isascii() and len(text) <= JUDGED_CHARACTERS]


def _short(stored: StoredBlock) -> list[StoredText]:
    every = (text for texts in stored.values() for text in texts)
    return [text for text in every if len(text.text) <= JUDGED_CHARACTERS]


def _texts_beside(path: Path, stored: StoredBlock) -> list[StoredText]:
    """Texts of files of the same folder that are of the same album or artist."""
    try:
        names = sorted(p for p in path.parent.iterdir() if p.suffix.lower() in AUDIO_SUFFIXES)
    except OSError:
        return []
    found: list[StoredText] = []
    for other in [name for name in names if name.name != path.name][:NEIGHBOURS]:
        theirs, _ = _stored(other)
        if any(stored.get(name) and stored.get(name) == theirs.get(name) for name in _SAME):
            found += _short(theirs)
    return found
