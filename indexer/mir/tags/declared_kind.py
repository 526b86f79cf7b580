"""What a file is, by its tags, its folder and its ending, where that says that it is no music."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from indexer.mir.tags.genre import canonical
from indexer.mir.types import SoundKind

MAYBE: Final = "maybe"
DECLARED: Final[tuple[SoundKind, ...]] = ("podcast", "audiobook", "speech", "sound")
"""Kinds that a file may say of itself, the narrower ones first."""
CHOSEN_FOR_ALL: Final = frozenset({"podcast", "audiobook"})
"""Kinds that hold whatever genre of music stands beside them: a podcast about jazz is a podcast."""
FOLDER_WORDS: Final = 3
"""Words of a folder's name at most: "My Podcasts", and no title that has such a word in it."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """What a file says in words; untrusted text.

    Attributes:
        path: Of the file.
        genres: Its genre tags.
        types: Types of its release, as MusicBrainz has them.
        names: Its album and title.
    """

    path: Path
    genres: Sequence[str] = ()
    types: Sequence[str] = ()
    names: Sequence[str] = ()


def declared_kind(words: FileWords) -> SoundKind | None:
    """Return what the file says that it is; None where it says nothing, music for its genre."""
    genres = [fold(text) for text in words.genres]
    by_genre = _first(genres, "genres")
    if by_genre in CHOSEN_FOR_ALL:
        return by_genre
    if by_type := _first([fold(text) for text in words.types], "types"):
        return by_type
    music = any(map(_is_music, words.genres))
    if by_genre:
        return "music" if music else by_genre
    for kind in DECLARED:
        if words.path.suffix.casefold() in _data()[kind]["suffixes"]:
            return kind
    folders = (fold(part) for part in words.path.parent.parts)
    short = [part for part in folders if len(part.split()) <= FOLDER_WORDS]
    if by_folder := _within(short, "folders"):
        return by_folder
    return "music" if music else _within([fold(text) for text in words.names], "names")


def may_be_speech(genres: Iterable[str]) -> bool:
    """Return whether a genre is one that both music and speech have."""
    return any(fold(text) in _words(MAYBE, "genres") for text in genres)


def _is_music(genre: str) -> bool:
    plain = fold(genre)
    spoken = _first([plain], "genres") or plain in _words(MAYBE, "genres")
    return not spoken and bool(canonical(genre))


def fold(text: str) -> str:
    """Return the words of `text` without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


@cache
def _data() -> Mapping[str, Any]:
    path = Path(__file__).with_name("kinds.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _words(kind: str, where: str) -> frozenset[str]:
    return frozenset(map(fold, _data()[kind][where]))


def _first(texts: Sequence[str], where: str) -> SoundKind | None:
    """The first kind of which a whole text is a word."""
    return next((kind for kind in DECLARED if not _words(kind, where).isdisjoint(texts)), None)


def _within(texts: Iterable[str], where: str) -> SoundKind | None:
    """The first kind of which a text has a word in it."""
    padded = [f" {text} " for text in texts]
    for kind in DECLARED:
        if any(f" {word} " in text for word in _words(kind, where) for text in padded):
            return kind
    return None
