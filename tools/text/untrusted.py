"""Titles, names and tags come from files: what of them may be shown or written."""

from __future__ import annotations

import unicodedata
from typing import Final

SHOWN_AT_MOST: Final = 80
"""Characters of a title that are shown: enough for names, too short for instructions to a model."""

_DIRECTIONS: Final = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_REPLACED_BY_SPACE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: str) -> str:
    """`text` on one line without control characters, direction marks and lone surrogates."""
    kept = "".join(
        " " if unicodedata.category(letter) in _REPLACED_BY_SPACE else letter
        for letter in text
        if letter not in _DIRECTIONS
    )
    return " ".join(kept.split())


def shown(text: str, *, limit: int = SHOWN_AT_MOST) -> str:
    """`plain` text, cut with an ellipsis."""
    text = plain(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
