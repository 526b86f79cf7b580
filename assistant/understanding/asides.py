"""Clauses that give a reason beside an order: "turn it down, the baby is asleep"."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from assistant.understanding.dialogue.places import place_at
from assistant.understanding.gate import music_request
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan

_MOST_CLAUSES: Final = 4
_ASKING: Final = (
    "signals.find", "signals.make", "signals.playlist", "commands.add", "commands.remove",
    "commands.undo", "conditions",
)  # fmt: skip
"""Lists whose words ask for something themselves."""
_CHANGING: Final = (
    "negator", "negation_words", "other_verbs", "refuse.words", "narrowing", "describe.sounds",
    "questions.about",
)  # fmt: skip
"""Lists whose words may belong to the order; not to one of the player, which nothing narrows."""
_ORDERING: Final = (
    "negator", "refuse.words", "play_verbs", "commands.play", "drum_verb", "comparing",
)  # fmt: skip
"""Lists whose words order something beside a question."""
_FACTS: Final = frozenset({"summarize_track", "compare_tracks"})
"""Tools that answer a question; only another request beside it would be lost."""
_NAMES: Final = frozenset({"text", "artists", "albums"})
_REQUEST: Final = 0.5  # probability that a clause asks for something itself


def clauses(scan: Scan) -> list[list[Token]]:
    """Return the words between punctuation and before or after "because"."""
    found: list[list[Token]] = [[]]
    at = 0
    while at < len(scan.tokens):
        size = 1 if scan.norm(at) == "," else scan.group_at(at, "reason_links")
        if size:
            found.append([])
            at += size
            continue
        if opens := scan.group_at(at, "reason_opens"):
            found.append([])
        found[-1] += scan.tokens[at : at + max(opens, 1)]
        at += max(opens, 1)
    return [clause for clause in found if clause]


def orders(scan: Scan) -> Iterator[tuple[list[Token], list[Token]]]:
    """Yield (order, aside) of the ways to tell them apart, those with the order last first."""
    parts = clauses(scan)
    if not 1 < len(parts) <= _MOST_CLAUSES:
        return
    for cut in range(1, len(parts)):
        yield _joined(parts[cut:]), _joined(parts[:cut])
    for cut in range(len(parts) - 1, 0, -1):
        yield _joined(parts[:cut]), _joined(parts[cut:])


def says_nothing(aside: Scan, tool: str, arguments: Collection[str]) -> bool:
    """Return whether an order stays what it is without the aside.

    Args:
        aside: Its words.
        tool: What the order asks for.
        arguments: Names of what it says.
    """
    if tool == "search_tracks" and _NAMES.issuperset(arguments):
        return False  # "enough, silence!": a name alone is no order
    places = range(len(aside.tokens))
    if any(token.entities or token.norm.startswith("@") for token in aside.tokens):
        return False
    if any(place_at(aside, at) for at in places) or _has(aside, _ASKING):
        return False
    if tool == "control_player":
        return True
    if tool in _FACTS:
        return not _has(aside, _ORDERING)
    if _has(aside, _CHANGING):
        return False
    if any(aside.meaning_at(at) or aside.norm(at).isdigit() for at in places):
        return False
    typed = aside.text[aside.tokens[0].start : aside.tokens[-1].end]
    return music_request(typed, aside.language.name) < _REQUEST


def _has(scan: Scan, lists: Collection[str]) -> bool:
    return any(scan.group_at(at, name) for at in range(len(scan.tokens)) for name in lists)


def _joined(parts: list[list[Token]]) -> list[Token]:
    """Clauses in a row, with a comma between."""
    tokens = list(parts[0])
    for part in parts[1:]:
        tokens += [Token(",", tokens[-1].end, tokens[-1].end, False, ","), *part]
    return tokens
