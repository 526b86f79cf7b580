"""Years and decades, with what stands around them or bare."""

from __future__ import annotations

import re

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

SHORT_YEARS = (50, 99)
"""Numbers that may stand for 1950 to 1999."""
_DECADES = frozenset({"50", "60", "70", "80", "90"})

_YEAR_EDGES = {
    "after": ("year_min", 1), "from": ("year_min", 0),
    "before": ("year_max", -1), "until": ("year_max", 0),
}  # fmt: skip


def _decade(text: str) -> tuple[int, int]:
    first, last = text.split("-")
    return int(first), int(last)


def _years(draft: Draft, name: str, match: re.Match[str]) -> None:
    said = match.groupdict()
    if name == "decades":
        first, second = _decade(said["decade"]), _decade(said["decade2"])
        draft.set("year_min", min(first[0], second[0]))
        draft.set("year_max", max(first[1], second[1]))
    elif name.startswith("decade"):
        first, last = _decade(said["decade"])
        if name == "decade":
            draft.set("year_min", first)
            draft.set("year_max", last)
        elif name in {"decade_after", "decade_from"}:
            draft.set("year_min", last + 1 if name == "decade_after" else first)
        else:
            draft.set("year_max", first - 1 if name == "decade_before" else last)
    elif name == "between":
        draft.set("year_min", int(said["y"]))
        draft.set("year_max", int(said["z"]))
    elif name in _YEAR_EDGES:
        argument, shift = _YEAR_EDGES[name]
        draft.set(argument, int(said["y"]) + shift)
    else:
        draft.set("year_min", int(said["y"]))
        draft.set("year_max", int(said["y"]))


def read_years(scan: Scan, draft: Draft) -> None:
    """Years and decades with what stands around them; a bare year comes last."""
    for name, match, first, last in scan.longest_first(scan.language.rules["years"]):
        _years(draft, name, match)
        scan.use(first, last, "years")


def read_bare_years(scan: Scan, draft: Draft) -> None:
    """ "1995 rock": a year with nothing around it, once names are known."""
    for name, match, first, last in scan.longest_first(scan.language.rules["bare_years"]):
        _years(draft, name, match)
        scan.use(first, last, "years")
    _bare_decades(scan, draft)
    _one_short_year(scan, draft)


def _one_short_year(scan: Scan, draft: Draft) -> None:
    """ "The Clash from 79": a year beside an artist."""
    if {"year_min", "year_max"} & set(draft.arguments) or not draft.arguments.get("artists"):
        return
    for at in scan.leftovers():
        norm = scan.norm(at)
        lead = scan.group_before(at, "years_lead")
        if lead and norm.isdigit() and SHORT_YEARS[0] <= int(norm) <= SHORT_YEARS[1]:
            draft.set("year_min", 1900 + int(norm))
            draft.set("year_max", 1900 + int(norm))
            scan.use(at - lead, at + 1, "years")
            return


def _bare_decades(scan: Scan, draft: Draft) -> None:
    """ "Rock 80 90": two decades by their numbers alone."""
    for at in range(1, len(scan.tokens) - 1):
        first, second = scan.norm(at), scan.norm(at + 1)
        if {first, second} <= _DECADES and scan.free(at) and scan.free(at + 1):
            draft.set("year_min", 1900 + min(int(first), int(second)))
            draft.set("year_max", 1909 + max(int(first), int(second)))
            scan.use(at, at + 2, "years")
            return
