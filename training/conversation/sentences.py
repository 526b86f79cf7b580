"""Sentences made of templates (`templates/*.toml`)."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.understanding.lexing.plain_text import fold_phrase
from assistant.understanding.lexing.templates import Alternatives, Node, TemplateSlot, Word, parse

LANGUAGES: Final = ("en", "fr")
_FOLDER: Final = Path(__file__).with_name("templates")
_BARE_WORTH: Final = 5
"""Times the usual draws for a template that is values alone ("{track}"): names are many."""
_MOST_WORTH: Final = 8.0
"""Weight of a sentence at most: one of a template that stands for a few sentences only."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled sentence.

    Attributes:
        text: What somebody might type.
        language: "en" or "fr".
        act: Whether a tool can serve it.
        source: The set it comes from.
        kind: A part of the source that is left out as a whole when the source is measured.
        worth: Its weight in training.
    """

    text: str
    language: str
    act: bool
    source: str
    kind: str = ""
    worth: float = 1.0


def values(language: str, names: Mapping[str, Sequence[str]] | None = None) -> dict[str, list[str]]:
    """Values by slot: those of the language, those of any, and names of the public sets."""
    found: dict[str, list[str]] = {}
    for stem in ("shared", language):
        for kind, listed in _read(stem)["values"].items():
            found.setdefault(kind, []).extend(listed)
    for kind, listed in (names or {}).items():
        if kind in found:
            # A language's own names keep a third of the draws.
            own = found[kind] * max(1, len(listed) // (2 * len(found[kind])))
            found[kind] = own + list(listed)
    return found


def generate(
    language: str,
    names: Mapping[str, Sequence[str]] | None,
    *,
    per_template: int,
    seed: int,
) -> list[Sentence]:
    """Draw sentences of a language, each text once."""
    chance = random.Random(seed)
    table, slots = _read(language), values(language, names)
    found: dict[str, Sentence] = {}
    for act in (True, False):
        for number, template in enumerate(table["act" if act else "other"]["sentences"]):
            node = parse(template, table["rules"])
            bare = template.count("{") == len(template.split())
            draws = per_template * (_BARE_WORTH if bare else 1)
            texts = {" ".join(draw(node, slots, chance)) for _ in range(draws)}
            worth = min(_MOST_WORTH, per_template / len(texts))
            kind = f"{'act' if act else 'other'}{number}"
            for text in sorted(texts):
                found.setdefault(text, Sentence(text, language, act, "templates", kind, worth))
    return list(found.values())


def draw(node: Node, slots: Mapping[str, Sequence[str]], chance: random.Random) -> list[str]:
    """One sentence of a template, as folded words."""
    if isinstance(node, Word):
        return [node.norm]
    if isinstance(node, TemplateSlot):
        return list(fold_phrase(chance.choice(slots[node.kind])))
    if isinstance(node, Alternatives):
        return draw(chance.choice(node.options), slots, chance)
    return [word for part in node.parts for word in draw(part, slots, chance)]


def _read(stem: str) -> dict:
    return tomllib.loads((_FOLDER / f"{stem}.toml").read_text(encoding="utf-8"))
