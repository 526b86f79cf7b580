"""The check of a model's words against facts, sentence by sentence.

Titles, artists, numbers of the library and deeds must come from tools or from the person; all else
that a model says is its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process

import prompts
from assistant.model.grounding.claims import claims_a_deed, counts_music, speaks_of_library
from assistant.understanding.lexing.lexicon import language
from tools.base import GENRES, MOODS

_REFERENCE: Final = re.compile(r"\bT(\d{1,3})\b")
_QUOTED: Final = re.compile(
    r"[\"“«„]\s*([^\"”»“]{2,120}?)\s*[\"”»“]|[*_`]{1,3}([^*_`\n]{2,120}?)[*_`]{1,3}"
    r"|(?<!\w)['‘]([^'’\n]{2,120}?)['’](?!\w)"
)
_LINK: Final = re.compile(r"://|www\.|\]\(|<[a-z/!]", re.IGNORECASE)
_CODE: Final = re.compile(r"[{}]|\"(?:tool|name|arguments|calls)\"\s*:")
_MARKED: Final = re.compile(r"[\"“«*_`]+\s*(T\d+)\s*[\"”»*_`]+")
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_BY: Final = re.compile(r"\b(?:by|par)\s+([^,.;:!?()]+)", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+(?=\S)|\n+")
_FREE_NAMES: Final = frozenset(
    [
        *("i", "bpm", "camelot", "dtx", "basic", "advanced", "extreme", "master", "major", "minor"),
        *("mp3", "m3u8", "xspf", "nsp", "rekordbox", "json", "csv", "backbeat", "english"),
        *("french", "ok", "cd", "dj", "tv"),
    ]
)
"""Capitals that are no proper names of music."""
_RECITED_WORDS: Final = 6  # words in a row that count as recited from the instructions
_MISSPELT: Final = 88.0  # similarity 0..100 from which a quoted title is one of the facts'
_ROUNDING: Final = 0.51  # a number may be said rounded
_SMALLEST_NAME: Final = 2  # letters


class FactChecker:
    """Passes on a streamed answer sentence by sentence, without those that claim too much.

    Args:
        facts: What the tools of this turn returned, as the model was given it; "" without any.
        references: Reference → title.
        known: What else may be repeated: the person's words, what was shown before.
        instructions: The system prompt, which must not be recited.
        called: Names of the tools that ran in this turn.
    """

    def __init__(
        self,
        facts: str,
        references: Mapping[str, str],
        known: str,
        *,
        instructions: str = "",
        called: Collection[str] = (),
    ) -> None:
        self._references = references
        self._about_library = bool(facts)
        self._known = f"{_fold(facts)} {_fold(known)}"
        self._words = frozenset(_WORD.findall(self._known)) | _music_words() | _FREE_NAMES
        self._numbers = {float(n.replace(",", ".")) for n in _NUMBER.findall(self._known)}
        self._instruction_runs = set(_runs(instructions))
        self._called = frozenset(called)
        self._incomplete = ""
        self.false_deeds = 0
        """Sentences cut because they claimed what was not done."""
        self.cut = 0
        """Sentences cut in all."""

    def feed(self, piece: str) -> list[str]:
        """Return the sentences completed by `piece` that may be shown."""
        self._incomplete += piece
        *complete, self._incomplete = _SENTENCE_END.split(self._incomplete)
        return self._passed(complete)

    def finish(self) -> list[str]:
        """Return the last sentence, if it may be shown."""
        rest, self._incomplete = self._incomplete, ""
        return self._passed([rest])

    def abandon(self) -> None:
        """Forget a sentence that will not be completed."""
        self.cut += bool(self._incomplete.strip())
        self._incomplete = ""

    def _passed(self, sentences: Iterable[str]) -> list[str]:
        passed = []
        for sentence in filter(None, map(str.strip, sentences)):
            checked = self._checked(sentence)
            if checked is None:
                self.cut += 1
            else:
                passed.append(checked)
        return passed

    def _checked(self, sentence: str) -> str | None:
        """Return a sentence with the titles of its references; None where it must be cut."""
        if _LINK.search(sentence) or _CODE.search(sentence):
            return None
        if not self._instruction_runs.isdisjoint(_runs(sentence)):
            return None
        if claims_a_deed(sentence, self._called):
            self.false_deeds += 1
            return None
        found = _REFERENCE.findall(sentence)
        if any(f"T{number}" not in self._references for number in found):
            return None
        strict = self._about_library or bool(found) or speaks_of_library(sentence)
        sentence = self._with_titles_mended(sentence)
        plain = _REFERENCE.sub(" ", sentence)
        if not self._numbers_hold(plain, strict=strict):
            return None
        if strict and not self._names_hold(plain):
            return None
        return self._titled(sentence)

    def _with_titles_mended(self, sentence: str) -> str:
        """Return the sentence with a misspelt quoted title as the tool returned it."""
        for match in _QUOTED.finditer(sentence):
            quoted = next(filter(None, match.groups())).strip()
            if _fold(quoted) in self._known:
                continue
            titles = list(self._references.values())
            best = process.extractOne(_fold(quoted), titles, scorer=fuzz.ratio, processor=_fold)
            if best and best[1] >= _MISSPELT:
                sentence = sentence.replace(quoted, best[0])
        return sentence

    def _numbers_hold(self, sentence: str, *, strict: bool) -> bool:
        for match in _NUMBER.finditer(sentence):
            number = float(match.group().replace(",", "."))
            if (strict or counts_music(sentence[match.end() :])) and not self._is_known(number):
                return False
        for match in _WORD.finditer(sentence):
            value = _spoken_numbers().get(_fold(match.group()))
            counted = value and counts_music(sentence[match.end() :])
            if value and counted and not self._is_known(float(value)):
                return False
        return True

    def _is_known(self, number: float) -> bool:
        if number <= len(self._references):  # "here are 3 tracks"
            return True
        return any(abs(number - known) < _ROUNDING for known in self._numbers)

    def _names_hold(self, sentence: str) -> bool:
        for match in _QUOTED.finditer(sentence):
            if _fold(next(filter(None, match.groups())).strip()) not in self._known:
                return False
        rest = _QUOTED.sub(" ", sentence)
        if any(name not in self._words for name in _names(rest)):
            return False
        for match in _BY.finditer(rest):
            said = [_fold(word) for word in _WORD.findall(match.group(1))]
            if any(word not in self._words and word not in _small_words() for word in said):
                return False
        return True

    def _titled(self, sentence: str) -> str:
        def title(match: re.Match[str]) -> str:
            return f"“{self._references[match.group()]}”"

        return _REFERENCE.sub(title, _MARKED.sub(r"\1", sentence)).strip()


@cache
def _music_words() -> frozenset[str]:
    """Words of genres, moods and their synonyms, which no title can be made of alone."""
    phrases = [(word,) for name in [*GENRES, *MOODS] for word in _fold(name).split()]
    phrases += [phrase for name in prompts.languages() for phrase in language(name).meanings]
    return frozenset(word for phrase in phrases for word in phrase)


@cache
def _small_words() -> frozenset[str]:
    return frozenset().union(*(language(name).common for name in prompts.languages()))


@cache
def _spoken_numbers() -> Mapping[str, int]:
    return {
        word: value
        for name in prompts.languages()
        for word, value in language(name).numbers.items()
        if value > 1
    }


def _names(sentence: str) -> Iterable[str]:
    """Yield words that look like proper names: capitals inside, and the first of several."""
    words = _WORD.findall(sentence)
    for index, word in enumerate(words):
        if not word[0].isupper() or len(word) < _SMALLEST_NAME:
            continue
        following = words[index + 1 : index + 2]
        if index or (following and following[0][0].isupper() and len(following[0]) > 1):
            yield _fold(word)


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = _WORD.findall(_fold(text))
    return zip(*(words[start:] for start in range(_RECITED_WORDS)), strict=False)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
