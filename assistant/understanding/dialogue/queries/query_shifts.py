"""Shifts of a query: slower, newer, longer than what was asked for or shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from assistant.understanding.dialogue.queries.query_merging import (
    FIELDS,
    Direction,
    Edit,
    Query,
    merge,
)
from assistant.understanding.dialogue.state import ResultTrack

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


def shift_field(
    query: Mapping[str, Any], edit: Edit, *, shown: Sequence[ResultTrack], playlist: bool
) -> Query | None:
    """Return the query with one field moved; None where nothing of it is known."""
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
        return merge(query, Edit("refine", {"energy": _ENERGIES[max(0, min(2, at))]}))
    said = {"energy": "high"} if direction == "up" else {"moods": ["relaxed"]}
    return merge(query, Edit("refine", said))


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
