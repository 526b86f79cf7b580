"""From what was typed to words with values, ready to be read."""

from __future__ import annotations

from dataclasses import replace

import prompts
from assistant.understanding.lexing import values
from assistant.understanding.lexing.key_words import merge_keys
from assistant.understanding.lexing.lexicon import Language, language
from assistant.understanding.lexing.name_lookups import Lookups
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan

# Words shorter than this stay small in titles ("Songs From the 90s").
_SMALL_WORD = 4
_ENDS = frozenset(".!?…")


def detect(tokens: list[Token], text: str, *, default: str = prompts.FALLBACK) -> str:
    """The language most words belong to."""
    scores = {}
    for name in prompts.languages():
        known = language(name)
        words = [token.norm for token in tokens]
        scores[name] = sum(word in known.common for word in words)
        scores[name] += 0.5 * sum((word,) in known.meanings for word in words)
    best = max(scores.values(), default=0)
    tied = [name for name, score in scores.items() if score == best]
    return default if default in tied else tied[0]


def with_small_openers(tokens: list[Token], spoken: str) -> list[Token]:
    """The words, those of every day that open a later sentence typed small: "Nice. What year?"."""
    common = language(spoken).common
    return [
        replace(token, capital=False, raw=token.raw[:1].lower() + token.raw[1:])
        if at and token.capital and token.norm in common and tokens[at - 1].raw in _ENDS
        else token
        for at, token in enumerate(tokens)
    ]


def spelled_out(tokens: list[Token], spoken: str) -> list[Token]:
    """The words with "u" as "you" and "jveux" as "je veux"."""
    spellings = language(spoken).spellings
    out: list[Token] = []
    for at, token in enumerate(tokens):
        may = token.raw.isalpha() and not (token.capital and at)  # "U" inside is a name
        meant = spellings.get(token.norm) if may else None
        out += [replace(token, norm=norm) for norm in meant] if meant else [token]
    return out


def without_courtesy(text: str, tokens: list[Token], spoken: str) -> list[Token]:
    """The words without "would you be so kind as to" or "genre:"'s colon; never none at all."""
    scan = Scan(text, tokens, language(spoken))
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        size = scan.group_at(at, "polite")
        # "bpm: 120, genre: jazz"
        labelled = tokens[at].raw == ":" and at and scan.group_before(at, "labels")
        if not size and not labelled:
            kept.append(tokens[at])
        at += size or 1
    while kept and kept[0].norm == ",":
        kept.pop(0)
    return kept or tokens


def prepare(text: str, tokens: list[Token], spoken: str, names: Lookups | None) -> Scan:
    """A scan of the request with numbers, keys, decades and durations as values."""
    known = language(spoken)
    if text.isupper() or _title_case(tokens, known):
        tokens = [Token(t.norm, t.start, t.end, t.raw.isdigit(), t.raw) for t in tokens]
    ready = merge_keys(values.merge_numbers(tokens, known))
    ready = values.merge_durations(text, values.merge_decades(ready, known), known)
    return Scan(text, ready, known, names)


def _title_case(tokens: list[Token], known: Language) -> bool:
    """Whether every word has a capital, so that capitals say nothing about names."""
    long = [token for token in tokens if len(token.norm) >= _SMALL_WORD and token.norm[0].isalpha()]
    common = any((token.norm,) in known.meanings for token in tokens[1:] if token.capital)
    return tokens[0].capital and len(long) > 2 and common and all(token.capital for token in long)
