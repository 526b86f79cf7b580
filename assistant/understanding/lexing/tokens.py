"""Tokens of a request with a label for each token that was parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from assistant.understanding.lexing.grammar_patterns import Phrase, Rules
from assistant.understanding.lexing.lexicon import Language
from assistant.understanding.lexing.plain_text import Token

if TYPE_CHECKING:
    from assistant.understanding.lexing.name_lookups import Lookups

_USED = "\x00"
# "R.E.M." keeps its last full stop.
_INITIALS = re.compile(r"(?:\b\w\.){2,}$")
# An opening quote with the space after it, a closing one with the space before it.
_QUOTES = re.compile(r"(?<![^\s(])[\"“«„]\s*|\s*[\"“”«»„]")


class Scan:
    """The words of one request, each free or used by what was read from it.

    Patterns see free words only, so nothing is read twice.
    """

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        language: Language,
        names: Lookups | None = None,
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.language = language
        self.names = names
        self.used: list[str | None] = [None] * len(tokens)
        self.protected: set[int] = set()
        self._norms = [token.norm for token in tokens]
        self._words = set(self._norms)
        self._line: str | None = None
        self._starts: list[int] = []

    def line(self) -> str:
        """The request as "word word word "; used words are one NUL character."""
        if self._line is None:
            parts, self._starts, at = [], [], 0
            for token, used in zip(self.tokens, self.used, strict=True):
                word = _USED if used else token.norm
                self._starts.append(at)
                parts.append(word)
                at += len(word) + 1
            self._line = " ".join(parts) + " " if parts else ""
        return self._line

    def find(self, rules: Rules) -> Iterator[tuple[str, re.Match[str], int, int]]:
        """Every match of named patterns, as (name, match, first, last): the end is excluded."""
        line = self.line()
        for _, name, pattern in rules.among(self._words):
            for match in pattern.finditer(line):
                first = bisect_right(self._starts, match.start()) - 1
                last = bisect_right(self._starts, match.end() - 1)
                if match.end() > match.start() and first not in self.protected:
                    yield name, match, first, last

    def longest(self, rules: Rules) -> tuple[int, int] | None:
        """(first, last) of the longest match; the first of those as long."""
        spans = ((first, last) for _, _, first, last in self.find(rules))
        return min(spans, key=lambda span: (span[0] - span[1], span[0]), default=None)

    def longest_first(self, rules: Rules) -> Iterator[tuple[str, re.Match[str], int, int]]:
        """Every match of named patterns, the longest first.

        A match is given only while its words are still free, so the longest reading wins.
        """
        found = sorted(self.find(rules), key=lambda item: item[2] - item[3])
        for name, match, first, last in found:
            if all(self.free(index) for index in range(first, last)):
                yield name, match, first, last

    def use(self, first: int, last: int, label: str) -> None:
        """Mark tokens first … last-1 as understood."""
        for index in range(first, last):
            self.used[index] = self.used[index] or label
        self._line = None

    def free(self, index: int) -> bool:
        """Whether a token exists and is not used yet."""
        return 0 <= index < len(self.tokens) and self.used[index] is None

    def norm(self, index: int) -> str:
        """The folded word at a place, "" outside."""
        return self._norms[index] if 0 <= index < len(self._norms) else ""

    def phrase_at(self, index: int, phrases: Collection[Phrase], *, longest: int = 9) -> int:
        """Words of the longest of `phrases` that starts at a free token; 0 for none."""
        best = 0
        if index < 0:
            return best
        for size in range(1, min(longest, len(self._norms) - index) + 1):
            if self.used[index + size - 1] is not None:
                break
            if tuple(self._norms[index : index + size]) in phrases:
                best = size
        return best

    def group_at(self, index: int, name: str) -> int:
        """Words of the longest phrase of a grammar list at a free token; 0 for none."""
        longest = self.language.firsts[name].get(self.norm(index))
        return self.phrase_at(index, self.language.groups[name], longest=longest) if longest else 0

    def phrase_in_text(self, index: int, name: str) -> bool:
        """Whether a phrase of a list starts at a token, used or not."""
        longest = self.language.firsts[name].get(self.norm(index), 0)
        phrases = self.language.groups[name]
        sizes = range(1, longest + 1)
        return any(tuple(self._norms[index : index + size]) in phrases for size in sizes)

    def group_before(self, index: int, name: str) -> int:
        """Words of the longest phrase of a list that ends right before `index`; 0 for none."""
        phrases = self.language.group(name)
        last = self.language.lasts[name].get(self.norm(index - 1), 0)
        for size in range(min(last, index), 0, -1):
            if tuple(self._norms[index - size : index]) in phrases:
                return size
        return 0

    def meaning_at(self, index: int) -> tuple[int, str, str] | None:
        """(words, table, value) of the longest phrase about music at a free token."""
        longest = self.language.longest.get(self.norm(index))
        size = longest and self.phrase_at(index, self.language.meanings, longest=longest)
        if not size:
            return None
        key = tuple(self.norm(i) for i in range(index, index + size))
        return (size, *self.language.meanings[key])

    def slice(self, first: int, last: int) -> str:
        """What was typed from token `first` to `last`-1, quotes taken off a quoted title."""
        parts = self.tokens[first:last]
        if len(parts) == 1:
            return parts[0].raw if parts[0].is_name else self._clean(parts[0], parts[0])
        return self._clean(parts[0], parts[-1])

    def _clean(self, first: Token, last: Token) -> str:
        text = self.text[first.start : last.end]
        bare = _QUOTES.sub("", text).strip(" ,;:!?")
        return bare if _INITIALS.search(bare) else bare.strip(" ,;:.!?")

    def leftovers(self) -> list[int]:
        """Indices of free tokens that are no punctuation."""
        return [
            i for i, used in enumerate(self.used) if not used and self.norm(i) not in {",", "-"}
        ]
