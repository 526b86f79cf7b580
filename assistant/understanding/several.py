"""Turns of several sentences: "So old. Is it fast?", "Put it at the end. How long is the list?"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import prompts
from assistant.understanding import asides
from assistant.understanding.dialogue import clauses
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.plain_text import tokenise
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.reading import Reading

_MOST: Final = 5  # sentences
_SHORT: Final = 3  # words of a question that only doubts what was said
_GUESSED: Final = frozenset({"artists", "text", "limit"})
_END: Final = re.compile(r"[.!?…]+\s+|\n+")
_LETTER: Final = re.compile(r"(?:^|[\s(.])\w\.\s*$")  # "R.E.M. "
_QUOTES: Final = (("“", "”"), ("«", "»"))
_SELECTING: Final = frozenset({"search_tracks", "make_playlist", "find_similar", "play_music"})

ReadOne = Callable[[str, ConversationState], Reading]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with its mark; quoted words stay together."""
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text):
        said = text[start : mark.end()]
        if _abbreviated(said) or _open_quote(said):
            continue
        if said.strip():
            found.append(said.strip())
        start = mark.end()
    return [*found, text[start:].strip()] if text[start:].strip() else found


def read_several(text: str, state: ConversationState, read_one: ReadOne) -> Reading | None:
    """Read a turn sentence by sentence: the first order, what is left in `then`.

    Returns:
        None where it is one sentence, or where one that may change the order is not understood.
    """
    said = sentences(text)
    if not 1 < len(said) <= _MOST:
        return None
    remarks: list[str] = []
    for at, sentence in enumerate(said):
        reading = read_one(sentence, state)
        if reading.reply_kind or clauses.says_nothing(_scan(sentence, reading)):
            continue
        if not reading.answered or (at + 1 < len(said) and _is_hardly_one(sentence, reading)):
            remarks.append(sentence)
            continue
        if not all(_says_nothing(remark, reading) for remark in remarks):
            return None
        if reading.tool == "search_tracks" and not reading.arguments:
            return None
        return _followed(reading, text, said[at + 1 :], remarks, state, read_one)
    return None


def _is_hardly_one(sentence: str, reading: Reading) -> bool:
    """Whether a short sentence before another is no request: "really, just two?", "Allo!"."""
    if len(sentence.split()) > _SHORT:
        return False
    guessed = reading.tool == "search_tracks" and _GUESSED.issuperset(reading.arguments)
    return sentence.endswith("?") or guessed


def _followed(
    reading: Reading,
    text: str,
    later: list[str],
    remarks: list[str],
    state: ConversationState,
    read_one: ReadOne,
) -> Reading | None:
    """The first order with the sentences behind it; None where one of them may change it."""
    after = state.after(reading.tool, reading.arguments) if reading.tool in _SELECTING else state
    then: list[str] = []
    for sentence in later:
        other = read_one(sentence, after)
        if other.reply_kind:
            continue
        question = sentence.endswith("?") and reading.tool not in _SELECTING
        if other.answered or question:
            then.append(sentence)
        elif _says_nothing(sentence, reading):
            remarks.append(sentence)
        else:
            return None
    unread = tuple(word for remark in remarks for word in _words(remark, reading))
    return replace(reading, text=text, then=" ".join(then), unread=(*reading.unread, *unread))


def _scan(sentence: str, reading: Reading) -> Scan:
    return Scan(sentence, tokenise(sentence), language(reading.language))


def _says_nothing(sentence: str, order: Reading) -> bool:
    scan = _scan(sentence, order)
    return clauses.says_nothing(scan) or asides.says_nothing(
        scan, order.tool or "", order.arguments
    )


def _words(remark: str, order: Reading) -> list[str]:
    """Words of a remark that are said to be unused; none beside a question or the player."""
    if order.tool not in _SELECTING:
        return []
    return [token.raw for token in tokenise(remark) if token.norm != ","]


def _abbreviated(said: str) -> bool:
    """Whether a text ends with an abbreviation, not with a sentence: "Mr."."""
    words = said.casefold().split()
    known = prompts.load("names")["abbreviations"]
    return bool(_LETTER.search(said)) or (bool(words) and words[-1].lstrip("(") in known)


def _open_quote(said: str) -> bool:
    return said.count('"') % 2 == 1 or any(
        said.count(first) != said.count(last) for first, last in _QUOTES
    )
