"""Matching of sentence templates against the words of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.understanding.lexing.templates import ANY, Alternatives, Node, TemplateSlot, Word
from assistant.understanding.lexing.tokens import Scan

SKIPPED: Final = frozenset({",", "-"})
"""Punctuation that may stand anywhere."""
_PASSED_AT_ONCE: Final = 8
"""Words that say nothing, one after the other; more are no sentence."""


@dataclass(frozen=True, slots=True)
class Captured:
    """The value of a slot.

    Attributes:
        argument: Whose value it is.
        kind: The slot's kind.
        value: As the tool takes it; for a query its first and last token.
        first: First token.
        last: Token after the last.
        sure: Whether the library, a value or the conversation vouches for it.
        ids: Track ids of names that were resolved, by the name.
        choices: Names as likely to be meant.
    """

    argument: str
    kind: str
    value: Any
    first: int
    last: int
    sure: bool = True
    ids: Mapping[str, int] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Besides:
    """Words that a template need not name.

    Attributes:
        weightless: Passed over before a word.
        passed: Of these, those that are passed over before a value too.
    """

    weightless: frozenset[str]
    passed: frozenset[str]


Slots = Callable[[TemplateSlot, int], Iterator[Captured]]
"""Gives the values of a slot that start at a token, the best first."""

Captures = tuple[Captured, ...]


def matches(
    node: Node, scan: Scan, at: int, slots: Slots, *, passed: frozenset[str] = frozenset()
) -> Iterator[tuple[int, Captures]]:
    """Yield (end, captures) of every way in which a template fits from token `at`.

    Punctuation and the words that say nothing ("just", "really") are passed over where the template
    does not name them, as are the words of `passed`, which may also stand before a value and follow
    the template.
    """
    weightless = scan.language.weightless | passed if passed else scan.language.weightless
    words = _Besides(weightless, passed)
    for end, got in _match((node,), scan, at, slots, (), words):
        while passed and end < len(scan.tokens) and scan.norm(end) in weightless | SKIPPED:
            end += 1
        yield end, got


def begins(firsts: frozenset[str], scan: Scan, at: int, weightless: frozenset[str]) -> bool:
    """Return whether what begins with one of `firsts` may stand at a token."""
    if ANY in firsts or "" in firsts:
        return True
    for place in range(at, at + _PASSED_AT_ONCE):
        norm = scan.norm(place)
        if norm in firsts:
            return True
        if norm not in SKIPPED and norm not in weightless:
            return False
    return False


def _goes_on(scan: Scan, at: int) -> bool:
    """Whether a word goes on a name that was typed with capitals: "Hey *Ya*"."""
    return at > 0 and scan.tokens[at].capital and scan.tokens[at - 1].capital


def _match(
    rest: tuple[Node, ...],
    scan: Scan,
    at: int,
    slots: Slots,
    got: Captures,
    words: _Besides,
) -> Iterator[tuple[int, Captures]]:
    if not rest:
        yield at, got
        return
    node, following = rest[0], rest[1:]
    if isinstance(node, Word):
        begin = at
        while (norm := scan.norm(at)) != node.norm:
            if norm not in SKIPPED and (norm not in words.weightless or _goes_on(scan, at)):
                return
            at += 1
            if at - begin > _PASSED_AT_ONCE:
                return
        if scan.used[at] is None:
            yield from _match(following, scan, at + 1, slots, got, words)
    elif isinstance(node, TemplateSlot):
        while scan.norm(at) in SKIPPED:
            at += 1
        for found in slots(node, at):
            yield from _match(following, scan, found.last, slots, (*got, found), words)
        if at < len(scan.tokens) and scan.norm(at) in words.passed:
            yield from _match(rest, scan, at + 1, slots, got, words)
    elif isinstance(node, Alternatives):
        for option, firsts in zip(node.options, node.firsts, strict=True):
            if begins(firsts, scan, at, words.weightless):
                yield from _match((option, *following), scan, at, slots, got, words)
    else:
        yield from _match((*node.parts, *following), scan, at, slots, got, words)
