"""Verdicts on answers to requests that the reader defers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Verdict = Literal["right", "deferred", "wrong"]

ANYTHING: Final = "*"
"""As a value in an acceptable call: whatever the words describe."""
_FREE: Final = frozenset({"limit", "harmonic", "name"})
"""Arguments that may be there or not, when their value is one that is said."""
_QUOTED: Final = re.compile(r"[“\"«]\s*([^”\"»]{2,80}?)\s*[”\"»]")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one request.

    Attributes:
        calls: Tool and arguments of each call that ran.
        text: The answer.
        own_words: The part of it that the model wrote.
        by: Which part answered.
        stand_in: The answer is a fixed sentence that stands in for one of the model.
        seconds: Until the answer was whole.
        first_s: Until the first of it was there.
    """

    calls: tuple[tuple[str, Mapping[str, Any]], ...]
    text: str
    own_words: str
    by: str
    stand_in: bool
    seconds: float
    first_s: float
    prompt_tokens: int
    reply_tokens: int


def verdict(case: Mapping[str, Any], answered: Answered) -> Verdict:
    """Return whether an answer is useful, none, or wrong."""
    expected = case["expected"]
    if expected is None:
        if answered.calls:
            return "wrong"
        honest = case.get("useful") == "refuse"  # "that I cannot do" is the answer then
        spoken = answered.by == "model" and (honest or not answered.stand_in)
        return "right" if spoken else "deferred"
    if not answered.calls:
        return "deferred"
    fits = any(
        each["tool"] == tool and _fits(arguments, each["arguments"])
        for tool, arguments in answered.calls
        for each in expected
    )
    return "right" if fits else "wrong"


def invented_arguments(case: Mapping[str, Any], answered: Answered) -> list[str]:
    """Return arguments of the calls that no acceptable call of the tool has."""
    found = []
    for tool, arguments in answered.calls:
        known = [each["arguments"] for each in case["expected"] or () if each["tool"] == tool]
        if not known:
            continue  # another tool is wrong, not invented
        names = {name for each in known for name in each} | _FREE
        found += [f"{name}={value}" for name, value in arguments.items() if name not in names]
    return found


def invented_titles(answered: Answered, titles: Collection[str]) -> list[str]:
    """Return quoted names in the model's own words that are no titles of the library."""
    known = " ".join(titles).casefold()
    return [each for each in _QUOTED.findall(answered.own_words) if each.casefold() not in known]


def _fits(given: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    names = given.keys() - (_FREE - expected.keys())
    return names == expected.keys() and all(
        value == ANYTHING or _same(given[name], value) for name, value in expected.items()
    )


def _same(given: Any, expected: Any) -> bool:
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        return sorted(map(str, given)) == sorted(map(str, expected))
    if isinstance(expected, str):
        return str(given).casefold() == expected.casefold()
    return given == expected
