"""The sentences that ask for a tool, from `prompts/<language>/tools/<tool>.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import prompts
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import fold
from assistant.understanding.lexing.templates import Node, Trees, every_word, needed, parse


@dataclass(frozen=True, slots=True)
class Intent:
    """One template of a tool.

    Attributes:
        tool: Which tool it asks for.
        node: The template.
        needs: Sets of words of each of which a request must have one.
        arguments: Arguments that it fixes.
        argument_of: TemplateSlot → the argument that takes its value, where the names differ.
        template: As it stands in the file.
        passed: Words that the request may have besides, anywhere.
    """

    tool: str
    node: Node
    needs: tuple[frozenset[str], ...]
    arguments: Mapping[str, Any]
    argument_of: Mapping[str, str]
    template: str
    passed: frozenset[str] = frozenset()


class IntentIndex:
    """The templates of a language; only those whose words are in a request are tried."""

    def __init__(self, intents: list[Intent]) -> None:
        self._all = intents
        self.words = frozenset().union(*(every_word(intent.node) for intent in intents))
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        for place, intent in enumerate(intents):
            for word in min(intent.needs, key=len, default=()):
                self._by_word.setdefault(word, []).append(place)
            if not intent.needs:
                self._always.append(place)

    def among(self, words: set[str]) -> list[Intent]:
        """Return those that may fit a request of these words, in the order of the files."""
        places = set(self._always)
        for word in words:
            places.update(self._by_word.get(word, ()))
        found = (self._all[place] for place in sorted(places))
        return [intent for intent in found if all(needed & words for needed in intent.needs)]


@prompts.cached
def intents(language_name: str, tools: tuple[str, ...]) -> IntentIndex:
    """Return the templates of the tools that have any in a language.

    Raises:
        TemplateError: One cannot be read.
    """
    known = language(language_name)
    shared = dict(known.sentence_rules)
    found: list[Intent] = []
    for tool in tools:
        try:
            words = prompts.load(f"tools/{tool}", language_name)
        except prompts.PromptError:
            continue
        reader = words.get("reader", {})
        rules = {**shared, **reader.get("rules", {})}
        groups = reader.get("intents", [])
        if reader.get("sentences"):
            groups = [{"sentences": reader["sentences"]}, *groups]
        trees = Trees()
        loose = frozenset(map(fold, reader.get("passed_over", ())))
        for group in groups:
            passed = loose if group.get("loose") else frozenset()
            for template in group["sentences"]:
                node = parse(template, rules, optional=known.optional, trees=trees)
                found.append(
                    Intent(
                        tool, node, needed(node), group.get("arguments", {}),
                        group.get("slots", {}), template, passed,
                    )
                )  # fmt: skip
    return IntentIndex(found)
