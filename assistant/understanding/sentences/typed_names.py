"""Names of playlists as typed: a capital opens them, the rest may be small ("Fête du village")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assistant.understanding.lexing.tokens import Scan

_LONGEST: Final = 6


def titled_ends(scan: Scan, first: int) -> Iterator[int]:
    """Where a name that opens with a capital at a token may end, the longest first.

    The word "Photos" of "exporte Photos vers Google" is none: a preposition leads to another
    capital.
    """
    token = scan.tokens[first]
    if not first or not token.capital or token.norm[0].isdigit() or scan.group_at(first, "tracks"):
        return
    longest = 1 if token.norm == "@q" else _LONGEST
    for last in range(min(len(scan.tokens), first + longest), first, -1):
        inside = range(first, last)
        if any(not scan.free(at) or scan.norm(at) == "," or _leads_on(scan, at) for at in inside):
            continue
        if not scan.group_before(last, "commands.courtesy"):
            yield last


def _leads_on(scan: Scan, at: int) -> bool:
    """Whether a format, or a preposition before a capital, stands at a token."""
    found = scan.meaning_at(at)
    if found is not None and found[1] == "format":
        return True
    target = bool(scan.group_at(at, "export.target"))
    return target and at + 1 < len(scan.tokens) and scan.tokens[at + 1].capital
