"""Answers to "did you mean …": "the second", "2", "le dernier", or the name itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import fuzz, process, utils

from assistant.answers import Language
from store.folding import fold

_ORDINALS: Final[Mapping[str, int]] = {
    "first": 1, "1st": 1, "one": 1, "premier": 1, "premiere": 1, "1er": 1, "1re": 1, "un": 1,
    "second": 2, "2nd": 2, "two": 2, "deuxieme": 2, "seconde": 2, "2e": 2, "deux": 2,
    "third": 3, "3rd": 3, "three": 3, "troisieme": 3, "3e": 3, "trois": 3,
    "fourth": 4, "4th": 4, "four": 4, "quatrieme": 4, "4e": 4, "quatre": 4,
    "fifth": 5, "5th": 5, "five": 5, "cinquieme": 5, "5e": 5, "cinq": 5,
    "last": -1, "dernier": -1, "derniere": -1,
}  # fmt: skip
_FILLER: Final = frozenset(
    [
        *("the", "a", "that", "this", "one", "track", "song", "number", "no", "n°", "please"),
        *("i", "mean", "meant", "want", "its", "is", "yes"),
        *("le", "la", "l", "les", "celui", "celle", "numero", "titre", "morceau", "oui"),
        *("by", "from", "version", "de", "du", "par", "d"),
        *("sil", "vous", "te", "plait", "svp", "je", "veux", "cest"),
    ]
)
_YES: Final = frozenset(
    ["yes", "yeah", "yep", "sure", "exactly", "right", "please", "ok", "okay", "that", "one", "it",
     "is", "thats", "oui", "ouais", "exact", "exactement", "voila", "cest", "ca", "celui", "la"]
)  # fmt: skip
_SAME_NAME: Final = 80.0  # similarity 0..100 from which a text is the name of a choice
_CLEAR_LEAD: Final = 5.0  # of the best name over the next
_SPARE_WORDS: Final = 3  # beside the name; more words are another request
_WORD = re.compile(r"[\w'’°]+")
_NAME_FIELDS: Final = (
    *("track", "playlist", "like", "text", "of", "mixes_with", "from_track", "to_track", "album"),
    *("artists", "exclude_artists", "tracks", "exclude_tracks", "albums"),
)
"""Arguments that hold a name or a list of names."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A tool call that is pending until one of `choices` is selected."""

    tool: str
    arguments: Mapping[str, Any]
    choices: tuple[str, ...]
    language: Language = "en"

    def with_choice(self, choice: str) -> dict[str, Any]:
        """Return the arguments with the ambiguous name replaced by `choice`."""
        names = [
            (field, name)
            for field in _NAME_FIELDS
            if (value := self.arguments.get(field))
            for name in (value if isinstance(value, list | tuple) else [value])
        ]
        if not names:
            return {**self.arguments, "track": choice}
        scores = [
            fuzz.token_set_ratio(choice, name, processor=utils.default_process) for _, name in names
        ]
        field, unclear = names[scores.index(max(scores))]
        if field == "text":  # a title to look for; the choice may add its artist
            choice = choice.split(" by ")[0]
        value = self.arguments[field]
        if isinstance(value, str):
            return {**self.arguments, field: choice}
        return {**self.arguments, field: [choice if n == unclear else n for n in value]}


def chosen(text: str, choices: Sequence[str]) -> str | None:
    """Return the choice that `text` selects; None when it is another request.

    Raises:
        IndexError: Its number is out of range.
    """
    words = _words(text)
    if len(choices) == 1 and words and set(words) <= _YES:
        return choices[0]
    telling = [w for w in words if w not in _FILLER] or [w for w in words if w in _ORDINALS]
    if not telling and "one" in words:
        telling = ["one"]
    if len(telling) == 1:
        number = _ORDINALS.get(telling[0]) or _number(telling[0])
        if number is not None:
            return choices[_index(number, len(choices))]
    named = [c for c in choices if telling and set(telling) <= set(_words(c))]
    if len(named) == 1:
        return named[0]
    scores = process.extract(
        text, choices, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=2
    )
    best, best_score, _ = scores[0]
    tied = len(scores) > 1 and best_score - scores[1][1] < _CLEAR_LEAD
    if tied or best_score < _SAME_NAME or len(words) > len(_words(best)) + _SPARE_WORDS:
        return None
    return best


def _words(text: str) -> list[str]:
    return [word for word in map(fold, _WORD.findall(text)) if word]


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 4 else None


def _index(number: int, count: int) -> int:
    index = count + number if number < 0 else number - 1
    if not 0 <= index < count:
        raise IndexError(number)
    return index
