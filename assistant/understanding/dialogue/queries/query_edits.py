"""Follow-ups as edits of a query: a query is a mapping of arguments, an edit a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assistant.understanding.dialogue.queries.query_merging import (
    EXCLUDABLE,
    FIELDS,
    Edit,
    Query,
    merge,
)
from assistant.understanding.dialogue.queries.query_shifts import shift_field
from assistant.understanding.dialogue.state import ResultTrack

_OTHER_END: Final = {
    "bpm_min": "bpm_max", "bpm_max": "bpm_min", "length_min": "length_max",
    "length_max": "length_min", "year_min": "year_max", "year_max": "year_min",
}  # fmt: skip
_ONLY_OF_PLAYLISTS: Final = frozenset(
    {"name", "duration_min", "arc", "harmonic", "from_track", "to_track", "seed", "refresh"}
)
_NO_FILTERS: Final = _ONLY_OF_PLAYLISTS | {"limit", "sort", "descending"}


def apply(
    query: Mapping[str, Any], edit: Edit, *, shown: Sequence[ResultTrack] = (), playlist: bool
) -> Query | None:
    """Return the edited query; None where the edit changes nothing that there is.

    Args:
        query: The arguments of the last query.
        edit: The change.
        shown: What the query found, for "slower than that".
        playlist: Whether the query makes a playlist: its size is a duration or a number.
    """
    if edit.operation == "drop":
        return _dropped(query, edit.field)
    if edit.operation == "shift":
        return shift_field(query, edit, shown=shown, playlist=playlist)
    if edit.operation == "less":
        return _lessened(query, edit.arguments)
    if edit.operation == "restore":
        return _restored(query, edit.arguments)
    return merge(query, edit)


def searched(query: Mapping[str, Any]) -> Query:
    """Return a playlist's query as a search."""
    return {name: value for name, value in query.items() if name not in _ONLY_OF_PLAYLISTS}


def apply_exclusion(query: Mapping[str, Any], tracks: Sequence[str]) -> Query:
    """Return a query without some tracks that it found."""
    return merge(query, Edit("refine", {"exclude_tracks": list(tracks)}))


def has_filters(query: Mapping[str, Any]) -> bool:
    """Whether a query says which tracks."""
    return any(name not in _NO_FILTERS for name in query)


def _dropped(query: Mapping[str, Any], name: str) -> Query | None:
    kept = {key: value for key, value in query.items() if key not in FIELDS[name]}
    return kept if len(kept) < len(query) and has_filters(kept) else None


def _lessened(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query | None:
    lists = {f"exclude_{name}": said[name] for name in EXCLUDABLE if said.get(name)}
    ends = [(end, value) for end, value in said.items() if end in _OTHER_END]
    if len(ends) == 1 and len(said) == 1:  # "remove all above 120 bpm"
        end, value = ends[0]
        beyond = {"year_min": -1, "year_max": 1}.get(end, 0)  # years are whole
        return merge(query, Edit("refine", {_OTHER_END[end]: value + beyond}))
    if set(said) - set(EXCLUDABLE) or not lists:
        return None
    return merge(query, Edit("refine", lists))


def _restored(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query | None:
    """The query without an exclusion; None where nothing of the kind was left out."""
    excluded = [name for name in query if name.startswith("exclude_") and query[name]]
    if not said:
        return {k: v for k, v in query.items() if k != excluded[-1]} if excluded else None
    kept = dict(query)
    for name, values in said.items():
        before = query.get(f"exclude_{name}", [])
        if name not in EXCLUDABLE or not set(values) <= set(before):
            return None
        kept[f"exclude_{name}"] = [value for value in before if value not in values]
    return {name: value for name, value in kept.items() if value != []}
