"""Arguments that a model made up: each one needs words of the person, or the conversation.

A model fills in what it was not asked for: a genre, a year, an artist. What no word of the request
supports is dropped; where nothing is left of a search, the words themselves describe it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from assistant.model.grounding.evidence import Evidence, means
from assistant.model.tool_schemas import fields_of
from tools.base import Tool

_NAMES: Final = frozenset(
    [
        *("artists", "exclude_artists", "albums", "exclude_tracks", "tracks", "like", "mixes_with"),
        *("track", "from_track", "to_track", "playlist", "name", "of", "title", "artist", "album"),
    ]
)
_GENRES: Final = frozenset({"genres", "exclude_genres", "genre"})
_MOODS: Final = frozenset({"moods", "exclude_moods", "mood"})
_KEYS: Final = frozenset({"keys", "harmonic_with", "key"})
_TEMPI: Final = frozenset({"bpm_min", "bpm_max", "bpm"})
_YEARS: Final = frozenset({"year_min", "year_max", "year"})
_MINUTES: Final = frozenset({"length_min", "length_max", "duration_min"})
_DEEDS: Final = frozenset({"action", "what", "by", "about"})
"""What a tool is to do: the choice of the model, as the tool itself is."""
_SLOWEST_FAST: Final = 130
_MODE: Final = {"A": "minor", "B": "major"}
_FASTEST_SLOW: Final = 90
_TEMPO_TOLERANCE: Final = 0.06  # "around 120" is 114 to 126
_REFERENCE: Final = re.compile(r"[TP]\d{1,2}")
_LAST: Final = "last"
_LONGEST_NAME: Final = 9  # words; a longer one is a description
_OPPOSITES: Final = frozenset({"arc", "instrumental"})
"""Arguments that a small model turns around; the words say which way."""
_EXCLUDED: Final = frozenset({"exclude_artists", "exclude_genres", "exclude_moods"})
_DESCRIBING: Final = frozenset({"text", "moods", "exclude_moods", "energy"})
"""What a model fills in when it took the words for a description; else it just guessed."""
_NO_FILTERS: Final = frozenset({"sort", "descending", "limit", "harmonic", "name", "kind"})


def supported(tool: Tool, arguments: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    """Return the arguments that the person's words or the conversation support."""
    fields = fields_of(tool)
    kept: dict[str, Any] = {}
    for name, value in arguments.items():
        if name not in fields:
            kept[name] = value  # refused by the tool's own check
            continue
        left = _supported_value(name, value, evidence)
        if left not in (None, "", []):
            kept[name] = left
    if not kept.keys() & {"sort"}:
        kept.pop("descending", None)
    for name in kept.keys() & _EXCLUDED:  # nothing is wanted and left out at once
        wanted = kept.get(name.removeprefix("exclude_"), [])
        kept[name] = [each for each in kept[name] if each not in wanted]
        if not kept[name]:
            del kept[name]
    if "text" in kept and _adds_nothing(kept, evidence):
        del kept["text"]
    return _filled_in(fields, arguments, kept, evidence)


def selects_tracks(tool: Tool) -> bool:
    """Return whether a tool takes the filters of a search."""
    return {"genres", "bpm_min", "sort"} <= fields_of(tool).keys()


def needs_filter(tool: Tool) -> bool:
    """Return whether a tool without a filter would list or play the whole library; counts may."""
    return selects_tracks(tool) and "by" not in fields_of(tool)


def has_filter(arguments: Mapping[str, Any]) -> bool:
    """Return whether arguments narrow a choice of tracks."""
    return bool(arguments.keys() - _NO_FILTERS)


def _filled_in(
    fields: Mapping[str, Any],
    asked: Mapping[str, Any],
    kept: dict[str, Any],
    evidence: Evidence,
) -> dict[str, Any]:
    """Return a search with the restrictions that it lost; without any filter, with the scene."""
    if not {"genres", "bpm_min", "sort"} <= fields.keys():
        return kept
    said = {name: value for name, value in evidence.restrictions.items() if name in fields}
    kept = {**said, **kept}
    if has_filter(kept) or "sort" in kept:
        return kept
    if evidence.speaks_of("sort", "random"):
        return {**kept, "sort": "random"}
    if asked.keys() & _DESCRIBING and (scene := evidence.scene()):
        return {**kept, "text": scene}
    return kept


