"""Terms of a free description: "a rainy Sunday in a café" → melancholic, jazz, acoustic.

Words are looked up in `prompts/<language>/associations.toml` and in the synonyms of the reader,
the longest phrase first; endings and one slip of the finger do not matter. The meaning is the sum
of what its words mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Prefix

from prompts import cached, languages, load
from store.folding import fold
from tools.text.words import Language, known_name

TERMS_USED: Final = 8
"""A meaning of more terms than this fits everything."""
TERMS_SAID: Final = 4
FAINT: Final = 0.3
"""A term that weighs less than this share of the heaviest says nothing."""
SLIP_FROM: Final = 4
"""Shorter stems are not mended: one letter of three may be anything."""
LONGEST_PHRASE: Final = 5
MOST_WORDS: Final = 0.5
"""More than this share of the words must be known in the other language: "the" is tea in French."""

_WORD: Final = re.compile(r"[^\W_]+")
_TERM: Final = re.compile(r"(.+?)(?: (\.\d+))?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The terms of a description.

    Attributes:
        weights: Term of `store.search.sound_search` → weight 0..1, the heaviest first.
        whole: No word was left without a meaning.
    """

    weights: Mapping[str, float]
    whole: bool

    def said(self, language: Language) -> tuple[str, ...]:
        """The heaviest terms in words."""
        return tuple(term_name(term, language) for term in list(self.weights)[:TERMS_SAID])


def term_name(term: str, language: Language) -> str:
    """A term as people say it."""
    own = load("associations", language)["names"].get(term)
    if own:
        return str(own)
    mood = known_name(language, "moods", term)
    return mood if mood != term else known_name(language, "genres", term)


def meaning(text: str, language: Language) -> Meaning | None:
    """What `text` means, in `language` or else in the other one; None when no word is known."""
    own, share = _read(text, language)
    if share < 1.0:
        for other in languages():
            foreign, its_share = _read(text, other)
            if its_share > max(share, MOST_WORDS):
                own, share = foreign, its_share
    return own if own.weights else None


def _read(text: str, language: Language) -> tuple[Meaning, float]:
    """The meaning, and the share of words that have one."""
    table = _table(language)
    words = [table.mended(_stem(word, language)) for word in _words(text)]
    sums: dict[str, float] = {}
    at = known = unknown = 0
    while at < len(words):
        size, terms = table.phrase(words, at)
        for term, weight in terms.items():
            sums[term] = sums.get(term, 0.0) + weight
        if terms:
            known += size
        elif words[at] not in table.filler:
            unknown += 1
        at += size
    heaviest = max(sums.values(), default=0.0)
    ranked = sorted(sums.items(), key=lambda pair: -pair[1])[:TERMS_USED]
    weights = {term: w / heaviest for term, w in ranked if w >= FAINT * heaviest}
    return Meaning(weights, unknown == 0), known / max(known + unknown, 1)


@dataclass(frozen=True, slots=True)
class _Table:
    """Phrases of stems, and every stem that is in one."""

    phrases: Mapping[tuple[str, ...], Mapping[str, float]]
    filler: frozenset[str]
    stems: frozenset[str]

    def mended(self, stem: str) -> str:
        """The stem, or the known one that is one slip of the finger away."""
        if stem in self.stems or stem in self.filler or len(stem) < SLIP_FROM:
            return stem
        near = process.extract(
            stem, self.stems, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=10
        )
        alike = [known for known, _, _ in near if len(known) >= SLIP_FROM]
        return max(alike, key=lambda known: Prefix.similarity(known, stem), default=stem)

    def phrase(self, words: Sequence[str], at: int) -> tuple[int, Mapping[str, float]]:
        """The longest phrase from `at` on, as (words taken, terms); no terms when none is known."""
        for size in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            terms = self.phrases.get(tuple(words[at : at + size]))
            if terms and not (size == 1 and words[at] in self.filler):
                return size, terms
        return 1, {}


@cached
def _table(language: Language) -> _Table:
    phrases: dict[tuple[str, ...], Mapping[str, float]] = {}
    for phrase, terms in (*_synonyms(language), *_associations(language)):
        phrases[tuple(_stem(word, language) for word in _words(phrase))] = terms
    filler = load("associations", language)["filler"]["words"]
    return _Table(
        phrases,
        frozenset(_stem(word, language) for phrase in filler for word in _words(phrase)),
        frozenset(sorted(stem for phrase in phrases for stem in phrase)),
    )


def _associations(language: Language) -> Iterator[tuple[str, Mapping[str, float]]]:
    for terms, phrases in load("associations", language)["meanings"].items():
        weights = parsed_terms(terms)
        for phrase in phrases:
            yield phrase, weights


def parsed_terms(text: str) -> dict[str, float]:
    """ "chill, jazz .5" → {"chill": 1.0, "jazz": 0.5}."""
    matches = (_TERM.fullmatch(part.strip()) for part in text.split(","))
    return {match[1]: float(match[2] or 1.0) for match in matches if match}


def _synonyms(language: Language) -> Iterator[tuple[str, Mapping[str, float]]]:
    words = load("words", language)
    for table in ("subgenres", "genres", "moods"):
        for term, phrases in words[table].items():
            for phrase in phrases:
                yield phrase, {term: 1.0}


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _stem(word: str, language: Language) -> str:
    for ending in load("language", language)["reading"]["endings"]:
        left = len(word) - len(ending)
        if word.endswith(ending) and left >= (3 if ending == "s" else 4):
            return word.removesuffix(ending)
    return word
