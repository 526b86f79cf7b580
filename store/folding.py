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


def artist_parts(name: str) -> dict[str, bool]:
    """Folded names of everyone on a credit, the whole credit first, and whether each is sure.

    Guests after "feat." are sure. So are names of two words and more between "&", commas and the
    like; a single word there is not: "Earth, Wind & Fire" is no credit of a band named Fire.
    """
    credits = [part.strip(" )]") for part in _FEATURING.split(name)]
    parts = {fold(part): True for part in (name, *credits)}
    for credit in credits:
        for single in _JOINED.split(credit):
            folded = fold(single)
            parts.setdefault(folded, " " in folded)
    return {part: sure for part, sure in parts.items() if part}
