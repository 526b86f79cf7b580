"""How plausible a text is: the cost of its words, symbols and capitals, in nats."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from indexer.files.tags.encodings.letters import FLOOR, character_costs, word_cost

_MARKS: Final = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0e31-\u0e3a\u0e47-\u0e4e"
_WORD: Final = re.compile(rf"(?:[^\W\d_µªº½¼¾²³¹]|[{_MARKS}ー々])+")
_CHARACTERS: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3々]+")
_USUAL: Final = frozenset("’‘“”„«»–—…·°№・★☆♥「」『』【】（）！？、。～，：　×®™©´ªºµ")
_JOINS: Final = frozenset("’‘-·´・°")
_OPENING: Final = frozenset("’‘“”„«»–—…「『【（")
_ASKING: Final = {"¿": "?", "¡": "!"}
USUAL_SYMBOL: Final = 5.0
RARE_SYMBOL: Final = 11.0
AT_A_WORD: Final = 4.0
"""Cost of a symbol in front of a letter, where it does not open anything."""
_PAIRED: Final = ("“”„", "«»‹›", "{}", "[]")
UNPAIRED: Final = 4.0
"""Cost of a quotation mark or bracket that has no partner."""
PLAIN_SIGN: Final = 2.5
"""Cost of a digit and of a sign of ASCII."""
CAPITAL_INSIDE: Final = 4.0
"""Cost of a capital after a small letter, where one of them is no letter of ASCII."""
SCRIPTS_MIXED: Final = 3.0
"""Cost of letters of two scripts in one word."""
UNREADABLE: Final = 14.0
"""Cost of a control character and of one that does not exist."""
OTHER_LANGUAGE: Final = 3.0
"""Cost of a word in another language than the rest of its text."""
ENGLISH: Final = "en"
"""Words of it stand everywhere."""
ENGLISH_WORD: Final = 1.0


ACCENTED: Final = (
    "äöüß", "åäö", "æøåé", "àâæçéèêëîïôùûüœ", "áéíñóúü", "áâãàçéêíóôõú", "àèéìòù", "áðéíóúýþæö",
    "àçéèíïóòúü", "éëïöü",
)  # fmt: skip
"""Letters with accents that the languages of Latin-1 use, one text a language or two."""
ACCENTED_LETTER: Final = 3.7
"""Cost of each in a word of nothing else: "ÄÖÜ" is a title."""


@lru_cache(maxsize=20_000)
def text_cost(text: str, languages: tuple[str, ...], characters: str | None) -> float:
    """Return the cost of a text in the one of several languages that suits it best.

    Args:
        text: The text.
        languages: Alphabetic languages that it may be in.
        characters: Language of thousands of characters that it may be in; "any" for each of them.
    """
    text = unicodedata.normalize("NFC", text)
    total = _symbols_cost(text)
    words: list[str] = []
    for found in _WORD.finditer(text):
        runs = _CHARACTERS.findall(found[0])
        total += sum(_characters_cost(run, characters) for run in runs)
        letters = list(filter(None, _CHARACTERS.split(found[0]))) if runs else [found[0]]
        total += SCRIPTS_MIXED * (len(letters) if runs else 0)
        total += sum(CAPITAL_INSIDE * _capitals_inside(word) for word in letters)
        words += letters
    return total + _words_cost(words, languages)


def _words_cost(words: Sequence[str], languages: tuple[str, ...]) -> float:
    if not words:
        return 0.0
    costs = [[word_cost(word, language) for language in languages] for word in words]
    for word, of_word in zip(words, costs, strict=True):
        if any(set(word.lower()) <= set(letters) for letters in ACCENTED):
            of_word[:] = [min(cost, ACCENTED_LETTER * len(word)) for cost in of_word]
    free = [min(of_word) + OTHER_LANGUAGE for of_word in costs]
    if ENGLISH in languages:
        at = languages.index(ENGLISH)
        free = [min(f, c[at] + ENGLISH_WORD) for f, c in zip(free, costs, strict=True)]
    return min(
        sum(min(c[at], f) for c, f in zip(costs, free, strict=True)) for at in range(len(languages))
    )


def _characters_cost(run: str, language: str | None) -> float:
    if language is None:
        return 2 * FLOOR * len(run)
    of: Sequence[str] = ("ja", "ko", "zh", "zh-hant") if language == "any" else (language,)
    return min(character_costs(run, one) for one in of)


def _capitals_inside(word: str) -> int:
    pairs = itertools.pairwise(word)
    return sum(a.islower() and b.isupper() and not (a + b).isascii() for a, b in pairs)


def _symbols_cost(text: str) -> float:
    odd = sum(sum(map(text.count, marks)) % 2 for marks in _PAIRED)
    total = UNPAIRED * odd
    for place, symbol in enumerate(text):
        if symbol == " " or _WORD.match(symbol):
            continue
        if symbol.isascii() and symbol.isprintable():
            total += PLAIN_SIGN
        elif unicodedata.category(symbol) in ("Cc", "Cn", "Co", "Cs"):
            total += UNREADABLE
        elif symbol in _ASKING and _ASKING[symbol] in text:
            total += USUAL_SYMBOL
        elif symbol in _USUAL or _stands_alone(text, place):
            total += USUAL_SYMBOL + AT_A_WORD * _in_front(text, place)
        else:
            total += RARE_SYMBOL + AT_A_WORD * _in_front(text, place)
    return total


def _stands_alone(text: str, place: int) -> bool:
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return not around.strip()


def _in_front(text: str, place: int) -> bool:
    """Whether a symbol stands in front of a letter as none does that is meant."""
    symbol, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    return after.isalpha() and symbol not in (_JOINS if before.isalpha() else _OPENING)
