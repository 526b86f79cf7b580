"""What a person said, in the forms that arguments of tools have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from rapidfuzz import fuzz

import prompts
from assistant.understanding import ConversationState
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import fold, tokenise
from assistant.understanding.lexing.preparing import prepare
from tools.tracks.meaning import meaning

_LONGEST_PHRASE: Final = 6  # words of a synonym
_SAME_WORD: Final = 80.0  # similarity 0..100 of a name's word to a word said: one slip or ending
_NAME_SHARE: Final = 0.65  # of a name's letters that must be said
_WHOLE: Final = 0.8  # share of the request from which a text is all of it
_STRONG: Final = 0.5  # weight 0..1 from which a scene speaks of a mood
_SCENE_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")
_CLAUSE_END: Final = re.compile(r"[,;:.!?()\n]+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_RESTRICTING: Final = frozenset(
    [
        *("bpm_min", "bpm_max", "year_min", "year_max", "keys", "harmonic_with", "limit"),
        *("duration_min", "length_min", "length_max", "instrumental", "exclude_genres"),
        *("exclude_artists", "exclude_moods", "exclude_tracks", "added_days"),
    ]
)
"""Arguments that say a number or what is not wanted: lost, they change the meaning."""
_QUOTES: Final = tuple("\"“«'‘")
_SMALL: Final = 2  # letters of a word that carries no name


@dataclass(frozen=True)
class Evidence:
    """What supports arguments.

    Attributes:
        text: The person's words.
        values: (table, value) of `words.toml` that they say, in any language.
        terms: Moods and sounds that their scenes suggest.
        numbers: That they say, in digits or words.
        years: First and last year of each year or decade.
        minutes: Durations.
        keys: Camelot.
        given: Arguments of the query that this request may refine.
        known_names: Names that the conversation is about.
        restrictions: What the reader understood of it that no search may lose.
        references: Whether there is something that T1 can mean.
    """

    text: str
    values: frozenset[tuple[str, str]]
    terms: frozenset[str]
    numbers: frozenset[float]
    years: frozenset[tuple[int, int]]
    minutes: frozenset[float]
    keys: frozenset[str]
    given: Mapping[str, Any] = field(default_factory=dict)
    known_names: tuple[str, ...] = ()
    restrictions: Mapping[str, Any] = field(default_factory=dict)
    references: bool = True

    @property
    def words(self) -> list[str]:
        """The words, folded."""
        return _words(self.text)

    @property
    def wants_one(self) -> bool:
        """Whether one track is spoken of: "the fastest song"."""
        return self.speaks_of("limit", "1")

    def names(self, name: str) -> bool:
        """Return whether a name is said, or is one that the conversation is about."""
        telling = {word for word in _words(name) if len(word) > _SMALL} or set(_words(name))
        if any(telling <= set(_words(known)) for known in self.known_names):
            return True
        return self.says_name(name)

    def says_name(self, name: str) -> bool:
        """Return whether the person's own words say a name."""
        return _share_said(_words(name), self.words) >= _NAME_SHARE

    def has_any(self, phrases: Iterable[str]) -> bool:
        """Return whether one is said; it may begin a longer word, unless it ends in a space."""
        said = f" {' '.join(self.words)} "
        return any(
            f" {' '.join(_words(phrase))}{phrase[-1] if phrase[-1] == ' ' else ''}" in said
            for phrase in phrases
        )

    def has_words(self, phrase: str) -> bool:
        """Return whether each word of a phrase begins a word that was said."""
        wanted = _words(phrase)
        return bool(wanted) and all(any(w.startswith(part) for w in self.words) for part in wanted)

    def speaks_of(self, name: str, value: str) -> bool:
        """Return whether words of `[support]` in model.toml for an argument's value are said."""
        return self.has_any(_support(name, value))

    def only_value(self, name: str) -> str | None:
        """Return the one value of an argument that words of `[support]` speak of, if it is one."""
        values = {value for each in prompts.languages() for value in _supports(each).get(name, ())}
        said = [value for value in sorted(values) if self.speaks_of(name, value)]
        return said[0] if len(said) == 1 else None

    def part_of_request(self, text: str) -> str | None:
        """Return the words of a description that were said; not the whole request."""
        if self.is_name_like(text):
            return text
        said = self.words
        kept = [word for word in _WORD.findall(text) if _is_said(fold(word), said)]
        if not [word for word in kept if fold(word) not in _filler()]:
            return None
        if len(kept) >= _WHOLE * len(said):
            return self.scene() or " ".join(kept)
        return " ".join(kept)

    def scene(self) -> str | None:
        """Return the part of the request that describes a sound; None where none does."""
        runs = [run for clause in _CLAUSE_END.split(self.text) if (run := _core(clause))]
        telling = [run for run in runs if means(run)]
        return " ".join(telling) or None

    def is_name_like(self, text: str) -> bool:
        """Return whether the person wrote a text as names are: with a capital inside, or quoted."""
        at = self.text.casefold().find(text.casefold())
        if at < 0:
            return False
        before = self.text[at - 1 : at]
        return before in _QUOTES or (at > 0 and self.text[at].isupper())

    def is_covered(self, text: str, others: Iterable[str]) -> bool:
        """Return whether every telling word of a text says what the other values say."""
        known = {" ".join(_words(other)) for other in others}
        rest = [
            word
            for word in _words(text)
            if word not in _filler()
            and not any(word in other.split() for other in known)
            and not any(value in known for _, value in _meanings([word]))
        ]
        return not rest


