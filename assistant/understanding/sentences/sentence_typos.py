"""Slips in words of the tools' sentences: "shufle", "baterie", "playlits"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import prompts
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.lexing.typos import within_one_edit
from assistant.understanding.sentences.intents import intents

_FEWEST_LETTERS: Final = 5
"""Shorter words are one edit from too many others."""
_MOST_SLIPS: Final = 3


@prompts.cached
def _known(tools: tuple[str, ...]) -> frozenset[str]:
    """Words that are no slip, in any language."""
    found = set(map(str, prompts.load("names")["not_typos"]))
    for name in prompts.languages():
        known = language(name)
        found |= known.vocabulary | known.common | intents(name, tools).words
        found |= set(known.numbers) | set(known.ordinals)
    return frozenset(found)


@prompts.cached
def _by_initial(name: str, tools: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words of a language's sentences by first letter."""
    long = (word for word in intents(name, tools).words if len(word) >= _FEWEST_LETTERS)
    table: dict[str, list[str]] = {}
    for word in long:
        table.setdefault(word[0], []).append(word)
    return {initial: tuple(words) for initial, words in table.items()}


def with_known_words(scan: Scan, tokens: list[Token], tools: Iterable[str]) -> list[Token] | None:
    """Return the tokens with every slip as the one word that it is an edit from; None without any.

    A name of the library and a word with a capital inside the request are no slips.
    """
    names, listed = scan.names, tuple(tools)
    out = list(tokens)
    slips = 0
    for at, token in enumerate(tokens):
        word = token.norm
        if len(word) < _FEWEST_LETTERS or not word.isalpha() or (token.capital and at):
            continue
        if token.is_name or word in _known(listed):
            continue
        near = [
            known
            for known in _by_initial(scan.language.name, listed).get(word[0], ())
            if within_one_edit(word, known)
        ]
        if len(near) != 1 or (names and (names.artist(token.raw) or names.tracks(token.raw))):
            continue
        out[at] = replace(token, norm=near[0])
        slips += 1
    return out if 0 < slips <= _MOST_SLIPS else None
