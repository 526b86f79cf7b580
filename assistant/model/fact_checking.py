"""Facts with references for the model, and the check of its answer against them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

import prompts
from tools.base import GENRES, MOODS

_TEXT_LIMIT: Final = 80  # characters of a title or tag that a model gets to see
_REFERENCES: Final = 10
_LEFT_OUT_OF_ROWS: Final = frozenset(
    {"id", "has_cover", "energy", "album", "bpm_alternative", "charts", "duration_s", "why"}
)
"""Fields of tracks in a list: the table shows them, and a small board reads 20 tokens a second."""
_LIST_LIMIT: Final = 20  # other lists are cut here, to keep the prompt short
_LEFT_OUT: Final = frozenset({"id", "has_cover", "job_id", "playlist_id", "track_id", "energy"})
_REFERENCE = re.compile(r"\bT(\d{1,3})\b")
_QUOTED = re.compile(
    r"[\"“«„]\s*([^\"”»“]{2,120}?)\s*[\"”»“]|[*_`]{1,3}([^*_`\n]{2,120}?)[*_`]{1,3}"
    r"|(?<!\w)['‘]([^'’\n]{2,120}?)['’](?!\w)"
)
_LINK = re.compile(r"://|www\.|\]\(|<[a-z/!]", re.IGNORECASE)
_MARKED = re.compile(r"[\"“«*_`]+\s*(T\d+)\s*[\"”»*_`]+")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=\S)|\n+")
_FREE_NAMES: Final = frozenset(
    [
        *("i", "bpm", "camelot", "dtx", "basic", "advanced", "extreme", "master", "major", "minor"),
        *("mp3", "m3u8", "xspf", "nsp", "rekordbox", "json", "backbeat", "english", "french", "ok"),
    ]
)
"""Capitals that are no proper names of music."""
_RECITED_WORDS: Final = 6  # words in a row that count as recited from the instructions


def clean(text: str) -> str:
    """Return untrusted text for a model: no control characters, 80 characters at most."""
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    squeezed = " ".join(printable.split())
    return squeezed if len(squeezed) <= _TEXT_LIMIT else squeezed[: _TEXT_LIMIT - 1] + "…"


def facts_for_model(facts: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return facts as JSON for the model, and reference → title.

    The first ten tracks get references T1…T10; the model names tracks by these alone.
    """
    references: dict[str, str] = {}

    def copy(value: Any, left_out: frozenset[str] = _LEFT_OUT) -> Any:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, Mapping):
            copied = {
                clean(str(key)): copy(item)
                for key, item in value.items()
                if item not in (None, "", [], ()) and key not in left_out
            }
            title = copied.get("title")
            if isinstance(title, str) and title:
                copied = {"ref": refer(title), **copied}
            return copied
        if isinstance(value, list | tuple | set | frozenset):
            items = list(value)
            if items and isinstance(items[0], Mapping) and "title" in items[0]:
                return [copy(item, _LEFT_OUT_OF_ROWS) for item in items[:_REFERENCES]]
            return [copy(item) for item in items[:_LIST_LIMIT]]
        return value

    def refer(title: str) -> str:
        reference = f"T{len(references) + 1}"
        references[reference] = title
        return reference

    return json.dumps(copy(dict(facts)), ensure_ascii=False), references


class FactChecker:
    """Passes on a streamed answer sentence by sentence while the facts support each sentence.

    A word must be one of the facts, of the request or of the plain words of a language
    (`prompts/*/model.toml`); a capital inside a sentence, a number, a reference or something
    quoted must be in the facts or the request.

    Args:
        facts: What the model was given.
        references: Reference → title.
        request: The user's message; its words may be repeated.
        instructions: The system prompt, which must not be recited.
    """

    def __init__(
        self, facts: str, references: Mapping[str, str], request: str, *, instructions: str = ""
    ) -> None:
        self._references = references
        self._known = _fold(facts) + " " + _fold(request)
        self._words = frozenset(_WORD.findall(self._known))
        self._numbers = {float(n.replace(",", ".")) for n in _NUMBER.findall(self._known)}
        self._instruction_runs = set(_runs(instructions))
        self._incomplete = ""

    def feed(self, piece: str) -> list[str]:
        """Return the sentences completed by `piece`.

        Raises:
            ValueError: A sentence is not supported by the facts.
        """
        self._incomplete += piece
        *complete, self._incomplete = _SENTENCE_END.split(self._incomplete)
        return [self._checked(sentence) for sentence in complete if sentence.strip()]

    def finish(self) -> list[str]:
        """Return the last sentence.

        Raises:
            ValueError: It is not supported by the facts.
        """
        rest, self._incomplete = self._incomplete.strip(), ""
        return [self._checked(rest)] if rest else []

    def _checked(self, sentence: str) -> str:
        if _LINK.search(sentence):
            raise ValueError("links are not the model's to give")
        for number in _REFERENCE.findall(sentence):
            if f"T{number}" not in self._references:
                raise ValueError(f"T{number} was not returned")
        for match in _QUOTED.finditer(sentence):
            quoted = next(filter(None, match.groups())).strip()
            if not _REFERENCE.fullmatch(quoted) and _fold(quoted) not in self._known:
                raise ValueError(f"{quoted!r} is not in the facts")
        plain = _REFERENCE.sub(" ", sentence)
        for number in _NUMBER.findall(plain):
            if not self._is_known_number(float(number.replace(",", "."))):
                raise ValueError(f"{number} is not in the facts")
        for name in _names(_QUOTED.sub(" ", plain)):
            if name not in self._words and name not in _FREE_NAMES:
                raise ValueError(f"{name!r} is not in the facts")
        for word in _WORD.findall(_fold(plain)):
            if word not in self._words and word not in _plain_words():
                raise ValueError(f"{word!r} is not a plain word")
        if not self._instruction_runs.isdisjoint(_runs(sentence)):
            raise ValueError("the instructions are not to be recited")
        return self._titled(sentence)

    def _is_known_number(self, number: float) -> bool:
        if number <= len(self._references):  # "here are 3 tracks"
            return True
        return any(abs(number - known) < 0.51 for known in self._numbers)

    def _titled(self, sentence: str) -> str:
        def title(match: re.Match[str]) -> str:
            return f"“{self._references[match.group()]}”"

        return _REFERENCE.sub(title, _MARKED.sub(r"\1", sentence)).strip()


@prompts.cached
def _plain_words() -> frozenset[str]:
    texts = (prompts.load("model", name)["spoken"]["plain"] for name in prompts.languages())
    music = _fold(" ".join([*GENRES, *MOODS]))
    return frozenset(_WORD.findall(_fold(" ".join(texts)) + " " + music))


def _names(sentence: str) -> Iterable[str]:
    """Yield words that look like proper names: capitalised, not the first of the sentence."""
    words = _WORD.findall(sentence)
    for index, word in enumerate(words):
        if index and word[0].isupper() and len(word) > 1:
            yield _fold(word)


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = _WORD.findall(_fold(text))
    return zip(*(words[start:] for start in range(_RECITED_WORDS)), strict=False)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
