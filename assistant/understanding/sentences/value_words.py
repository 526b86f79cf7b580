"""Words for the values that an argument may take ("hardest" → MASTER), from the tools' files.

They count inside the sentences of their tool only: "simple" says a level of a drum chart, and
nothing about a search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import prompts
from assistant.understanding.lexing.grammar_patterns import Phrase
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.template_matching import SKIPPED
from assistant.understanding.lexing.templates import parse, phrases
from assistant.understanding.lexing.tokens import Scan

_TOOL_OF: Final[Mapping[str, str]] = {"levels": "generate_drum_chart", "by": "count_tracks"}
"""Argument → the tool in whose file its words stand."""
ARGUMENT_SLOTS: Final = ("levels", "strict_levels", "by")
_LINKS: Final = ("list_and", "level_side")
_SIGNS: Final = SKIPPED | {"&"}


def argument_values(scan: Scan, kind: str, at: int) -> Iterator[tuple[int, str | list[str]]]:
    """Yield (token after it, value) of a slot's values that start at a token, the longest first.

    Args:
        scan: The request.
        kind: "levels" for a list, "strict_levels" for levels by their own names, which mean
            nothing else ("extreme and master"), "by" for one value.
        at: The first token.
    """
    if kind == "by":
        yield from _one(scan, kind, at)
        return
    for end, values in _lists(scan, "levels", at):
        own = all(scan.norm(i).upper() in values for i in _worded(scan, at, end))
        if own or kind == "levels":
            yield end, values


@prompts.cached
def _table(argument: str, language_name: str) -> Mapping[Phrase, str]:
    reader: Mapping[str, Any] = prompts.load(f"tools/{_TOOL_OF[argument]}", language_name)["reader"]
    rules = {**language(language_name).sentence_rules, **reader.get("rules", {})}
    return {
        phrase: value
        for value, templates in reader["values"][argument].items()
        for template in templates
        for phrase in phrases(parse(template, rules))
    }


@prompts.cached
def _longest(argument: str, language_name: str) -> int:
    return max(map(len, _table(argument, language_name)))


def _one(scan: Scan, argument: str, at: int) -> Iterator[tuple[int, str]]:
    table = _table(argument, scan.language.name)
    for size in range(min(_longest(argument, scan.language.name), len(scan.tokens) - at), 0, -1):
        typed = tuple(scan.norm(i) for i in range(at, at + size))
        if typed in table and all(scan.used[i] is None for i in range(at, at + size)):
            yield at + size, table[typed]


def _lists(scan: Scan, argument: str, at: int) -> Iterator[tuple[int, list[str]]]:
    """Yield "basic, extreme and master", then "basic, extreme" …"""
    found: list[tuple[int, list[str]]] = []
    start, values = at, list[str]()
    while one := next(_one(scan, argument, start), None):
        start, value = one
        values = [*values, value] if value not in values else values
        found.append((start, values))
        while size := _link(scan, start):
            start += size
    yield from reversed(found)


def _link(scan: Scan, at: int) -> int:
    if at < len(scan.tokens) and scan.norm(at) in _SIGNS:
        return 1
    return max(scan.group_at(at, name) for name in _LINKS)


def _worded(scan: Scan, first: int, last: int) -> list[int]:
    """The tokens of a list that are no link."""
    kept: list[int] = []
    at = first
    while at < last:
        size = _link(scan, at)
        kept += [] if size else [at]
        at += size or 1
    return kept
