"""What is told of a track instead of asked: "X is country, not folk", "this isn't relaxed"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assistant.understanding.dialogue.references import focus
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.plain_text import tokenise
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.sentences.intents import intents
from assistant.understanding.sentences.sentence_reader import SentenceMatch, best_sentence

STATING: Final = frozenset({"correct_track", "give_feedback"})
"""Tools that are told something, in words that would also ask about a track."""
_MAIN_WORD: Final = 4  # letters from which on a word of a title is mostly written with a capital


def may_state(words: set[str], spoken: str, tools: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a request of these words may tell something of a track."""
    return bool(intents(spoken, _stating(tools)).among(words))


def statement(
    scan: Scan, state: ConversationState, *, tools: Mapping[str, frozenset[str]], names: bool
) -> SentenceMatch | None:
    """Return what a request tells of a track; None where it tells nothing.

    Args:
        scan: The request.
        state: Of the conversation.
        tools: All tools, and the arguments that each takes.
        names: Whether a library is attached.
    """
    stating = {name: tools[name] for name in _stating(tools)}
    said = best_sentence(scan, state, tools=stating, names=names, read_query=lambda *_: None)
    return said if said and said.sure and _names_track(said, scan, state) else None


def _stating(tools: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(name for name in tools if name in STATING)


def _names_track(said: SentenceMatch, scan: Scan, state: ConversationState) -> bool:
    """Whether a track is known, quoted or typed as a title: no "something that isn't sad"."""
    name = said.arguments.get("track")
    known = {track.label for track in state.results} | set(said.ids)
    quoted = any(token.norm == "@q" for token in scan.tokens)
    if name is None or quoted or name in known or name == focus(state):
        return True
    words = tokenise(name)
    small = [token.norm for token in words if not token.capital and len(token.norm) >= _MAIN_WORD]
    return words[0].capital and scan.language.common.isdisjoint(small)
