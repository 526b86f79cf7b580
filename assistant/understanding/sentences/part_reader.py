"""Parts that may stand anywhere in a request for a playlist: "refreshed weekly", "ends with X".

They are templates below `[[reader.parts]]` of a tool. A part sets arguments, and its words count as
read; the rest of the request is read without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import prompts
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.template_matching import Captured, Captures, matches
from assistant.understanding.lexing.templates import Node, needed, parse
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.sentences.slots import SlotValues

_TOOL: Final = "make_playlist"
_ARC_NOUNS: Final = ("crescendo", "rollercoaster", "vagues", "wavy")
"""Single words that say how the energy of a playlist runs."""
_SIGNS: Final = ("signals.playlist", "signals.make")


@dataclass(frozen=True, slots=True)
class _Part:
    """A template.

    Attributes:
        node: The template.
        needs: Sets of words of each of which a request must have one.
        arguments: What it sets.
        alone: Whether it shows by itself that a playlist is asked for.
    """

    node: Node
    needs: tuple[frozenset[str], ...]
    arguments: Mapping[str, Any]
    alone: bool


@dataclass(frozen=True, slots=True)
class _Found:
    first: int
    last: int
    arguments: Mapping[str, Any]
    captures: Captures


@prompts.cached
def _parts(language_name: str) -> tuple[_Part, ...]:
    """The parts of a playlist request in a language.

    Raises:
        TemplateError: One cannot be read.
    """
    try:
        reader = prompts.load(f"tools/{_TOOL}", language_name).get("reader", {})
    except prompts.PromptError:
        return ()
    rules = {**language(language_name).sentence_rules, **reader.get("rules", {})}
    return tuple(
        _Part(node, needed(node), group.get("arguments", {}), group.get("alone", False))
        for group in reader.get("parts", [])
        for node in (parse(template, rules) for template in group["sentences"])
    )


def read_parts(scan: Scan, draft: Draft, state: ConversationState) -> None:
    """Set the arguments of every part, the longest first."""
    words = {token.norm for token in scan.tokens}
    playlist = any(scan.group_at(at, name) for at in range(len(scan.tokens)) for name in _SIGNS)
    slots = SlotValues(scan, state, names=scan.names is not None)
    found = [
        _Found(at, end, part.arguments, captures)
        for part in _parts(scan.language.name)
        if (part.alone or playlist) and all(needs & words for needs in part.needs)
        for at in range(len(scan.tokens))
        if scan.free(at)
        for end, captures in matches(part.node, scan, at, slots)
        if end > at and all(_clear(scan, one) for one in captures)
    ]
    for one in sorted(found, key=lambda one: one.first - one.last):
        sets = {*one.arguments, *(captured.argument for captured in one.captures)}
        free = all(scan.free(at) or scan.norm(at) == "," for at in range(one.first, one.last))
        if free and not sets & set(draft.arguments) and not _says_less(scan, one):
            _set(scan, draft, one)


def _says_less(scan: Scan, found: _Found) -> bool:
    """Whether it means something else: "*build* a list" is no arc."""
    if "harmonic" in found.arguments:  # "in compatible keys *with 9A*" filters
        return any(scan.norm(at).startswith("@k") for at in (found.last, found.last + 1))
    if "arc" not in found.arguments:
        return False
    if any(
        scan.group_at(at, "signals.make") and scan.group_at(at + 1, "determiner")
        for at in range(found.first, found.last)
    ):
        return True  # "*build me a* list"
    single = found.last - found.first == 1
    return single and not scan.norm(found.first).endswith(_ARC_NOUNS)


def _clear(scan: Scan, one: Captured) -> bool:
    """Whether a value is one name: no "Daft Punk in 10" of "in 10 songs"."""
    number = any(scan.norm(at)[0].isdigit() for at in range(one.first + 1, one.last))
    return one.sure and not one.choices and (bool(one.ids) or not number)


def _set(scan: Scan, draft: Draft, found: _Found) -> None:
    for name, value in found.arguments.items():
        draft.set(name, value)
    for one in found.captures:
        draft.set(one.argument, one.value)
        draft.entities.update(one.ids)
    scan.use(found.first, found.last, "part")
