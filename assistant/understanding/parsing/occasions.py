"""What a playlist is for: "… for my sister's baptism", "a breakfast playlist", "songs in French".

Such words name an occasion or a kind of music that no list knows. Beside a filter an occasion adds
nothing; alone it is the description of the music.
"""

from __future__ import annotations

from typing import Final

from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.tokens import Scan

_MOST_WORDS: Final = 10
_MOST_BEFORE: Final = 3
"""Words of an occasion that stand right beside the noun ("a *late breakfast* playlist")."""
_MOST_FILLERS: Final = 4
_BLOCKING: Final = (
    "negator", "negation_words", "over", "under", "refuse.words", "questions.never_question",
    "drum", "drums", "drum_verb", "charting", "export.strong", "describe.never",
)  # fmt: skip
"""Lists whose words are no part of an occasion."""

Span = tuple[int, int]


def occasions(scan: Scan, left: list[int]) -> list[Span]:
    """The words that say what the music is for, as (first, last) with the end excluded."""
    spans: list[Span] = []
    for at in left:
        if spans and at < spans[-1][1]:
            continue
        end = _end(scan, at)
        framed = _framed(scan, at) and end - at <= _MOST_WORDS
        if (framed or _beside_noun(scan, at, end)) and not _blocked(scan, at, end):
            spans.append((at, end))
    return spans


def kinds(scan: Scan, left: list[int]) -> list[Span]:
    """Words that say which music: a language, a voice, an instrument ("French", "ballads")."""
    spans: list[Span] = []
    for at in left:
        size = scan.group_at(at, "describe.kinds")
        if size and not scan.group_before(at, "negator"):
            spans.append((at, at + size))
    return spans


def _end(scan: Scan, first: int) -> int:
    """The end of a run of words that nothing else used; filler at its end is no part."""
    end = first + 1
    while end < len(scan.tokens) and scan.norm(end) != "," and scan.used[end] in {None, "fill"}:
        end += 1
    while end > first + 1 and scan.used[end - 1] == "fill":
        end -= 1
    return end


def _framed(scan: Scan, at: int) -> bool:
    """Whether "for", "while", "so that I can" … leads to a word."""
    for first in range(at, max(0, at - _MOST_FILLERS), -1):
        if scan.group_before(first, "describe.frame") or scan.group_before(first, "occasion"):
            return True
        if scan.used[first - 1] != "fill":
            return False
    return False


def _beside_noun(scan: Scan, first: int, end: int) -> bool:
    """ "A *breakfast* playlist", « une playlist *chalet* »; not "the playlist public"."""
    if end - first > _MOST_BEFORE or any(scan.tokens[at].capital for at in range(first, end)):
        return False
    before = end < len(scan.tokens) and _is_noun(scan, end)
    after = scan.language.by_noun_after and first > 0 and _is_noun(scan, first - 1)
    at = first - 1 if before else first - 2
    return (before or after) and not _definite(scan, at)


def of_one_playlist(scan: Scan) -> bool:
    """Whether "the playlist …" speaks of one that there is."""
    return any(_is_noun(scan, at) and _definite(scan, at - 1) for at in range(len(scan.tokens)))


def _definite(scan: Scan, at: int) -> bool:
    return at >= 0 and scan.norm(at) in small_words("definite")


def _is_noun(scan: Scan, at: int) -> bool:
    return scan.used[at] == "playlist" or scan.norm(at) in small_words("playlist_nouns")


def _blocked(scan: Scan, first: int, last: int) -> bool:
    return any(scan.norm(at).startswith("@") for at in range(first, last)) or any(
        scan.group_at(at, name) for at in range(first, last) for name in _BLOCKING
    )
