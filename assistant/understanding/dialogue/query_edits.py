"""Follow-ups as edits of a query: a query is a mapping of arguments, an edit a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final, Literal

import prompts
from assistant.understanding.dialogue.state import ResultTrack

Operation = Literal["refine", "add", "replace", "instead", "less", "drop", "shift", "restore"]
Direction = Literal["up", "down"]
Query = dict[str, Any]

TEMPO_SLOW_BPM: Final = 90
TEMPO_FAST_BPM: Final = 130
STEP: Final = 0.1
"""A comparative moves a known tempo limit by a tenth: enough to hear, not another style."""
_MINUTES: Final = 5  # durations are rounded to this
_USUAL_LIMIT: Final = 20  # tracks of a playlist of which no size was said
_SIZE_STEP: Final[Mapping[Direction, float]] = {"up": 1.5, "down": 0.75}
_LONG_TRACK_MIN: Final = 5  # "too long" of tracks whose length is not known
_SHORT_TRACK_MIN: Final = 3
_ENERGIES: Final = ("low", "medium", "high")

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
_OTHER_END: Final = {
    "bpm_min": "bpm_max", "bpm_max": "bpm_min", "length_min": "length_max",
    "length_max": "length_min", "year_min": "year_max", "year_max": "year_min",
}  # fmt: skip
_LISTS: Final = (
    "artists", "exclude_artists", "albums", "exclude_tracks", "genres", "exclude_genres", "moods",
    "exclude_moods", "keys",
)  # fmt: skip
_EXCLUDABLE: Final = ("genres", "moods", "artists")
_ONLY_OF_PLAYLISTS: Final = frozenset(
    {"name", "duration_min", "arc", "harmonic", "from_track", "to_track", "seed", "refresh"}
)
_NO_FILTERS: Final = _ONLY_OF_PLAYLISTS | {"limit", "sort", "descending"}


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
        return _shifted(query, edit, shown=shown, playlist=playlist)
    if edit.operation == "less":
        return _lessened(query, edit.arguments)
    if edit.operation == "restore":
        return _restored(query, edit.arguments)
    return _merged(query, edit)


def searched(query: Mapping[str, Any]) -> Query:
    """Return a playlist's query as a search."""
    return {name: value for name, value in query.items() if name not in _ONLY_OF_PLAYLISTS}


def apply_exclusion(query: Mapping[str, Any], tracks: Sequence[str]) -> Query:
    """Return a query without some tracks that it found."""
    return _merged(query, Edit("refine", {"exclude_tracks": list(tracks)}))


def has_filters(query: Mapping[str, Any]) -> bool:
    """Whether a query says which tracks."""
    return any(name not in _NO_FILTERS for name in query)


def _dropped(query: Mapping[str, Any], name: str) -> Query | None:
    kept = {key: value for key, value in query.items() if key not in FIELDS[name]}
    return kept if len(kept) < len(query) and has_filters(kept) else None


