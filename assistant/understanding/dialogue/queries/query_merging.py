"""One change of a query merged into it: what was said last counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import prompts

Operation = Literal["refine", "add", "replace", "instead", "less", "drop", "shift", "restore"]
Direction = Literal["up", "down"]
Query = dict[str, Any]

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "tempo": ("bpm_min", "bpm_max"), "years": ("year_min", "year_max"),
    "genre": ("genres", "exclude_genres"), "mood": ("moods", "exclude_moods", "energy"),
    "key": ("keys", "harmonic_with"), "energy": ("energy",), "vocals": ("instrumental",),
    "artist": ("artists", "exclude_artists"), "album": ("albums",),
    "length": ("length_min", "length_max"), "duration": ("duration_min",),
    "size": ("limit", "duration_min"), "order": ("sort", "descending"), "arc": ("arc",),
    "likeness": ("like", "mixes_with"),
}  # fmt: skip
"""What is dropped or replaced together, by what it is called in the data of a language."""
_RANGES: Final = (
    ("bpm_min", "bpm_max"), ("year_min", "year_max"), ("length_min", "length_max"),
)  # fmt: skip
EXCLUDABLE: Final = ("genres", "moods", "artists")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a query.

    Attributes:
        operation: refine: lists grow, single values are replaced, opposites leave;
            add ("or", "also"): like refine, and ranges widen, keys are added;
            replace ("rather"): names of the same field go, moods only where they are opposites;
            instead ("I meant"): whatever the field held goes;
            less: what is said leaves and is excluded;
            restore: what was left out comes back; without arguments all of the last kind left out;
            drop: a field is not asked for any more; shift: a field moves up or down.
        arguments: What was said.
        field: For drop and shift, one of `FIELDS`.
        direction: For shift.
        some: "A few are too slow": only the outermost go.
    """

    operation: Operation
    arguments: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    direction: Direction = "up"
    some: bool = False


_KINDS_OF_MUSIC: Final = frozenset({"genres", "moods", "energy"})


def without_rivals(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query:
    """Return a query without the kinds of music to which "or punk" is an alternative.

    A query finds what fits all of its fields: "aggressive" or "punk" is none.
    """
    before, new = _KINDS_OF_MUSIC & set(query), _KINDS_OF_MUSIC & set(said)
    rivals = before if new and not before & new else frozenset()
    return {name: value for name, value in query.items() if name not in rivals}


def merge(query: Mapping[str, Any], edit: Edit) -> Query:
    """Return the query with the values of an edit."""
    new = dict(edit.arguments)
    merged = dict(query)
    if edit.operation in {"replace", "instead"}:
        _forget(merged, new, every=edit.operation == "instead")
    if {"limit", "duration_min"} & set(new):
        _forget_fields(merged, "size")
    for low, high in _RANGES:
        if {low, high} & set(new):
            merged = _ranged(merged, new, (low, high), widen=edit.operation == "add")
    for name, value in new.items():
        if isinstance(value, list) and (name != "keys" or edit.operation == "add"):
            earlier = merged.get(name, [])
            merged[name] = [*earlier, *(v for v in value if v not in earlier)]
        else:
            merged[name] = value
    if "keys" in new and "harmonic_with" not in new:
        merged.pop("harmonic_with", None)
    _settle(merged, new)
    return {name: value for name, value in merged.items() if value not in ([], None)}


def _forget(merged: Query, new: Mapping[str, Any], *, every: bool) -> None:
    """Take out what the new values stand for now."""
    for name, arguments in FIELDS.items():
        said = {name for name in arguments if name in new and not name.startswith("exclude_")}
        if said and (every or name in {"genre", "artist", "key", "album"}):
            _forget_fields(merged, name)


def _forget_fields(merged: Query, name: str) -> None:
    for argument in FIELDS[name]:
        merged.pop(argument, None)


def _ranged(merged: Query, new: Query, ends: tuple[str, ...], *, widen: bool) -> Query:
    """The query without the old ends of a range; widened, `new` gets the outer of both.

    "Widen it to 120-128" of 117-131 names the range that is wanted.
    """
    low, high = ends
    earlier = {end: merged[end] for end in ends if end in merged}
    kept = {name: value for name, value in merged.items() if name not in ends}
    bounded = len(earlier) == 2 and low in new and high in new
    inside = bounded and earlier[low] <= new[low] <= new[high] <= earlier[high]
    if widen and bounded and not inside:
        new[low], new[high] = min(earlier[low], new[low]), max(earlier[high], new[high])
    return kept


def _settle(merged: Query, new: Mapping[str, Any]) -> None:
    """What was said last counts: nothing is wanted and excluded, and no opposites are."""
    for name in EXCLUDABLE:
        excluded = f"exclude_{name}"
        if gone := set(new.get(excluded, ())):
            merged[name] = [value for value in merged.get(name, []) if value not in gone]
        if wanted := set(new.get(name, ())):
            merged[excluded] = [v for v in merged.get(excluded, []) if v not in wanted]
    for mood in new.get("moods", []):
        unfit = opposites()[mood]
        merged["moods"] = [m for m in merged["moods"] if m not in unfit or m in new["moods"]]
        # an excluded mood that the wanted one rules out anyway
        merged["exclude_moods"] = [m for m in merged.get("exclude_moods", []) if m not in unfit]
        if "energy" not in new and mood in unfit_for_energy(merged.get("energy")):
            merged.pop("energy")
    if "energy" in new and "moods" not in new:
        unfit = unfit_for_energy(new["energy"])
        merged["moods"] = [mood for mood in merged.get("moods", []) if mood not in unfit]


@prompts.cached
def opposites() -> Mapping[str, frozenset[str]]:
    """Return the moods that are never asked for with one mood."""
    said: Mapping[str, list[str]] = prompts.load("opposites")["moods"]
    return {
        mood: frozenset(others) | {other for other, theirs in said.items() if mood in theirs}
        for mood, others in said.items()
    }


def unfit_for_energy(level: str | None) -> frozenset[str]:
    """Return the moods that are never asked for with a level of energy."""
    return frozenset(prompts.load("opposites")["energy"].get(level, ()))


def stronger(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query:
    """The query where "chiller" asks for a mood that it has: its energy goes the same way."""
    for level, calm in (("low", "high"), ("high", "low")):
        if set(said) == {"moods"} and set(said["moods"]) & unfit_for_energy(calm):
            return merge(query, Edit("refine", {"energy": level}))
    return dict(query)