def _supported_value(name: str, value: Any, evidence: Evidence) -> Any:
    if isinstance(value, list):
        return [item for item in value if _supported_value(name, item, evidence) is not None]
    if evidence.given.get(name) == value or value in _listed(evidence.given.get(name)):
        return value
    if name == "text":
        return evidence.part_of_request(str(value))
    if name in _OPPOSITES and (said := evidence.only_value(name)):
        return {"true": True, "false": False}.get(said, said)
    check = next((check for names, check in _CHECKS if name in names), _is_said)
    try:
        return value if check(name, value, evidence) else None
    except (TypeError, ValueError):
        return value  # not of its kind: the tool's own check says so


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(name: str, value: Any, evidence: Evidence) -> bool:
    text = str(value)
    if name == "playlist" and text.lower() == _LAST:
        return True
    if _REFERENCE.fullmatch(text):
        return evidence.references
    return len(text.split()) <= _LONGEST_NAME and evidence.names(text)


def _genre(_: str, value: Any, evidence: Evidence) -> bool:
    said = any((table, value) in evidence.values for table in ("genres", "subgenres"))
    return said or evidence.says_name(str(value))


def _mood(_: str, value: Any, evidence: Evidence) -> bool:
    return (
        ("moods", value) in evidence.values
        or value in evidence.terms
        or (evidence.has_words(str(value)))
    )


def _key(_: str, value: Any, evidence: Evidence) -> bool:
    modes = {word for table, word in evidence.values if table == "mode"}
    return str(value).upper() in evidence.keys or _MODE.get(str(value)[-1:].upper()) in modes


def _tempo(name: str, value: Any, evidence: Evidence) -> bool:
    tempi = {word for table, word in evidence.values if table == "tempo"}
    if tempi and float(value) in (_FASTEST_SLOW, _SLOWEST_FAST):  # "fast", "not too fast"
        return True
    return any(abs(float(value) - said) <= said * _TEMPO_TOLERANCE for said in evidence.numbers)


def _year(_: str, value: Any, evidence: Evidence) -> bool:
    return any(first - 1 <= int(value) <= last + 1 for first, last in evidence.years)


def _minutes(name: str, value: Any, evidence: Evidence) -> bool:
    said = {*evidence.minutes, *evidence.numbers} if name != "duration_min" else evidence.minutes
    return float(value) in said


def _limit(_: str, value: Any, evidence: Evidence) -> bool:
    return float(value) in evidence.numbers or (int(value) == 1 and evidence.wants_one)


def _sort(_: str, value: Any, evidence: Evidence) -> bool:
    return ("sort", value) in evidence.values or evidence.speaks_of("sort", str(value))


def _descending(_: str, value: Any, evidence: Evidence) -> bool:
    return isinstance(value, bool)


def _vocals(_: str, value: Any, evidence: Evidence) -> bool:
    tables = {table for table, _word in evidence.values}
    return "vocals" in tables or evidence.speaks_of("instrumental", str(value).lower())


def _deed(_: str, value: Any, evidence: Evidence) -> bool:
    return True


def _is_said(name: str, value: Any, evidence: Evidence) -> bool:
    """Whether the words name the value, or the field where it is a truth value or a number."""
    if isinstance(value, bool):
        return evidence.speaks_of(name, str(value).lower()) or evidence.has_words(
            name.replace("_", " ")
        )
    if isinstance(value, int | float):
        return float(value) in evidence.numbers
    return (
        evidence.speaks_of(name, str(value))
        or evidence.has_words(str(value))
        or any(word == str(value) for _, word in evidence.values)
    )


_CHECKS: Final[tuple[tuple[frozenset[str], Callable[[str, Any, Evidence], bool]], ...]] = (
    (_NAMES, _name),
    (_GENRES, _genre),
    (_MOODS, _mood),
    (_KEYS, _key),
    (_TEMPI, _tempo),
    (_YEARS, _year),
    (_MINUTES, _minutes),
    (frozenset({"limit"}), _limit),
    (frozenset({"sort"}), _sort),
    (frozenset({"descending"}), _descending),
    (frozenset({"instrumental"}), _vocals),
    (_DEEDS, _deed),
)


def _adds_nothing(kept: Mapping[str, Any], evidence: Evidence) -> bool:
    """Whether the text of a search repeats its other filters, or would only empty them."""
    others = [
        str(item)
        for name, value in kept.items()
        if name not in {"text", *_NO_FILTERS}
        for item in (value if isinstance(value, list) else [value])
    ]
    text = str(kept["text"])
    if not others:
        return False
    return evidence.is_covered(text, others) or not (means(text) or evidence.is_name_like(text))
