"""A sentence as a set of hashed word and character n-grams."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 1 << 17
"""Places for weights; at 60,000 different n-grams a fifth share one, which costs no accuracy."""
MOST_CHARACTERS: Final = 400
"""What is longer is cut: it is prose, not a request."""
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


def grams(text: str, language: str) -> list[str]:
    """Names of the features of a sentence.

    Words, pairs and triples of neighbouring words, pairs with one word between, the first and the
    last word, pieces of 3 and 4 characters of each word, and how many words there are.
    """
    found = words(text)
    edged = ["<", *found, ">"]
    names = [f"w {word}" for word in found]
    names += [f"b {left} {right}" for left, right in pairwise(edged)]
    names += [f"t {' '.join(edged[at : at + 3])}" for at in range(len(edged) - 2)]
    names += [f"s {edged[at]} {edged[at + 2]}" for at in range(len(edged) - 2)]
    for word in found:
        padded = f"_{word}_"
        for size in range(3, _LONGEST_PIECE + 1):
            names += [f"c {padded[at : at + size]}" for at in range(len(padded) - size + 1)]
    names.append(f"n {min(len(found), 9)}")
    names.append(f"l {language}")
    return names


def indices(text: str, language: str) -> NDArray[np.int64]:
    """Places of the weights of a sentence (int64, (n_features,), each once)."""
    hashed = {crc32(name.encode()) % BUCKETS for name in grams(text, language)}
    return np.fromiter(hashed, dtype=np.int64, count=len(hashed))
