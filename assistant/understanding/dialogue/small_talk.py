"""Words that ask for nothing: thanks, goodbyes, "never mind"; also several of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from assistant.understanding.dialogue import phrases
from assistant.understanding.lexing.template_matching import SKIPPED, Captured
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan

TalkKind = Literal["thanks", "goodbye", "greeting"]
_KINDS: Final[dict[str, TalkKind]] = {"thanks": "thanks", "goodbye": "goodbye"}
_LONGEST: Final = 16  # tokens
_GROUPS: Final[tuple[TalkKind, ...]] = ("thanks", "goodbye", "greeting")


def talk_kind(scan: Scan) -> TalkKind | None:
    """Return what a request of nothing but courtesies says; None for any other."""
    if len(scan.tokens) > _LONGEST:
        return None
    asked = scan.text.rstrip().endswith("?")
    kind: TalkKind | None = None
    at = 0
    while at < len(scan.tokens):
        if scan.norm(at) in SKIPPED:
            at += 1
            continue
        end, said = _part(scan, at)
        if end == at:
            return None
        kind, at = said or kind, end
    return None if asked and kind == "thanks" else kind  # "is that all?"


def _part(scan: Scan, at: int) -> tuple[int, TalkKind | None]:
    """(end, kind) of the longest courtesy at a token."""
    found: list[tuple[int, TalkKind | None]] = [
        (end, _KINDS.get(name))
        for name, end, _ in phrases.at_token(scan, "small_talk", at, _no_slots)
    ]
    for kind in _GROUPS:
        found.append((at + scan.group_at(at, kind), kind))
    return max(found, key=lambda part: part[0], default=(at, None))


def _no_slots(slot: TemplateSlot, at: int) -> Iterator[Captured]:
    return iter(())
