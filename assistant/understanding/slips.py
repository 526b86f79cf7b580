"""Words typed in a hurry, of any kind: "adn", "pley", "teh", "calld" as the words meant."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import prompts
from assistant.understanding.dialogue import phrases
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.templates import every_word
from assistant.understanding.lexing.typos import within_one_edit
from assistant.understanding.sentences.intents import intents

_SECTIONS: Final = ("requests", "playlist", "edits", "about_track", "queueing", "saving")
_FEWEST_LETTERS: Final = 4
"""Shorter words are one edit from too many others; only their letters may be swapped."""
_SWAPPED: Final = 3
_LONGEST: Final = 12  # words; a longer request is a text
_MOST: Final = 0.75  # of the words of a request that may be slips


@prompts.cached
def _words(name: str, tools: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The words of requests in a language by first letter."""
    known = language(name)
    found = set(intents(name, tools).words | known.common | known.vocabulary)
    for section in _SECTIONS:
        for template in phrases.templates(name, section):
            found |= every_word(template.node)
    table: dict[str, set[str]] = {}
    for word in found:
        if word.isalpha() and len(word) >= _SWAPPED:
            table.setdefault(word[0], set()).add(word)
    return {initial: frozenset(words) for initial, words in table.items()}


def mended(
    text: str, tokens: list[Token], spoken: str, tools: Collection[str], named: Collection[int]
) -> str | None:
    """Return a request with its slips mended; None without any, or where they are most of it.

    Args:
        text: The request.
        tokens: Its words.
        spoken: Its language.
        tools: Whose words are known.
        named: Places of the words that belong to names of the library.
    """
    if len(tokens) > _LONGEST:
        return None
    listed = tuple(tools)
    tables = {name: _words(name, listed) for name in prompts.languages()}
    out, end, slips = "", 0, 0
    for at, token in enumerate(tokens):
        word = token.norm
        known = any(word in table.get(word[0], ()) for table in tables.values())
        if known or at in named or not word.isalpha() or (token.capital and at):
            continue
        if (meant := _meant(word, tables[spoken], language(spoken).common)) is None:
            continue
        out += text[end : token.start] + meant
        end = token.end
        slips += 1
    if not slips or slips > _MOST * len(tokens):
        return None
    return out + text[end:]


def _meant(word: str, table: dict[str, frozenset[str]], common: Collection[str]) -> str | None:
    """The one word that is an edit away; of several the one that everybody uses."""
    if len(word) < _SWAPPED:
        return None
    near = [known for known in table.get(word[0], ()) if within_one_edit(word, known)]
    if len(word) < _FEWEST_LETTERS:
        near = [known for known in near if sorted(known) == sorted(word)]
    swapped = [known for known in near if sorted(known) == sorted(word)]
    usual = [known for known in near if known in common]
    return next((few[0] for few in (swapped, near, usual) if len(few) == 1), None)
