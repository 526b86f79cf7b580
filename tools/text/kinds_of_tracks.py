"""Kinds of tracks in words: where moods and genres stand, genres as nouns, articles."""

from __future__ import annotations

from typing import Any

from prompts import load
from tools.text.plurals import plural_form
from tools.text.untrusted import shown
from tools.text.words import Language, known_name


def kinds_first(language: Language) -> bool:
    """Whether moods and genres stand before the noun: "dark jazz tracks"."""
    return bool(_writing(language)["kinds_first"])


def genre_words(language: Language, genre: str, count: int) -> str:
    """Return a genre beside the noun: "jazz", "de jazz"; a noun of its own: "valses"."""
    writing = _writing(language)
    piece = known_name(language, "pieces", genre)
    if piece == genre:
        return writing["genre"].format(genre=known_name(language, "genres", shown(genre)))
    one = plural_form(count, writing["plurals"]) == "one"
    if one or piece.startswith(tuple(writing["unchanging"])):
        return piece
    return writing["piece"].format(piece=piece)


def article(language: Language, text: str) -> str:
    """Return the article of what follows: "a happy …", "an epic …"."""
    rule = _writing(language)["article"]
    before_letter = text[:1].casefold() in tuple(rule["letters"])
    return rule["before"] if before_letter else rule["usual"]


def _writing(language: Language) -> dict[str, Any]:
    return load("language", language)["writing"]
