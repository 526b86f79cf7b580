"""Sentence templates: "(play|put on) [the] {track} [by {artist}]" as a tree.

The syntax is that of Home Assistant's intents: `(a|b)` alternatives, `[x]` an optional part,
`<rule>` a shared template, `{slot}` or `{slot:argument}` a value. Words are folded and split as
requests are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import Final

from assistant.understanding.lexing.plain_text import fold_phrase

ANY: Final = "*"
"""Among the words a template may begin with: a slot, which begins with any word."""
_PIECE: Final = re.compile(r"[()\[\]|]|<\w+>|\{\w+(?::\w+)?\}|[^()\[\]|<>{}\s]+")


class TemplateError(Exception):
    """A template that cannot be read; the message says where."""


_SETS: Final[dict[frozenset[str], frozenset[str]]] = {}
"""Sets of words, each of which is kept once."""


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
    """One of several; an empty sequence among them makes it optional.

    Attributes:
        options: The parts of which one stands.
        firsts: Of each option, the words it may begin with (`first_words`).
    """

    options: tuple[Node, ...]
    firsts: tuple[frozenset[str], ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        firsts = (first_words(one) for one in self.options)
        object.__setattr__(self, "firsts", tuple(_SETS.setdefault(one, one) for one in firsts))


Node = Word | TemplateSlot | Sequence | Alternatives


_EMPTY: Final = Sequence(())
"""What an optional part may be."""


@cache
def _word(norm: str) -> Word:
    """Return the one object of a word: templates hold most words many times."""
    return Word(norm)


@dataclass(slots=True)
class Trees:
    """Trees that templates share.

    Attributes:
        rules: By name.
        optional: By the identity of a tree: the tree, and the same with optional words.
    """

    rules: dict[str, Node] = field(default_factory=dict)
    optional: dict[int, tuple[Node, Node]] = field(default_factory=dict)


def parse(
    template: str,
    rules: Mapping[str, str] | None = None,
    *,
    optional: Collection[str] = (),
    trees: Trees | None = None,
) -> Node:
    """Return the tree of a template.

    Args:
        template: The text.
        rules: Shared templates by name, which may name others.
        optional: Words that a request may leave out, except right before a slot ("the").
        trees: Shared by templates of the same rules and words, so that each rule is one tree.

    Raises:
        TemplateError: A bracket is missing, or a rule.
    """
    trees = Trees() if trees is None else trees
    node = _whole(template, rules or {}, trees, depth=0)
    return _with_optional(node, frozenset(optional), trees) if optional else node


def _whole(template: str, rules: Mapping[str, str], trees: Trees, *, depth: int) -> Node:
    pieces = _PIECE.findall(template)
    node, at = _choice(pieces, 0, rules, trees, depth=depth, whole=template)
    if at < len(pieces):
        raise TemplateError(f"{template!r}: one {pieces[at]!r} too many")
    return node


def _with_optional(node: Node, words: frozenset[str], trees: Trees) -> Node:
    """Make words optional where they stand between others; "(a|one) song" needs one of the two."""
    if isinstance(node, Word):
        return Alternatives((node, _EMPTY)) if node.norm in words else node
    if isinstance(node, TemplateSlot):
        return node
    if id(node) not in trees.optional:
        trees.optional[id(node)] = node, _made_optional(node, words, trees)
    return trees.optional[id(node)][1]


def _made_optional(
    node: Sequence | Alternatives, words: frozenset[str], trees: Trees
) -> Sequence | Alternatives:
    if isinstance(node, Alternatives):
        options = tuple(
            option if isinstance(option, Word) else _with_optional(option, words, trees)
            for option in node.options
        )
        empty = (_EMPTY,) if _are_among(node.options, words) else ()
        return Alternatives((*options, *empty))
    return Sequence(
        tuple(
            part if isinstance(follower, TemplateSlot) else _with_optional(part, words, trees)
            for part, follower in zip_longest(node.parts, node.parts[1:])
        )
    )


def _are_among(options: tuple[Node, ...], words: frozenset[str]) -> bool:
    return all(isinstance(option, Word) and option.norm in words for option in options)


_DEEPEST: Final = 12  # rules within rules; more is a circle


def _choice(
    pieces: list[str], at: int, rules: Mapping[str, str], trees: Trees, *, depth: int, whole: str
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
            inner, at = _choice(pieces, at, rules, trees, depth=depth, whole=whole)
            closing = ")" if piece == "(" else "]"
            if at >= len(pieces) or pieces[at] != closing:
                raise TemplateError(f"{whole!r}: a {closing!r} is missing")
            at += 1
            parts.append(inner if piece == "(" else Alternatives((inner, _EMPTY)))
        elif piece.startswith("<"):
            parts.append(_rule(piece[1:-1], rules, trees, depth=depth, whole=whole))
        elif piece.startswith("{"):
            kind, _, argument = piece[1:-1].partition(":")
            parts.append(TemplateSlot(kind, argument or kind))
        else:
            parts += [_word(norm) for norm in fold_phrase(piece)]
    options.append(_sequence(parts))
    return (options[0] if len(options) == 1 else Alternatives(tuple(options))), at


def _sequence(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def _rule(name: str, rules: Mapping[str, str], trees: Trees, *, depth: int, whole: str) -> Node:
    if name not in rules:
        raise TemplateError(f"{whole!r}: there is no rule <{name}>")
    if depth >= _DEEPEST:
        raise TemplateError(f"{whole!r}: <{name}> contains itself")
    if name not in trees.rules:
        trees.rules[name] = _whole(rules[name], rules, trees, depth=depth + 1)
    return trees.rules[name]


def first_words(node: Node) -> frozenset[str]:
    """Return words that a template may begin with: `ANY` for a slot, "" where it may be empty."""
    if isinstance(node, Word):
        return frozenset({node.norm})
    if isinstance(node, TemplateSlot):
        return frozenset({ANY})
    if isinstance(node, Alternatives):
        return frozenset().union(*node.firsts)
    found: frozenset[str] = frozenset({""})
    for part in node.parts:
        found = (found - {""}) | first_words(part)
        if "" not in found:
            break
    return found


_MOST_NEEDED: Final = 60
"""Words of one set; what may be any of more rules little out."""


def needed(node: Node) -> tuple[frozenset[str], ...]:
    """Return sets of words of each of which a request must have one."""
    if isinstance(node, Word):
        return (frozenset({node.norm}),)
    if isinstance(node, TemplateSlot):
        return ()
    if isinstance(node, Sequence):
        return tuple(dict.fromkeys(words for part in node.parts for words in needed(part)))
    of_each = [needed(option) for option in node.options]
    if not all(of_each):
        return ()
    words = frozenset().union(*(min(words, key=len) for words in of_each))
    return (words,) if len(words) <= _MOST_NEEDED else ()


def every_word(node: Node) -> frozenset[str]:
    """Return the words of a template."""
    if isinstance(node, Word):
        return frozenset({node.norm})
    if isinstance(node, TemplateSlot):
        return frozenset()
    inner = node.options if isinstance(node, Alternatives) else node.parts
    return frozenset().union(*(every_word(part) for part in inner))


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
