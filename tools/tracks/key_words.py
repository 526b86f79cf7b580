"""Keys in words: "8A (A minor)", in French "8A (la mineur)"."""

from __future__ import annotations

from typing import Final

from store.vocabulary import CAMELOT
from tools.text.words import Language, known_name

_NAMES: Final = {code: f"{tonic} {scale}" for (tonic, scale), code in CAMELOT.items()}


def key_name(name: str, language: Language) -> str:
    """Return "C# minor" as people say it; in French "do dièse mineur"."""
    return " ".join(known_name(language, "key_words", word) for word in name.split())


def key_text(camelot: str, language: Language) -> str:
    """Return a Camelot code with the name of its key."""
    name = _NAMES.get(camelot)
    return f"{camelot} ({key_name(name, language)})" if name else camelot
