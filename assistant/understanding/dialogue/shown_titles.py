"""Titles of the tracks of a conversation, typed out or in part: "the waltz"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from assistant.understanding.dialogue import phrases
from assistant.understanding.dialogue.state import ConversationState, ResultTrack
from assistant.understanding.lexing.plain_text import fold_phrase
from assistant.understanding.lexing.tokens import Scan

_LONGEST_TITLE: Final = 9  # tokens of a title that is looked for among the results
_LONGEST_PART: Final = 3  # tokens of a part of a title
_LEAST_PART: Final = 4  # letters of the longest word of a part


def whole_at(scan: Scan, at: int, state: ConversationState) -> Iterator[tuple[int, int]]:
    """Yield (end, place) of the titles of the list last shown that stand at a token."""
    for place, track in enumerate(state.results, 1):
        title = fold_phrase(track.title)
        size = len(title)
        small = size == 1 and not (scan.free(at) and scan.tokens[at].capital)
        if not size or small or size > _LONGEST_TITLE:
            continue
        if tuple(scan.norm(i) for i in range(at, at + size)) == title:
            yield at + size, place


def part_at(scan: Scan, at: int, tracks: Mapping[str, ResultTrack]) -> tuple[int, str] | None:
    """(end, label) of words after an article that one title alone holds.

    Args:
        scan: The request.
        at: The article.
        tracks: Those that may be meant, by their names for tools.
    """
    start = next((end for end, _ in phrases.word_at(scan, at, "definite")), at)
    if start == at or not scan.free(start) or scan.meaning_at(start):
        return None
    for size in range(_LONGEST_PART, 0, -1):
        words = tuple(scan.norm(i) for i in range(start, start + size))
        telling = [word for word in words if word not in scan.language.common]
        if not all(words) or max(map(len, telling), default=0) < _LEAST_PART:
            continue
        fits = [label for label, one in tracks.items() if _holds(fold_phrase(one.title), words)]
        if len(fits) == 1:
            return start + size, fits[0]
    return None


def _holds(title: tuple[str, ...], words: tuple[str, ...]) -> bool:
    spans = (title[at : at + len(words)] for at in range(len(title)))
    return len(title) > len(words) and words in spans
