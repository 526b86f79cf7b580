"""Matching of sentence templates against the words of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.understanding.lexing.templates import ANY, Alternatives, Node, TemplateSlot, Word
from assistant.understanding.lexing.tokens import Scan

SKIPPED: Final = frozenset({",", "-"})
"""Punctuation that may stand anywhere."""


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


Slots = Callable[[TemplateSlot, int], Iterator[Captured]]
"""Gives the values of a slot that start at a token, the best first."""

Captures = tuple[Captured, ...]


def matches(
    node: Node, scan: Scan, at: int, slots: Slots, *, passed: frozenset[str] = frozenset()
) -> Iterator[tuple[int, Captures]]:
    """Yield (end, captures) of every way in which a template fits from token `at`.

    Punctuation and the words that say nothing ("just", "really") are passed over where the template
    does not name them, as are the words of `passed`, which may follow it too.
    """
    weightless = scan.language.weightless | passed if passed else scan.language.weightless
    for end, got in _match((node,), scan, at, slots, (), weightless):
        while passed and end < len(scan.tokens) and scan.norm(end) in weightless | SKIPPED:
            end += 1
        yield end, got


def begins(firsts: frozenset[str], scan: Scan, at: int, weightless: frozenset[str]) -> bool:
    """Return whether what begins with one of `firsts` may stand at a token."""
    if ANY in firsts or "" in firsts:
        return True
    while scan.norm(at) not in firsts:
        if scan.norm(at) not in SKIPPED and scan.norm(at) not in weightless:
            return False
        at += 1
    return True


def _match(
    rest: tuple[Node, ...],
    scan: Scan,
    at: int,
    slots: Slots,
    got: Captures,
    weightless: frozenset[str],
) -> Iterator[tuple[int, Captures]]:
    if not rest:
        yield at, got
        return
    node, following = rest[0], rest[1:]
    if isinstance(node, Word):
        while (norm := scan.norm(at)) != node.norm:
            if norm not in SKIPPED and norm not in weightless:
                return
            at += 1
        if scan.used[at] is None:
            yield from _match(following, scan, at + 1, slots, got, weightless)
    elif isinstance(node, TemplateSlot):
        while scan.norm(at) in SKIPPED:
            at += 1
        for found in slots(node, at):
            yield from _match(following, scan, found.last, slots, (*got, found), weightless)
    elif isinstance(node, Alternatives):
        for option, firsts in zip(node.options, node.firsts, strict=True):
            if begins(firsts, scan, at, weightless):
                yield from _match((option, *following), scan, at, slots, got, weightless)
    else:
        yield from _match((*node.parts, *following), scan, at, slots, got, weightless)