def _lessened(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query | None:
    lists = {f"exclude_{name}": said[name] for name in _EXCLUDABLE if said.get(name)}
    ends = [(end, value) for end, value in said.items() if end in _OTHER_END]
    if len(ends) == 1 and len(said) == 1:  # "remove all above 120 bpm"
        end, value = ends[0]
        beyond = {"year_min": -1, "year_max": 1}.get(end, 0)  # years are whole
        return _merged(query, Edit("refine", {_OTHER_END[end]: value + beyond}))
    if set(said) - set(_EXCLUDABLE) or not lists:
        return None
    return _merged(query, Edit("refine", lists))


def _restored(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query | None:
    """The query without an exclusion; None where nothing of the kind was left out."""
    excluded = [name for name in query if name.startswith("exclude_") and query[name]]
    if not said:
        return {k: v for k, v in query.items() if k != excluded[-1]} if excluded else None
    kept = dict(query)
    for name, values in said.items():
        before = query.get(f"exclude_{name}", [])
        if name not in _EXCLUDABLE or not set(values) <= set(before):
            return None
        kept[f"exclude_{name}"] = [value for value in before if value not in values]
    return {name: value for name, value in kept.items() if value != []}


def stronger(query: Mapping[str, Any], said: Mapping[str, Any]) -> Query:
    """The query where "chiller" asks for a mood that it has: its energy goes the same way."""
    for level, calm in (("low", "high"), ("high", "low")):
        if set(said) == {"moods"} and set(said["moods"]) & _unfit_for_energy(calm):
            return _merged(query, Edit("refine", {"energy": level}))
    return dict(query)


def _merged(query: Mapping[str, Any], edit: Edit) -> Query:
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
    """The query without the old ends of a range; widened, `new` gets the outer of both."""
    low, high = ends
    earlier = {end: merged[end] for end in ends if end in merged}
    kept = {name: value for name, value in merged.items() if name not in ends}
    if widen and len(earlier) == 2 and low in new and high in new:
        new[low], new[high] = min(earlier[low], new[low]), max(earlier[high], new[high])
    return kept


def _settle(merged: Query, new: Mapping[str, Any]) -> None:
    """What was said last counts: nothing is wanted and excluded, and no opposites are."""
    for name in _EXCLUDABLE:
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
        if "energy" not in new and mood in _unfit_for_energy(merged.get("energy")):
            merged.pop("energy")
    if "energy" in new and "moods" not in new:
        unfit = _unfit_for_energy(new["energy"])
        merged["moods"] = [mood for mood in merged.get("moods", []) if mood not in unfit]


@prompts.cached
def opposites() -> Mapping[str, frozenset[str]]:
    """Return the moods that are never asked for with one mood."""
    said: Mapping[str, list[str]] = prompts.load("opposites")["moods"]
    return {
        mood: frozenset(others) | {other for other, theirs in said.items() if mood in theirs}
        for mood, others in said.items()
    }


def _unfit_for_energy(level: str | None) -> frozenset[str]:
    return frozenset(prompts.load("opposites")["energy"].get(level, ()))


def _shifted(
    query: Mapping[str, Any], edit: Edit, *, shown: Sequence[ResultTrack], playlist: bool
) -> Query | None:
    if edit.field == "tempo":
        return shifted(query, edit.direction)
    if edit.field == "tempo_limit":
        return _limited(query, edit, shown)
    if edit.field == "years":
        return _redated(query, edit.direction, shown)
    if edit.field == "energy":
        return _energised(query, edit.direction)
    if edit.field == "duration" and playlist:
        return _resized(query, edit.direction)
    if edit.field == "duration":
        return _relengthened(query, edit.direction, shown)
    return _resized(query, edit.direction, number=True) if edit.field == "limit" else None


def shifted(query: Mapping[str, Any], direction: Direction) -> Query:
    """Return the query a little slower or faster."""
    low, high = query.get("bpm_min"), query.get("bpm_max")
    merged = {k: v for k, v in query.items() if k not in FIELDS["tempo"]}
    slower = direction == "down"
    factor = 1 - STEP if slower else 1 + STEP
    if low is None and high is None:
        limit = ("bpm_max", TEMPO_SLOW_BPM) if slower else ("bpm_min", TEMPO_FAST_BPM)
        merged[limit[0]] = limit[1]
    elif slower and high is None:
        merged["bpm_max"] = low if low is not None else TEMPO_SLOW_BPM
    elif not slower and low is None:
        merged["bpm_min"] = high if high is not None else TEMPO_FAST_BPM
    else:
        if low is not None:
            merged["bpm_min"] = round(low * factor)
        if high is not None:
            merged["bpm_max"] = round(high * factor)
    return merged


def _limited(query: Mapping[str, Any], edit: Edit, shown: Sequence[ResultTrack]) -> Query:
    """ "Too slow": a limit past the middle of what was shown, or past a few of it."""
    ends = ("bpm_min", "bpm_max") if edit.direction == "up" else ("bpm_max", "bpm_min")
    end, other = ends
    tempos = sorted(track.bpm for track in shown if track.bpm is not None)
    if end in query and not edit.some:
        return shifted(query, edit.direction)
    if len(tempos) > 1:
        at = len(tempos) // 4 if edit.some else len(tempos) // 2
        bound = round(tempos[at] if edit.direction == "up" else tempos[-1 - at])
    else:
        bound = TEMPO_SLOW_BPM if edit.direction == "up" else TEMPO_FAST_BPM
    kept = {k: v for k, v in query.items() if k != end}
    if other in kept and (kept[other] <= bound if end == "bpm_min" else kept[other] >= bound):
        return shifted(query, edit.direction)
    return {**kept, end: bound}


def _redated(
    query: Mapping[str, Any], direction: Direction, shown: Sequence[ResultTrack]
) -> Query | None:
    """Beyond the years asked for before, or else beyond the middle of what was shown."""
    newer = direction == "up"
    kept = {k: v for k, v in query.items() if k not in FIELDS["years"]}
    edge = query.get("year_max" if newer else "year_min")
    years = sorted(track.year for track in shown if track.year is not None)
    if edge is None and years:
        edge = years[len(years) // 2]
    if edge is None:
        return None
    return {**kept, "year_min": edge + 1} if newer else {**kept, "year_max": edge - 1}


def _energised(query: Mapping[str, Any], direction: Direction) -> Query:
    """A level up or down; without one, the mood that stands for it."""
    if level := query.get("energy"):
        at = _ENERGIES.index(level) + (1 if direction == "up" else -1)
        return _merged(query, Edit("refine", {"energy": _ENERGIES[max(0, min(2, at))]}))
    said = {"energy": "high"} if direction == "up" else {"moods": ["relaxed"]}
    return _merged(query, Edit("refine", said))


def _resized(query: Mapping[str, Any], direction: Direction, *, number: bool = False) -> Query:
    """A playlist longer or shorter, by its minutes or its number of tracks."""
    factor = _SIZE_STEP[direction]
    minutes = query.get("duration_min")
    if minutes is not None and not number:
        rounded = max(_MINUTES, round(minutes * factor / _MINUTES) * _MINUTES)
        return {**query, "duration_min": rounded}
    kept = {k: v for k, v in query.items() if k not in FIELDS["size"]}
    return {**kept, "limit": max(1, round((query.get("limit") or _USUAL_LIMIT) * factor))}


def _relengthened(
    query: Mapping[str, Any], direction: Direction, shown: Sequence[ResultTrack]
) -> Query:
    """Tracks that are longer or shorter than the middle one shown."""
    known = [track.duration_s / 60 for track in shown if track.duration_s is not None]
    longer = direction == "up"
    usual = _SHORT_TRACK_MIN if longer else _LONG_TRACK_MIN
    bound = round(median(known), 1) if len(known) > 1 else usual
    kept = {k: v for k, v in query.items() if k not in FIELDS["length"]}
    return {**kept, "length_min" if longer else "length_max": bound}
