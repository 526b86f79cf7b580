"""Slips in the words that ask about a track: "waht key", "the tempoo of Clocks", "le tmpo"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import prompts
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.typos import within_one_edit
from assistant.understanding.named.kinds import vocabularies

_SHORTEST: Final = 4  # letters of a word that may be misspelt


@prompts.cached
def _asking(language_name: str, tools: tuple[str, ...]) -> frozenset[str]:
    """Words that ask about a track, and those that stand beside them."""
    found = vocabularies(language_name, tools)
    cues = frozenset().union(*(vocabulary.cues for vocabulary in found))
    beside = {word for phrase in language(language_name).group("named_asks") for word in phrase}
    return frozenset(word for word in cues | beside if len(word) >= _SHORTEST)


def corrected(
    tokens: Sequence[Token], spoken: str, *, tools: tuple[str, ...], named: Collection[int]
) -> list[Token] | None:
    """Return the words with those corrected that are one slip from a word that asks.

    Args:
        tokens: The request.
        spoken: Its language.
        tools: What can be asked for.
        named: Places of words that belong to a name of the library.

    Returns:
        None where nothing is misspelt.
    """
    known = language(spoken)
    asking = _asking(spoken, tools)
    out: list[Token] = []
    for at, token in enumerate(tokens):
        word = token.norm
        plain = word.isalpha() and len(word) >= _SHORTEST and not (token.capital and at)
        if plain and at not in named and word not in known.vocabulary | known.common | asking:
            near = {other for other in asking if _slip(word, other)}
            if len(near) == 1:
                token = replace(token, norm=near.pop())
        out.append(token)
    return out if out != list(tokens) else None


def _slip(word: str, meant: str) -> bool:
    if word[0] != meant[0] or not within_one_edit(word, meant):
        return False
    return len(word) > _SHORTEST or len(meant) > _SHORTEST or sorted(word) == sorted(meant)