def means(text: str) -> bool:
    """Return whether a text describes a sound in any language."""
    return any(meaning(text, name) for name in prompts.languages())


def evidence(
    text: str,
    *,
    state: ConversationState | None = None,
    hint: Mapping[str, Any] | None = None,
) -> Evidence:
    """Return what a request says, and what the conversation adds.

    Args:
        text: The request.
        state: The conversation so far.
        hint: The reader's partial result.
    """
    values: set[tuple[str, str]] = set()
    terms: set[str] = set()
    for name in prompts.languages():
        values |= set(_meanings(_words(text), name))
        found = meaning(text, name)
        weights = found.weights if found else {}
        terms |= {term for term, weight in weights.items() if weight >= _STRONG}
    said = _Quantities({(int(year), int(year)) for year in _YEAR.findall(text)})
    for name in prompts.languages():
        for norm in _prepared(text, name):
            said.add(norm)
    known = state or ConversationState()
    names = [*(track.label for track in known.results), known.playlist or "", known.track or ""]
    read = (hint or {}).get("arguments") or {}
    return Evidence(
        text, frozenset(values), frozenset(terms), frozenset(said.numbers),
        frozenset(said.years), frozenset(said.minutes), frozenset(said.keys),
        given=known.query,
        known_names=tuple(filter(None, names)),
        restrictions={name: value for name, value in read.items() if name in _RESTRICTING},
        references=any(names),
    )  # fmt: skip


@dataclass
class _Quantities:
    """Years, numbers, minutes and keys, gathered from the reader's tokens."""

    years: set[tuple[int, int]]
    numbers: set[float] = field(default_factory=set)
    minutes: set[float] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    def add(self, norm: str) -> None:
        """Take in a token."""
        kind, rest = norm[:2], norm[2:]
        if kind == "@d":
            first, last = rest.split("-")
            self.years.add((int(first), int(last)))
        elif kind == "@t":
            self.minutes.add(float(rest))
        elif kind == "@k":
            self.keys.add(rest.upper())
        elif norm.replace(".", "", 1).replace(",", "", 1).isdigit():
            self.numbers.add(float(norm.replace(",", ".")))


def _prepared(text: str, name: str) -> list[str]:
    tokens = tokenise(text)
    return [token.norm for token in prepare(text, tokens, name, None).tokens] if tokens else []


def _meanings(words: Sequence[str], name: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield what phrases of the words mean; a longer phrase keeps its words from shorter ones."""
    for each in (name,) if name else prompts.languages():
        known = language(each)
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
                if found := known.meanings.get(tuple(words[at : at + size])):
                    yield found
                    at += size - 1
                    break
            at += 1


def _share_said(wanted: Sequence[str], said: Sequence[str]) -> float:
    telling = [word for word in wanted if len(word) > _SMALL] or list(wanted)
    letters = sum(len(word) for word in telling)
    return sum(len(word) for word in telling if _is_said(word, said)) / max(letters, 1)


def _is_said(word: str, said: Sequence[str]) -> bool:
    return any(fuzz.ratio(word, other) >= _SAME_WORD for other in said)


def _core(clause: str) -> str:
    """Return a clause from its first to its last telling word."""
    words = _WORD.findall(clause)
    telling = [at for at, word in enumerate(words) if fold(word) not in _filler()]
    if not telling:
        return ""
    return " ".join(words[telling[0] : telling[-1] + 1][:_SCENE_WORDS])


@cache
def _filler() -> frozenset[str]:
    """Words that describe nothing: "please", "songs", "find"."""
    words: set[str] = set()
    for name in prompts.languages():
        told = prompts.load("associations", name)
        scenes = {fold(phrase) for phrases in told["meanings"].values() for phrase in phrases}
        words |= (language(name).common | language(name).numbers.keys()) - scenes
        words |= {word for phrase in told["filler"]["words"] for word in _words(phrase)}
    return frozenset(words)


@cache
def _support(name: str, value: str) -> tuple[str, ...]:
    phrases: list[str] = []
    for each in prompts.languages():
        phrases += _supports(each).get(name, {}).get(value, ())
    return tuple(phrases)


def _supports(name: str) -> dict[str, dict[str, list[str]]]:
    return prompts.load("model", name)["support"]


def _words(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]
