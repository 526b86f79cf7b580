"""What sentences claim: deeds of tools, and facts about the library; the words are data."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final

import prompts
from assistant.understanding.lexing.plain_text import fold

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Deed:
    phrases: tuple[str, ...]
    tools: frozenset[str]
    whole: bool


def claims_a_deed(sentence: str, called: Collection[str]) -> bool:
    """Return whether a sentence says that something was done that no called tool did."""
    if sentence.rstrip(" \"'»”").endswith("?"):
        return False
    said = _without_skipped(sentence)
    for deed in _deeds():
        claimed = (
            any(said.startswith(phrase) for phrase in deed.phrases)
            if deed.whole
            else any(phrase in said for phrase in deed.phrases)
        )
        if claimed and deed.tools.isdisjoint(called):
            return True
    return False


def speaks_of_library(sentence: str) -> bool:
    """Return whether a sentence speaks of the person's music rather than of the world."""
    said = _spaced(sentence)
    return any(phrase in said for phrase in _phrases("library"))


def counts_music(after: str) -> bool:
    """Return whether the words after a number are what a library counts ("tracks", "BPM")."""
    return any(
        word.startswith(unit.strip())
        for word in _spaced(after).split()[:2]
        for unit in _phrases("counted")
    )


@cache
def _deeds() -> tuple[_Deed, ...]:
    return tuple(
        _Deed(
            tuple(_without_skipped(phrase) for phrase in each["words"]),
            frozenset(each["tools"]),
            bool(each.get("whole", False)),
        )
        for name in prompts.languages()
        for each in prompts.load("model", name)["deed"]
    )


@cache
def _phrases(group: str) -> tuple[str, ...]:
    claims = [prompts.load("model", name)["claims"][group] for name in prompts.languages()]
    return tuple(_spaced(phrase) for phrases in claims for phrase in phrases)


def _without_skipped(text: str) -> str:
    """Return the words without those that may stand in the middle of a claim ("have", "just")."""
    return f" {' '.join(word for word in _spaced(text).split() if word not in _skipped())} "


@cache
def _skipped() -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in _phrases("skipped"))


def _spaced(text: str) -> str:
    """Return folded words between single spaces, with one at both ends."""
    return f" {' '.join(fold(word) for word in _WORD.findall(text))} "
