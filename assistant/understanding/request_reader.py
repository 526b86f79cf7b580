"""Read a request: words → values → names → filters → one tool call, or a deferred request."""

from __future__ import annotations

from typing import get_args

import prompts
from assistant.understanding.button_commands import read_command
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing import typos
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.name_lookups import Lookups, NameSource
from assistant.understanding.lexing.plain_text import MAX_CHARACTERS, Token, tokenise
from assistant.understanding.lexing.preparing import detect, prepare, spelled_out, without_courtesy
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.reading import Reading, ReplyKind
from assistant.understanding.request import Request

_FRESH = ConversationState()
# Words whose runs are looked up, and words of a run: one question to the database.
_MOST_WORDS = 40
_LONGEST_RUN = 5
_NAME_ARGUMENTS = frozenset(
    {"artists", "exclude_artists", "like", "track", "text", "name", "playlist"}
)


def read(
    text: str, *, state: ConversationState | None = None, names: NameSource | None = None
) -> Reading:
    """Read one request.

    Args:
        text: What the person typed.
        state: The conversation so far, for follow-ups.
        names: The library's names; without it names are taken as written.

    Returns:
        A call that is certain, or a reading with `tool` None.
    """
    known = state or _FRESH
    tokens = tokenise(text)
    spoken = detect(tokens, text, default=known.language or "en")
    if not tokens or len(text) > MAX_CHARACTERS:
        return Reading(text, spoken)
    plain = _in_any_language(text, tokens, spoken, known, None)
    if names is None or _needs_no_names(plain, tokens):
        return plain
    return _in_any_language(text, tokens, spoken, known, Lookups(names, _runs(text, tokens)))


def _runs(text: str, tokens: list[Token]) -> list[str]:
    """Every run of a few words that may be a name."""
    return [
        text[tokens[first].start : tokens[last - 1].end]
        for first in range(min(len(tokens), _MOST_WORDS))
        for last in range(first + 1, min(len(tokens), first + _LONGEST_RUN) + 1)
    ]


def _needs_no_names(reading: Reading, tokens: list[Token]) -> bool:
    """Whether the library's names cannot change a reading; looking them up takes time."""
    if not reading.confident:
        return reading.answered or reading.settled
    capitals = any(t.capital and t.norm.isalpha() and len(t.norm) > 2 for t in tokens[1:])
    quoted = any(t.norm == "@q" for t in tokens)
    return not (capitals or quoted or _NAME_ARGUMENTS & set(reading.arguments))


def _in_any_language(
    text: str,
    tokens: list[Token],
    spoken: str,
    known: ConversationState,
    names: Lookups | None,
) -> Reading:
    first = _attempt(text, tokens, spoken, known, names)
    if first.answered:
        return first
    for other in prompts.languages():
        if other != spoken:
            second = _attempt(text, tokens, other, known, names)
            if second.answered and not second.choices and not _only_words(second, spoken):
                return second
    return first


def _only_words(reading: Reading, spoken: str) -> bool:
    """Whether the words it looks for are small ones of the language spoken ("a chart of that")."""
    words = str(reading.arguments.get("track") or reading.arguments.get("text", "")).split()
    return bool(words) and all(word in language(spoken).common for word in words)


def _attempt(
    text: str,
    tokens: list[Token],
    spoken: str,
    state: ConversationState,
    names: Lookups | None,
) -> Reading:
    """Read in one language; a misspelt keyword is corrected and read again."""
    tokens = without_courtesy(text, spelled_out(tokens, spoken), spoken)
    scan, reading = _read_once(text, tokens, spoken, state, names)
    if reading.answered:
        return reading
    corrected = typos.correct(scan, tokens)
    if corrected is not None:
        _, again = _read_once(text, corrected, spoken, state, names)
        if again.confident:
            return again
    return reading


def _read_once(
    text: str,
    tokens: list[Token],
    spoken: str,
    state: ConversationState,
    names: Lookups | None,
) -> tuple[Scan, Reading]:
    raw = Scan(text, tokens, language(spoken))
    scan = prepare(text, tokens, spoken, names)
    if kind := _reply_kind(raw):
        return scan, Reading(text, spoken, reply_kind=kind)
    if command := read_command(scan, state):
        return scan, Reading(text, spoken, command=command)
    if _any(raw, "refuse.hard"):
        return scan, Reading(text, spoken)
    return scan, Request(text, spoken, raw, scan, state).read()


def _reply_kind(scan: Scan) -> ReplyKind | None:
    for kind in get_args(ReplyKind):
        at, size = 0, 1
        while at < len(scan.tokens) and size:
            size = 1 if scan.norm(at) in {",", "backbeat"} else scan.group_at(at, kind)
            at += size
        if size and at >= len(scan.tokens):
            return kind
    return None


def _any(scan: Scan, group: str) -> bool:
    return any(scan.group_at(at, group) for at in range(len(scan.tokens)))
