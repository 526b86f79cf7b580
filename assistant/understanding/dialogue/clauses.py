"""Requests in several parts: "too long, an hour is enough", "not so happy, more melancholic"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from assistant.understanding.dialogue import phrases
from assistant.understanding.dialogue.references import focus, one_at
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.template_matching import Captured
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan

QUERIES: Final = frozenset({"search_tracks", "make_playlist"})
_OF_EACH: Final = frozenset({"length_min", "length_max"})
_MOST_PARTS: Final = 4
_LONGEST_QUESTION: Final = 14  # tokens
_LONGEST_POINTER: Final = 6  # tokens of "la dernière de la liste"

PartReading = tuple[str, dict[str, object]]
ReadPart = Callable[[list[Token], ConversationState], PartReading | None]
"""(tool, arguments) of one part after the parts before it."""


def parts(scan: Scan) -> list[list[Token]]:
    """Return the parts of a request between commas and words such as "but"."""
    found: list[list[Token]] = [[]]
    at = 0
    while at < len(scan.tokens):
        end = next((end for end, _ in phrases.word_at(scan, at, "joints")), at)
        if end > at or scan.norm(at) == ",":
            found.append([])
            at = max(end, at + 1)
        else:
            found[-1].append(scan.tokens[at])
            at += 1
    return [part for part in found if part]


def first_part(scan: Scan) -> list[Token] | None:
    """Return the first part that asks for something, of a request that has several."""
    pieces = parts(scan)
    if len(pieces) < 2:
        return None
    inner = (Scan(scan.text, piece, scan.language, scan.names) for piece in pieces)
    return next((part.tokens for part in inner if not says_nothing(part)), None)


def read_parts(scan: Scan, state: ConversationState, read_part: ReadPart) -> PartReading | None:
    """Return what the parts ask for one after the other; None where one is not understood."""
    pieces = parts(scan)
    if not 1 < len(pieces) <= _MOST_PARTS:
        return None
    before = set(state.query)
    last: PartReading | None = None
    pointed: str | None = None
    for piece in pieces:
        inner = Scan(scan.text, piece, scan.language, scan.names)
        if says_nothing(inner):
            continue
        if last is not None and last[0] not in QUERIES:
            return None
        if label := _pointed_at(inner, state):
            pointed, state = label, replace(state, track=label)
            continue
        last = read_part(piece, state)
        if last is None:
            return None
        if last[0] in QUERIES:
            state = state.after(last[0], dict(last[1]))
    if last is not None and "duration_min" in last[1] and last[0] == "make_playlist":
        # "too long, an hour is enough" is said of the playlist, not of its tracks
        said = {name: value for name, value in last[1].items() if name not in _OF_EACH - before}
        return last[0], said
    if last is None and pointed:
        return "summarize_track", {"track": pointed}
    return last


def pointed(scan: Scan, state: ConversationState) -> Iterator[tuple[str, int, int]]:
    """Yield (track, start, end) of one that is pointed at before or after a question about it.

    The ends are places in the text.
    """
    count = len(scan.tokens)
    if not state.talked or not 2 < count <= _LONGEST_QUESTION:
        return
    for at in (0, *range(max(1, count - _LONGEST_POINTER), count)):
        found = one_at(scan, at, state)
        if found is None or found.label is None:
            continue
        if not found.places and found.label == focus(state):
            continue  # "it"
        if (at == 0) != (found.end == count):
            last = found.end + 1 if scan.norm(found.end) == "," else found.end
            yield found.label, scan.tokens[at].start, scan.tokens[last - 1].end


def says_nothing(scan: Scan) -> bool:
    """Return whether a part only praises or turns down what was given."""
    return any(True for _ in phrases.whole(scan, "neutral", _no_slots))


def _pointed_at(scan: Scan, state: ConversationState) -> str | None:
    """The track that a part names and nothing else."""
    found = one_at(scan, 0, state)
    if found and found.places and found.end == len(scan.tokens):
        return found.label

    def one(slot: TemplateSlot, at: int) -> Iterator[Captured]:
        if ref := one_at(scan, at, state):
            yield Captured(slot.argument, slot.kind, ref, at, ref.end)

    mentioned = (got[0].value for _, got in phrases.whole(scan, "mentions", one))
    return next((ref.label for ref in mentioned if ref.places), None)


def _no_slots(slot: TemplateSlot, at: int) -> Iterator[Captured]:
    return iter(())
