"""Escaping of text as Markdown: titles must not become links or pictures."""

from __future__ import annotations

import re
from typing import Final

# The page looks for addresses when all marks are read already, so a backslash does not help.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_WORD_JOINER: Final = "\u2060"  # invisible
_MARKS = re.compile(r"([\\`*_\[\]<>~|#])")


def escaped(text: str) -> str:
    """`text` as Markdown for the page."""
    return _MARKS.sub(r"\\\1", _ADDRESS.sub(_WORD_JOINER, text))
