"""From the words of a follow-up to edits of the last query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from assistant.understanding.dialogue import phrases
from assistant.understanding.dialogue.queries.query_edits import apply, searched
from assistant.understanding.dialogue.queries.query_merging import (
    Edit,
    Operation,
    Query,
    without_rivals,
)
from assistant.understanding.dialogue.queries.query_shifts import shifted
from assistant.understanding.dialogue.slots import Described, FollowUpSlots
from assistant.understanding.lexing.template_matching import Captures
from assistant.understanding.lexing.tokens import Scan

_WITH_FILTERS: Final[Mapping[str, Operation]] = {
    "add": "add", "replace": "replace", "instead": "instead", "refine": "refine", "too": "less",
    "less": "less", "more": "refine", "without": "less", "narrow": "replace", "which": "replace",
    "restore": "restore",
}  # fmt: skip
_LATE: Final = frozenset({"less", "more"})
"""Tried where nothing else reads the request: "less energetic" is a word of its own."""
_SHIFTS: Final = ("tempo", "tempo_limit", "energy", "duration", "limit", "years")
_PLAYLIST_SIGNS: Final = frozenset({"duration_min", "arc", "harmonic", "from_track"})
_TEMPO_BPM: Final = (40, 250)
_DEGREES: Final = frozenset({"moods", "energy", "instrumental"})
_OF_RESULT: Final = frozenset({"without", "narrow", "which", "restore"})
"""What they say is a value, no words to look for: "keep Salt Road where it is"."""
_NAMING: Final = frozenset({"text", "name", "like", "limit", "duration_min"})
_LEAST_MINUTES: Final = 5
_LONGEST: Final = 25  # tokens; a longer request describes tracks of its own
_SEEDS: Final = frozenset({"name", "seed"})


@dataclass(frozen=True, slots=True)
class ChangedQuery:
    """The last query with a change.

    Attributes:
        tool: The tool that it is for.
        arguments: All of them.
        edits: Whether it takes the place of the last one; "another like that" does not.
    """

    tool: str
    arguments: Query
    edits: bool = False


def read_edit(slots: FollowUpSlots, *, late: bool = False) -> ChangedQuery | None:
    """Return the call of a request that changes the last query, or None.

    Args:
        late: Only the sentences that are tried where nothing else reads the request.
    """
    state = slots.state
    if state.query_tool is None or not state.query or len(slots.scan.tokens) > _LONGEST:
        return None
    for name, got in phrases.whole(slots.scan, "edits", slots):
        if (name in _LATE) is late and (edited := _edited(name, got, slots)):
            return edited
    return None


def _edited(name: str, got: Captures, slots: FollowUpSlots) -> ChangedQuery | None:
    """What one sentence makes of the query."""
    state = slots.state
    tool = state.query_tool or "search_tracks"
    if name == "again":
        same = {k: v for k, v in state.query.items() if k not in _SEEDS}
        return ChangedQuery("make_playlist", same)
    if name in {"end_slow", "end_fast"}:
        query = shifted(state.query, "down" if name == "end_slow" else "up")
        return ChangedQuery("search_tracks", {**searched(query), "limit": 1})
    edit = _edit(name, got)
    if edit is None or (name == "too" and _several_clauses(got, slots.scan)):
        return None
    if name == "number" and _in_minutes(got[0].value, slots):
        edit = Edit("refine", {"duration_min": got[0].value})
    before = state.query
    if name == "add" and _opens_with(slots.scan, "or"):
        before = without_rivals(before, edit.arguments)
    if tool == "count_tracks" and name == "add" and opens_anew(slots.scan):
        edit = replace(edit, operation="instead")  # "and blues?"
    if tool == "count_tracks" and name in _OF_RESULT:
        tool = "search_tracks"  # what is left is to be seen
    playlist = tool == "make_playlist"
    query = apply(before, edit, shown=state.results, playlist=playlist)
    if query is None:
        return None
    if name == "which":
        return ChangedQuery("search_tracks", searched(query))
    described = got[0].value if got and got[0].kind == "filters" else None
    makes = isinstance(described, Described) and "playlist" in described.seen
    if makes or _PLAYLIST_SIGNS & set(query):
        tool = "make_playlist"
    return ChangedQuery(tool, query, edits=not makes)


def _several_clauses(got: Captures, scan: Scan) -> bool:
    """Whether "too metal for me, something slower" says more than what there is too much of."""
    return any(scan.norm(at) == "," for one in got for at in range(one.first, one.last))


def _in_minutes(number: int, slots: FollowUpSlots) -> bool:
    """Whether "make it 20" is said of a playlist of so many minutes."""
    query, scan = slots.state.query, slots.scan
    counted = any(scan.group_at(at, "track") for at in range(len(scan.tokens)))
    fits = "duration_min" in query and "limit" not in query and not counted
    return fits and number >= _LEAST_MINUTES


def opens_anew(scan: Scan) -> bool:
    """Whether a request opens with a mere "and"; "or" and "also" add."""
    return _opens_with(scan, "and")


def _opens_with(scan: Scan, table: str) -> bool:
    return any(True for _ in phrases.word_at(scan, 0, table))


def _edit(name: str, got: Captures) -> Edit | None:
    if name == "restore" and not got:
        return Edit("restore")
    if name in _WITH_FILTERS:
        said = dict(got[0].value.arguments)
        if name == "more" and not set(said) <= _DEGREES:
            return None
        if name in _OF_RESULT and _NAMING & set(said):
            return None
        return Edit(_WITH_FILTERS[name], said)
    if name == "drop":
        return Edit("drop", field=got[0].value)
    base = name.removesuffix("_some")
    for direction in ("up", "down"):
        field = base.removesuffix(f"_{direction}")
        if field in _SHIFTS and field != base:
            return Edit("shift", field=field, direction=direction, some=base != name)
    said = _said(name, [captured.value for captured in got])
    return Edit("refine", said) if said else None


def _said(name: str, values: list[Any]) -> Query | None:
    """Arguments of the sentences that say them in full."""
    if name.startswith("arc_"):
        return {"arc": name.removeprefix("arc_")}
    match name:
        case "minutes":
            return {"duration_min": values[0]}
        case "number":
            return {"limit": values[0]} if 1 <= values[0] <= 200 else None
        case "tempo_between":
            low, high = sorted(values)
            fits = _TEMPO_BPM[0] <= low and high <= _TEMPO_BPM[1]
            return {"bpm_min": low, "bpm_max": high} if fits else None
        case "years_from":
            return {"year_min": values[0]}
        case "years_until":
            return {"year_max": values[0]}
        case "instrumental" | "sung":
            return {"instrumental": name == "instrumental"}
    return None
