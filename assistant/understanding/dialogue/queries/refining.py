"""Whether a request changes the last query, where no sentence says so as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.tokens import Scan

_LONGEST_OPENING: Final = 6


def whole(scan: Scan, group: str) -> bool:
    """Whether the free words are just phrases of a list and courtesies."""
    left = scan.leftovers()
    at, seen = 0, False
    while at < len(scan.tokens):
        if at not in left:
            at += 1
            continue
        size = scan.group_at(at, group)
        seen = seen or bool(size)
        for filler in ("commands.before", "commands.after", "polite"):
            size = size or scan.group_at(at, filler)
        if not size:
            return False
        at += size
    return seen


def refines(
    scan: Scan, state: ConversationState, arguments: Mapping[str, Any], seen: set[str]
) -> bool:
    """Whether a request changes the last query rather than asking anew."""
    if state.query_tool is None or not arguments:
        return False
    compares = any(scan.group_at(at, "follow.comparative") for at in range(len(scan.tokens)))
    if starts_again(scan) or (compares and not seen & {"make", "playlist"}):
        return True
    if seen & {"find", "make", "playlist"} or {"like", "text", "name"} & set(arguments):
        return False
    if "artists" in arguments and not scan.group_at(0, "by.ask"):
        return False
    return not ({"genres"} & set(arguments)) and "tracks" not in seen


def adds(scan: Scan) -> bool:
    """The request opens with "and", "also", "add" …, or closes with "too"."""
    return bool(
        scan.group_at(0, "follow.adding") or scan.group_before(len(scan.tokens), "follow.too")
    )


def opens_as_change(scan: Scan) -> bool:
    """The request can only be said of one before it: "only the slow ones", "not so fast"."""
    return starts_again(scan) or bool(scan.group_at(0, "follow.elliptic"))


def starts_again(scan: Scan) -> bool:
    """The request opens with "same but", "and", "only" … or closes with "instead"."""
    phrases = scan.language.group("follow.strong")
    words = [token.norm for token in scan.tokens if token.norm != ","]
    opens = adds(scan) or bool(scan.group_at(0, "follow.into"))
    opens = opens or any(tuple(words[:size]) in phrases for size in range(1, _LONGEST_OPENING + 1))
    return opens or bool(scan.group_before(len(scan.tokens), "follow.closing"))
