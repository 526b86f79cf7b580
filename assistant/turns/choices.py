"""Answers to "did you mean …": "the second", "2", "le dernier", or the name itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rapidfuzz import fuzz, process, utils

import prompts
from assistant.answers import Language
from assistant.understanding.dialogue.phrases import sentences
from store.folding import fold

_SAME_NAME: Final = 80.0  # similarity 0..100 from which a text is the name of a choice
_CLEAR_LEAD: Final = 5.0  # of the best name over the next
_SPARE_WORDS: Final = 3  # beside the name; more words are another request
_WORD = re.compile(r"[\w'’°]+")
_NAME_FIELDS: Final = (
    *("track", "playlist", "like", "text", "of", "mixes_with", "from_track", "to_track", "album"),
    *("artists", "exclude_artists", "tracks", "exclude_tracks", "albums", "genres"),
    "exclude_genres",
)
"""Arguments that hold a name or a list of names."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A tool call that is pending until one of `choices` is selected.

    Attributes:
        tool: The tool.
        arguments: Its arguments, the ambiguous name among them.
        choices: The names as shown.
        language: Of the question.
        ids: Tracks that the choices stand for, where they are known.
        offer: Whether the call is offered as it stands: the choice is no name.
    """

    tool: str
    arguments: Mapping[str, Any]
    choices: tuple[str, ...]
    language: Language = prompts.FALLBACK
    ids: Mapping[str, int] = field(default_factory=dict)
    offer: bool = False

    def entities(self, choice: str) -> dict[str, int]:
        """Return the id of the choice by the name that stands for it in the arguments."""
        return {choice: self.ids[choice]} if choice in self.ids else {}

    def with_choice(self, choice: str) -> dict[str, Any]:
        """Return the arguments with the ambiguous name replaced by `choice`."""
        if self.offer:
            return dict(self.arguments)
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
            choice = self._title(choice)
        value = self.arguments[field]
        if isinstance(value, str):
            return {**self.arguments, field: choice}
        return {**self.arguments, field: [choice if n == unclear else n for n in value]}

    def _title(self, choice: str) -> str:
        """The title of a choice: as asked for where that opens it, as titles may hold a "by"."""
        said = str(self.arguments["text"])
        if choice.casefold().startswith(f"{said.casefold()} by "):
            return choice[: len(said)]
        return choice.rsplit(" by ", 1)[0]


@dataclass(frozen=True, slots=True)
class _Words:
    ordinals: Mapping[str, int]
    filler: frozenset[str]
    yes: frozenset[str]


@prompts.cached
def _words_of_answers() -> _Words:
    """Return the words of all languages: an answer is not always in that of the question."""
    tables = [table for name in prompts.languages() if (table := sentences(name).get("choices"))]
    ordinals = {
        fold(word): int(number)
        for table in tables
        for number, words in table.items()
        if number.lstrip("-").isdigit()
        for word in words
    }
    said = {
        kind: frozenset(fold(word) for table in tables for word in table[kind])
        for kind in ("filler", "yes")
    }
    return _Words(ordinals, said["filler"], said["yes"])


def chosen(text: str, choices: Sequence[str]) -> str | None:
    """Return the choice that `text` selects; None when it is another request.

    Raises:
        IndexError: Its number is out of range.
    """
    known = _words_of_answers()
    words = _words(text)
    if len(choices) == 1 and words and set(words) <= known.yes:
        return choices[0]
    telling = [w for w in words if w not in known.filler]
    telling = telling or [w for w in words if w in known.ordinals]
    if len(telling) == 1:
        number = known.ordinals.get(telling[0]) or _number(telling[0])
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
