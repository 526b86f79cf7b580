"""Sentence templates: "(play|put on) [the] {track} [by {artist}]" as a tree.

The syntax is that of Home Assistant's intents: `(a|b)` alternatives, `[x]` an optional part,
`<rule>` a shared template, `{slot}` or `{slot:argument}` a value. Words are folded and split as
requests are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.understanding.lexing.plain_text import fold_phrase

_PIECE: Final = re.compile(r"[()\[\]|]|<\w+>|\{\w+(?::\w+)?\}|[^()\[\]|<>{}\s]+")


class TemplateError(Exception):
    """A template that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word."""

    norm: str


@dataclass(frozen=True, slots=True)
class TemplateSlot:
    """A value of a kind ("track"), for an argument."""

    kind: str
    argument: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts in order."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several; an empty sequence among them makes it optional."""

    options: tuple[Node, ...]


Node = Word | TemplateSlot | Sequence | Alternatives


def parse(template: str, rules: Mapping[str, str] | None = None) -> Node:
    """Return the tree of a template.

    Args:
        template: The text.
        rules: Shared templates by name, which may name others.

    Raises:
        TemplateError: A bracket is missing, or a rule.
    """
    pieces = _PIECE.findall(template)
    node, at = _choice(pieces, 0, rules or {}, depth=0, whole=template)
    if at < len(pieces):
        raise TemplateError(f"{template!r}: one {pieces[at]!r} too many")
    return node


_DEEPEST: Final = 12  # rules within rules; more is a circle


def _choice(
    pieces: list[str], at: int, rules: Mapping[str, str], *, depth: int, whole: str
) -> tuple[Node, int]:
    options: list[Node] = []
    parts: list[Node] = []
    while at < len(pieces) and pieces[at] not in ")]":
        piece = pieces[at]
        at += 1
        if piece == "|":
            options.append(_sequence(parts))
            parts = []
        elif piece in "([":
            inner, at = _choice(pieces, at, rules, depth=depth, whole=whole)
            closing = ")" if piece == "(" else "]"
            if at >= len(pieces) or pieces[at] != closing:
                raise TemplateError(f"{whole!r}: a {closing!r} is missing")
            at += 1
            parts.append(inner if piece == "(" else Alternatives((inner, Sequence(()))))
        elif piece.startswith("<"):
            parts.append(_rule(piece[1:-1], rules, depth=depth, whole=whole))
        elif piece.startswith("{"):
            kind, _, argument = piece[1:-1].partition(":")
            parts.append(TemplateSlot(kind, argument or kind))
        else:
            parts += [Word(norm) for norm in fold_phrase(piece)]
    options.append(_sequence(parts))
    return (options[0] if len(options) == 1 else Alternatives(tuple(options))), at


def _sequence(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def _rule(name: str, rules: Mapping[str, str], *, depth: int, whole: str) -> Node:
    if name not in rules:
        raise TemplateError(f"{whole!r}: there is no rule <{name}>")
    if depth >= _DEEPEST:
        raise TemplateError(f"{whole!r}: <{name}> contains itself")
    pieces = _PIECE.findall(rules[name])
    node, at = _choice(pieces, 0, rules, depth=depth + 1, whole=rules[name])
    if at < len(pieces):
        raise TemplateError(f"<{name}>: one {pieces[at]!r} too many")
    return node


def needed(node: Node) -> frozenset[str] | None:
    """Return words of which a request must have one; None where it needs none."""
    if isinstance(node, Word):
        return frozenset({node.norm})
    if isinstance(node, TemplateSlot):
        return None
    if isinstance(node, Alternatives):
        found = [needed(option) for option in node.options]
        return None if None in found else frozenset().union(*(f for f in found if f))
    needs = [words for part in node.parts if (words := needed(part))]
    return min(needs, key=len, default=None)


def phrases(node: Node, *, most: int = 20_000) -> frozenset[tuple[str, ...]]:
    """Return every phrase of a template without slots.

    Raises:
        TemplateError: It has a slot, or stands for more phrases than `most`.
    """
    if isinstance(node, Word):
        return frozenset({(node.norm,)})
    if isinstance(node, TemplateSlot):
        raise TemplateError(f"a list of phrases has no slots: {{{node.kind}}}")
    if isinstance(node, Alternatives):
        return frozenset().union(*(phrases(option, most=most) for option in node.options))
    found: frozenset[tuple[str, ...]] = frozenset({()})
    for part in node.parts:
        following = phrases(part, most=most)
        if len(found) * len(following) > most:
            raise TemplateError(f"a template stands for more than {most} phrases")
        found = frozenset(left + right for left in found for right in following)
    return found
