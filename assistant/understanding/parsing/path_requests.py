""" "Take me from Nina Simone to Daft Punk in 10 songs": a playlist that leads somewhere."""

from __future__ import annotations

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

_MAX_NAME_WORDS = 8


def read_path(scan: Scan, draft: Draft) -> bool:
    """Both ends of a path, when a verb asks for one and names stand at both ends."""
    at = next((i for i in range(len(scan.tokens)) if scan.group_at(i, "path.ask")), None)
    if at is None:
        return False
    start = at + scan.group_at(at, "path.ask")
    end = _name_end(scan, start, stop="path.to")
    following = end + scan.group_at(end, "path.to")
    last = _name_end(scan, following, stop="path.end")
    if end == start or following == end or last == following:
        return False
    draft.set("from_track", scan.slice(start, end))
    draft.set("to_track", scan.slice(following, last))
    scan.use(at, start, "path")
    scan.use(start, last, "name")
    return True


def _name_end(scan: Scan, first: int, *, stop: str) -> int:
    """End of a name that starts with a capital or a quote; `first` when there is none."""
    if not scan.free(first) or not scan.tokens[first].capital or scan.norm(first).isdigit():
        return first
    end = first
    while scan.free(end) and end - first < _MAX_NAME_WORDS and scan.norm(end) != ",":
        token = scan.tokens[end]
        if end > first and (scan.group_at(end, stop) or token.norm[0].isdigit()):
            break
        if token.norm.startswith("@") and not token.is_name:
            break
        end += 1
    return end
