"""The sentences of a conversation as data: `prompts/<language>/dialogue.toml`, compiled once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import prompts
from assistant.understanding.lexing import lexicon
from assistant.understanding.lexing.grammar_patterns import Phrase
from assistant.understanding.lexing.plain_text import Token, fold_phrase
from assistant.understanding.lexing.template_matching import SKIPPED, Captures, Slots, matches
from assistant.understanding.lexing.templates import ANY, Node, Trees, first_words, needed, parse
from assistant.understanding.lexing.tokens import Scan

_COURTESY: Final = ("polite", "commands.before", "commands.after")


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled sentence.

    Attributes:
        name: What it says, the key of its list.
        node: Its tree.
        needs: Sets of words of each of which a request must have one.
    """

    name: str
    node: Node
    needs: tuple[frozenset[str], ...]

    def may_fit(self, words: set[str]) -> bool:
        """Return whether a request of these words has all that it needs."""
        return all(needed & words for needed in self.needs)


def sentences(language: str) -> Mapping[str, Any]:
    """Return the data of a language."""
    return prompts.load("dialogue", language)


@prompts.cached
def templates(language: str, section: str) -> tuple[Template, ...]:
    """Return the sentences of a section."""
    data, known, trees = sentences(language), lexicon.language(language), Trees()
    trees = [
        (name, parse(text, data.get("rules", {}), optional=known.optional, trees=trees))
        for name, texts in data.get(section, {}).items()
        for text in texts
    ]
    return tuple(Template(name, node, needed(node)) for name, node in trees)


@prompts.cached
def words(language: str, section: str) -> Mapping[Phrase, str]:
    """Return what each phrase of a table stands for."""
    table = sentences(language).get(section, {})
    return {fold_phrase(text): name for name, texts in table.items() for text in texts}


def word_at(scan: Scan, at: int, section: str) -> Iterator[tuple[int, str]]:
    """Yield (end, value) of the phrases of a table that start at a token, the longest first."""
    table = words(scan.language.name, section)
    for size in range(4, 0, -1):
        phrase = tuple(scan.norm(i) for i in range(at, at + size))
        if phrase in table and all(scan.free(i) for i in range(at, at + size)):
            yield at + size, table[phrase]


def with_same_words(tokens: list[Token], language: str) -> list[Token]:
    """Return the tokens with forms of a word as the one of the sentences: "mettez" as "mets"."""
    table = words(language, "same_words")
    return [
        replace(token, norm=table[token.norm,]) if (token.norm,) in table else token
        for token in tokens
    ]


def whole(scan: Scan, section: str, slots: Slots) -> Iterator[tuple[str, Captures]]:
    """Yield (name, captures) of every sentence that takes up the request, courtesies aside."""
    starts = list(_starts(scan))
    present = {token.norm for token in scan.tokens}
    for template in templates(scan.language.name, section):
        if not template.may_fit(present):
            continue
        for start in starts:
            for end, captures in matches(template.node, scan, start, slots):
                if _ended(scan, end):
                    yield template.name, captures


def inside(scan: Scan, section: str, slots: Slots) -> Iterator[tuple[str, int, int, Captures]]:
    """Yield (name, first, last, captures) of every sentence found anywhere, the widest first."""
    present = {token.norm for token in scan.tokens}
    found = [
        (template.name, at, end, captures)
        for template in templates(scan.language.name, section)
        if template.may_fit(present)
        for at in range(len(scan.tokens))
        for end, captures in matches(template.node, scan, at, slots)
        if end > at
    ]
    yield from sorted(found, key=lambda item: item[1] - item[2])


def at_token(
    scan: Scan, section: str, at: int, slots: Slots
) -> Iterator[tuple[str, int, Captures]]:
    """Yield (name, end, captures) of the sentences that start at a token."""
    by_word, always = _by_first_word(scan.language.name, section)
    for _, template in sorted([*by_word.get(scan.norm(at), ()), *always], key=lambda one: one[0]):
        for end, captures in matches(template.node, scan, at, slots):
            if end > at:
                yield template.name, end, captures


_Placed = list[tuple[int, "Template"]]


@cache
def _by_first_word(language_name: str, section: str) -> tuple[dict[str, _Placed], _Placed]:
    """The sentences of a section by each word that they may begin with, and those by any."""
    by_word: dict[str, _Placed] = {}
    always: _Placed = []
    for place, template in enumerate(templates(language_name, section)):
        firsts = first_words(template.node)
        if ANY in firsts or "" in firsts:
            always.append((place, template))
            continue
        for word in firsts:
            by_word.setdefault(word, []).append((place, template))
    return by_word, always


def _starts(scan: Scan) -> Iterator[int]:
    """Yield the tokens at which a request may begin: the first, or after a courtesy."""
    at = 0
    while at < len(scan.tokens):
        yield at
        size = _courtesy(scan, at)
        if not size:
            return
        at += size


def _ended(scan: Scan, at: int) -> bool:
    while at < len(scan.tokens):
        closer = next((end - at for end, _ in word_at(scan, at, "closers")), 0)
        size = max(closer, _courtesy(scan, at))
        if not size:
            return False
        at += size
    return True


def _courtesy(scan: Scan, at: int) -> int:
    if scan.norm(at) in SKIPPED:
        return 1
    return max(scan.group_at(at, name) for name in _COURTESY)
