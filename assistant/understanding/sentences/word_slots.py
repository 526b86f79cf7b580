"""Slots whose values are words of fixed lists and numbers, not names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.understanding.dialogue.places import place_at
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.lexing.values import minutes_of
from assistant.understanding.sentences.value_words import ARGUMENT_SLOTS, argument_values

WORD_SLOTS: Final = (
    *ARGUMENT_SLOTS, "place", "number", "year", "minutes", "sort", "mood", "genre", "format", "key",
)  # fmt: skip
_MEANINGS: Final = {"mood": {"moods"}, "genre": {"genres", "subgenres"}}
_YEAR_DIGITS: Final = 4


def word_values(scan: Scan, kind: str, at: int) -> Iterator[tuple[int, object]]:
    """Yield (token after it, value) of the values of a kind that start at a token."""
    norm = scan.norm(at)
    if kind in ARGUMENT_SLOTS:
        yield from argument_values(scan, kind, at)
    elif kind == "place" and (found := place_at(scan, at)):
        yield found
    elif kind in {"place", "number"} and norm.isdigit():
        yield at + 1, int(norm)
    elif kind == "year" and norm.isdigit() and len(norm) == _YEAR_DIGITS:
        yield at + 1, norm
    elif kind == "minutes" and norm.startswith("@t"):
        yield at + 1, minutes_of(norm)
    elif kind == "key" and norm.startswith("@k"):
        yield at + 1, norm[2:].upper()
    elif kind == "format":
        yield from _formats(scan, at)
    elif kind == "sort":
        yield from _sorts(scan, at)
    elif kind in _MEANINGS:
        meaning = scan.meaning_at(at)
        if meaning and meaning[1] in _MEANINGS[kind]:
            yield at + meaning[0], meaning[2]


def _formats(scan: Scan, at: int) -> Iterator[tuple[int, str]]:
    meaning = scan.meaning_at(at)
    if meaning and meaning[1] == "format":
        yield at + meaning[0], meaning[2]
    for name, words in scan.language.file_kinds.items():
        if size := scan.phrase_at(at, words):
            yield at + size, name


def _sorts(scan: Scan, at: int) -> Iterator[tuple[int, str]]:
    for name, words in scan.language.sort_keys.items():
        if size := scan.phrase_at(at, words):
            yield at + size, name
