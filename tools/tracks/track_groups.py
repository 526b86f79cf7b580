"""Groups of tracks as facts and as lines of a list: artists, albums, genres, years, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store.library.counting import By, Group
from tools.text.untrusted import shown
from tools.text.words import Language, duration, known_name, listed, say, say_count
from tools.tracks.key_words import key_text

TOP_SAID: Final = 3
"""Groups named in a sentence; the list shows the others."""
_NOT_ASKED: Final = frozenset({"format"})
"""Groupings without a request that shows the tracks of a group."""


def group_fact(group: Group) -> dict[str, Any]:
    """Return a group as a fact."""
    return {
        "name": shown(group.name),
        "of": shown(group.of) if group.of else None,
        "tracks": group.tracks,
        "duration_s": round(group.duration_s),
        "years": [group.year_min, group.year_max] if group.year_min else None,
    }


def group_item(fact: Mapping[str, Any], by: By, language: Language) -> dict[str, Any]:
    """Return a group as a line of a list: label, detail, and the request that shows its tracks."""
    name = group_name(fact, by, language)
    label = f"{name} – {fact['of']}" if fact["of"] else name
    years = years_text(fact["years"]) if by in ("artist", "album") else ""
    count = say_count(language, "groups.track", fact["tracks"])
    detail = ", ".join(p for p in (years, count, duration(language, fact["duration_s"])) if p)
    asked = name if by in ("genre", "mood") else fact["name"]
    ask = None if by in _NOT_ASKED else say(language, f"groups.ask_{by}", name=asked)
    return {"label": label, "detail": detail, "ask": ask}


def group_name(fact: Mapping[str, Any], by: By, language: Language) -> str:
    """Return a group's name as people say it."""
    name = str(fact["name"])
    if by in ("genre", "mood"):
        return known_name(language, f"{by}s", name)
    if by == "decade":
        return say(language, "groups.name_decade", year=name)
    if by == "key":
        return key_text(name, language)
    return name.upper() if by == "format" else name


def years_text(years: list[int] | None) -> str:
    """Return "1994" or "1994–2002"; "" where no year is known."""
    if not years:
        return ""
    first, last = years
    return str(first) if first == last else f"{first}–{last}"


def largest_text(facts: list[Mapping[str, Any]], total: int, by: By, language: Language) -> str:
    """Return "rock (3), jazz (2) and 4 others", of groups in their order."""
    said = [f"{group_name(fact, by, language)} ({fact['tracks']})" for fact in facts[:TOP_SAID]]
    if total > len(said):
        said.append(say_count(language, "groups.others", total - len(said)))
    return listed(language, said)
