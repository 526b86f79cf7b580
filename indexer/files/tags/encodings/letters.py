"""How likely letters are in the languages of titles: pairs of letters, or single characters.

The costs are negative natural logarithms of shares, counted by `training.text.letter_statistics`.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("letters.json")
BOUNDARY: Final = " "
"""The start and the end of a word."""
STEP: Final = 0.1
"""Nats; costs are stored as multiples of it."""
FLOOR: Final = 12.0
"""Nats: the cost of a letter that a language does not have."""

_ALIKE: Final = str.maketrans({
    "ς": "σ", "ș": "ş", "ț": "ţ", "ی": "ي", "ک": "ك", "ى": "ي", "أ": "ا", "إ": "ا", "آ": "ا",
    "İ": "i", "ё": "е",
})  # fmt: skip
"""Letters that code pages or word lists do not tell apart."""


def plain_letters(text: str) -> str:
    """Return text in lower case, with one letter for those that are written alike."""
    return text.translate(_ALIKE).lower()


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """Costs of the pairs of an alphabet's letters, in steps, row by row."""

    places: dict[str, int]
    pairs: bytes

    def cost(self, word: str) -> float:
        width = len(self.places)
        total = 0.0
        last = 0
        for letter in word + BOUNDARY:
            place = self.places.get(letter)
            total += FLOOR if place is None else STEP * self.pairs[last * width + place]
            last = place or 0
        return total


@cache
def _alphabets() -> dict[str, _Alphabet]:
    found: dict[str, _Alphabet] = {}
    for name, stored in json.loads(FILE.read_text(encoding="utf-8")).items():
        if "pairs" in stored:
            places = {letter: place for place, letter in enumerate(stored["letters"])}
            found[name] = _Alphabet(places, zlib.decompress(base64.b64decode(stored["pairs"])))
    return found


@cache
def _characters(language: str) -> dict[str, float]:
    stored = json.loads(FILE.read_text(encoding="utf-8"))[language]
    return {letter: STEP * int(cost) for cost, letters in stored.items() for letter in letters}


@cache
def word_cost(word: str, language: str) -> float:
    """Return the cost of a word, letters only, in an alphabetic language, nats."""
    return _alphabets()[language].cost(plain_letters(word))


def character_costs(characters: Iterable[str], language: str) -> float:
    """Return the cost of characters of a language that is written in thousands of them, nats."""
    costs = _characters(language)
    return sum(costs.get(one, FLOOR) for one in characters)
