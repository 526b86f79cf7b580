"""Names as they are compared: without case, accents, leading article and punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ARTICLES: Final = ("the", "a", "an", "le", "la", "les", "l", "un", "une", "des", "el", "los", "die")
"""Leading words that people leave out when they name a band or an album."""

_APART: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that Unicode does not take apart into a base letter and an accent."""

_ARTICLE = re.compile(rf"^(?:{'|'.join(ARTICLES)}) (?=\S)")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_APOSTROPHE = re.compile(r"(?<=\w\w)['’`](?=\w)")
_FEATURING = re.compile(r"\s*[(\[]?\s*\b(?:feat|ft|featuring)\b\.?\s+", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:;|,|/|&|\bvs\b\.?|\bx\b|\bwith\b|\band\b|\bet\b)\s*", re.IGNORECASE)


def fold(text: str) -> str:
    """`text` as names are compared: "The Beatles" → "beatles", "Déjà-vu!" → "deja vu".

    A name of nothing but punctuation ("!!!") is kept as it is, so that it can still be found.
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_APART)).casefold()
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    words = _NOT_WORD.sub(" ", _APOSTROPHE.sub("", bare)).strip()
    if not words:
        return " ".join(bare.replace("\0", " ").split())
    return _ARTICLE.sub("", words)


def lead_artist(name: str) -> str:
    """The name before "feat.": "Rihanna feat. Jay-Z" → "Rihanna"."""
    return _FEATURING.split(name, maxsplit=1)[0].strip() or name


def artist_parts(name: str) -> tuple[str, ...]:
    """Folded names of everyone on a credit, the whole credit first.

    "Simon & Garfunkel feat. X" → whole, "simon garfunkel", "x", "simon", "garfunkel".
    """
    credits = [part.strip(" )]") for part in _FEATURING.split(name)]
    singles = [single for part in credits for single in _JOINED.split(part)]
    folded = [fold(part) for part in (name, *credits, *singles)]
    return tuple(dict.fromkeys(part for part in folded if part))
