"""What may be asked about tracks that are named: `[[reader.named]]` in the files of the tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import prompts
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.templates import (
    Alternatives,
    Node,
    Sequence,
    TemplateSlot,
    Word,
    parse,
)

_LISTS: Final = frozenset({"tracks"})
_COMPARED: Final = (2, 5)


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that is asked about tracks.

    Attributes:
        tool: The tool that is asked.
        arguments: Arguments that it fixes.
        track: The argument that takes the track or tracks.
        spare: How many words that nobody knows it may be asked beside.
        counts: How many tracks may be named.
        shown: What must have been shown last; "" for anything.
        calls: "each" for one call a track, "replace" where the first makes room for the second.
    """

    tool: str
    arguments: Mapping[str, Any]
    track: str
    spare: int = 0
    counts: range = range(1, 2)
    shown: str = ""
    calls: str = ""

    @property
    def several(self) -> bool:
        """Whether the argument takes a list of tracks."""
        return self.track in _LISTS


@dataclass(frozen=True, slots=True)
class Part:
    """Words that belong to a kind.

    Attributes:
        node: The template.
        kind: Place of the kind among those of the tool.
        cue: Whether they ask; else they may only stand beside words that do.
        strong: Whether only music is asked about so, and a name that nobody knows is a title.
    """

    node: Node
    kind: int
    cue: bool
    strong: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one tool.

    Attributes:
        kinds: What is asked of it.
        parts: Its words by the first of each, "" for those that open with a value.
        cues: Words of which a request must have one.
    """

    kinds: tuple[Kind, ...]
    parts: Mapping[str, tuple[Part, ...]]
    cues: frozenset[str]

    def at(self, norm: str) -> Iterable[Part]:
        """Return the parts that may start with a word."""
        yield from self.parts.get(norm, ())
        yield from self.parts.get("", ())


@prompts.cached
def vocabularies(
    language_name: str, tools: tuple[str, ...], *, pointed: bool = False
) -> tuple[Vocabulary, ...]:
    """Return the words of each tool that can be asked about tracks by name.

    Args:
        language_name: Whose words.
        tools: The tools.
        pointed: Whether tracks are pointed at ("the second one"), so that orders count as well.

    Raises:
        TemplateError: One of the templates cannot be read.
    """
    found = []
    orders, own = _orders(language_name) if pointed else ([], {})
    for tool in tools:
        try:
            reader = prompts.load(f"tools/{tool}", language_name).get("reader", {})
        except prompts.PromptError:
            continue
        groups = [*reader.get("named", []), *(o for o in orders if o["tool"] == tool)]
        if groups:
            rules = {**language(language_name).sentence_rules, **reader.get("rules", {}), **own}
            found.append(_vocabulary(tool, groups, rules))
    return tuple(found)


def _orders(language_name: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """(orders, rules) about tracks that are pointed at; none where a language has none."""
    try:
        data = prompts.load("pointed", language_name)
    except prompts.PromptError:
        return [], {}
    return data["orders"], data.get("rules", {})


def _vocabulary(tool: str, groups: list[dict[str, Any]], rules: dict[str, str]) -> Vocabulary:
    kinds: list[Kind] = []
    parts: dict[str, list[Part]] = {}
    cues: set[str] = set()
    for place, group in enumerate(groups):
        arguments, track = group.get("arguments", {}), group.get("track", "track")
        fewest, most = group.get("count", _COMPARED if track in _LISTS else (1, 1))
        counts = range(fewest, most + 1)
        spare, shown = group.get("spare", 0), group.get("shown", "")
        calls = group.get("calls", "")
        kinds.append(Kind(tool, arguments, track, spare, counts, shown, calls))
        for name in ("cues", "weak", "beside"):
            for template in group.get(name, []):
                node = parse(template, rules)
                part = Part(node, place, name != "beside", name == "cues")
                for first in openings(node)[0]:
                    parts.setdefault(first, []).append(part)
                if part.cue:
                    cues |= _words(node)
    frozen = {first: tuple(listed) for first, listed in parts.items()}
    return Vocabulary(tuple(kinds), frozen, frozenset(cues))


def openings(node: Node) -> tuple[frozenset[str], bool]:
    """Return the words that a template may start with ("" for a value), and if it may be empty."""
    if isinstance(node, Word):
        return frozenset({node.norm}), False
    if isinstance(node, TemplateSlot):
        return frozenset({""}), False
    if isinstance(node, Alternatives):
        options = [openings(option) for option in node.options]
        return frozenset().union(*(words for words, _ in options)), any(e for _, e in options)
    found: frozenset[str] = frozenset()
    for part in node.parts:
        words, empty = openings(part)
        found |= words
        if not empty:
            return found, False
    return found, True


def _words(node: Node) -> set[str]:
    if isinstance(node, Word):
        return {node.norm}
    if isinstance(node, TemplateSlot):
        return set()
    inside = node.parts if isinstance(node, Sequence) else node.options
    return set().union(*map(_words, inside))
