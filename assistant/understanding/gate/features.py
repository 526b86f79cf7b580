"""A sentence as a set of hashed word and character n-grams."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 1 << 17
"""Places for weights; at 60,000 different n-grams a fifth share one, which costs no accuracy."""
MOST_CHARACTERS: Final = 400
"""What is longer is cut: it is prose, not a request."""
PIECE: Final = 0.4
"""Value of a piece of a word beside 1 of a word: pieces are many, and help with misspellings."""
_CLASSES: Final = Path(__file__).with_name("classes.toml")
_LONGEST_PIECE: Final = 4
"""Characters of the longest piece of a word."""
_ELISION: Final = re.compile(r"\b(d|l|j|qu|m|s|n|c|t|jusqu|lorsqu|puisqu)'(?=\w)")
_WORD: Final = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_DIGITS: Final = re.compile(r"\d+")
_SIGNS: Final = str.maketrans({"’": "'", "´": "'", "`": "'", "œ": "oe", "æ": "ae"})


def words(text: str) -> list[str]:
    """Folded words: lower case, no accents, digits as one 0, elisions apart ("l'heure")."""
    lowered = text[:MOST_CHARACTERS].lower().translate(_SIGNS)
    if not lowered.isascii():
        split = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(c for c in split if not unicodedata.combining(c))
    plain = _ELISION.sub(r"\1 ", lowered).replace("'", "")
    return [_DIGITS.sub("0", word) for word in _WORD.findall(plain)]


@cache
def _phrases(table: str) -> dict[tuple[str, ...], str]:
    """What each word and each phrase of two or three words is replaced by."""
    listed = tomllib.loads(_CLASSES.read_text(encoding="utf-8"))[table]
    return {tuple(words(name)): kind for kind, names in listed.items() for name in names}


def classed(found: list[str]) -> list[str]:
    """The words, a phrase of a kind replaced by the kind in capitals."""
    return _replaced(found, {phrase: kind.upper() for phrase, kind in _phrases("kinds").items()})


def _replaced(found: list[str], by: Mapping[tuple[str, ...], str]) -> list[str]:
    result, at = [], 0
    while at < len(found):
        for size in (3, 2, 1):
            if kind := by.get(tuple(found[at : at + size])):
                result.append(kind)
                at += size
                break
        else:
            result.append(found[at])
            at += 1
    return result


def grams(text: str, language: str) -> tuple[list[str], list[str]]:
    """Names of the features of a sentence: those of words and those of pieces of words.

    Words, pairs and triples of neighbouring words, pairs with one word between, the first and the
    last word, and how many words there are; words of a kind (`classes.toml`) stand for their kind
    in pairs and triples. Pieces have 3 and 4 characters.
    """
    found = _replaced(words(text), _phrases("read_as"))
    shown = classed(found)
    edged = ["<", *shown, ">"]
    whole = [f"w {word}" for word in found]
    whole += [f"w {word}" for word in shown if word.isupper()]
    whole += [f"b {left} {right}" for left, right in pairwise(edged)]
    whole += [f"t {' '.join(edged[at : at + 3])}" for at in range(len(edged) - 2)]
    whole += [f"s {edged[at]} {edged[at + 2]}" for at in range(len(edged) - 2)]
    whole += [f"n {min(len(found), 9)}", f"l {language}"]
    pieces = []
    for word in found:
        padded = f"_{word}_"
        for size in range(3, _LONGEST_PIECE + 1):
            pieces += [f"c {padded[at : at + size]}" for at in range(len(padded) - size + 1)]
    return whole, pieces


def vector(text: str, language: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """A sentence as places of weights and their values.

    Returns:
        Places (int64, (n,)), each once, and values (float32, (n,)); the values' length is 1, so
        that a long sentence is not surer than a short one.
    """
    whole, pieces = grams(text, language)
    found = {crc32(name.encode()) % BUCKETS: PIECE for name in pieces}
    found.update((crc32(name.encode()) % BUCKETS, 1.0) for name in whole)
    places = np.fromiter(found, dtype=np.int64, count=len(found))
    values = np.fromiter(found.values(), dtype=np.float32, count=len(found))
    return places, values / np.float32(np.linalg.norm(values))
