"""Exclusions that no filter takes: "without piano", "mais sans hurlements".

They are named in the answer beside what was searched for, never dropped in silence; a request of
which nothing else is left is deferred.
"""

from __future__ import annotations

from typing import Final

from assistant.understanding.lexing import typos
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

_MOST_WORDS: Final = 4


def read(scan: Scan, draft: Draft, at: int, start: int) -> None:
    """Note what stands after a "no" of a noun as unread.

    Args:
        scan: The request.
        draft: Takes what was excluded.
        at: First word of the "no".
        start: Token after it.
    """
    if size := scan.group_at(at, "too_much"):
        if not scan.group_at(at + size, "narrowing_vague"):
            return  # "not too jangly" may be what it is all about
        start = at + size
    elif not scan.group_at(at, "negator_of_noun"):
        return
    end = _end(scan, start)
    if end == start:
        return
    draft.unread.append(scan.slice(at, end))
    scan.use(at, end, "unread")


def _end(scan: Scan, start: int) -> int:
    """End of the noun that is not wanted; `start` where there is none."""
    end, content = start, 0
    while scan.free(end) and end - start < _MOST_WORDS:
        norm, token = scan.norm(end), scan.tokens[end]
        if norm == "," or norm[0] in "@0123456789" or (token.capital and not scan.text.isupper()):
            break
        if scan.group_at(end, "exclusion_end") or scan.group_at(end, "negator"):
            break
        if typos.near_keywords(norm, scan.language.name):
            return start  # misspelt: corrected first
        content += (norm,) not in scan.language.group("fill.words")
        end += 1
    named = scan.tokens[end : end + 1] and scan.norm(end)[:1] == "@" and end == start
    return end if content and not named else start
