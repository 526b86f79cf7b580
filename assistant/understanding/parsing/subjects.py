"""What songs are about: "songs about trains", "des chansons qui parlent de la mer"."""

from __future__ import annotations

from typing import Final

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

_MOST_WORDS: Final = 5


def read_subject(scan: Scan, draft: Draft) -> None:
    """Take the words after "songs about" as `text`."""
    if {"text", "like"} & set(draft.arguments):
        return
    for at in range(1, len(scan.tokens)):
        size = scan.group_at(at, "about.ask")
        if not size or not _of_songs(scan, at, weak=size == scan.group_at(at, "about.weak")):
            continue
        end = _end(scan, at + size)
        first = at + size
        while first < end - 1 and (skip := scan.group_at(first, "about.articles")):
            first += skip
        if first < end:
            draft.set("text", scan.slice(first, end))
            scan.use(at, end, "text")
            return


def _of_songs(scan: Scan, at: int, *, weak: bool) -> bool:
    """Whether a word for tracks, or for what is spoken, stands right before."""
    before = any(scan.group_before(at, name) for name in ("tracks", "about.nouns"))
    if before or weak:
        return before
    found = next((m for i in range(max(0, at - 3), at) if (m := scan.meaning_at(i))), None)
    return found is not None and found[1] in {"genres", "subgenres", "moods"}


def _end(scan: Scan, first: int) -> int:
    """End of the subject; `first` where it is none."""
    if scan.group_at(first, "about.never"):
        return first
    end, content = first, 0
    while scan.free(end) and end - first < _MOST_WORDS:
        norm = scan.norm(end)
        if norm == "," or norm[0] in "@0123456789" or (end > first and _stops(scan, end)):
            break
        content += (norm,) not in scan.language.group("fill.words")
        end += 1
    while end > first and scan.group_at(end - 1, "about.articles"):
        end -= 1
    return end if content else first


def _stops(scan: Scan, at: int) -> bool:
    return any(scan.group_at(at, name) for name in ("title_stop", "exclusion_end", "negator"))
