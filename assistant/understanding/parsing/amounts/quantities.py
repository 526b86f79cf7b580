"""Tempo, years, counts, durations and keys: what is said with numbers."""

from __future__ import annotations

import math
import re

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.amounts.track_lengths import (
    minutes_at,
    read_track_lengths,
    read_track_limit,
)
from assistant.understanding.parsing.amounts.years import SHORT_YEARS
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft

# "around N" is N ±5 %, "N bpm" is N ±2 (a tempo is never exact to the beat).
_AROUND = 0.05
_EXACT_BPM = 2
_ARCS = {"down": "fall", "up": "rise"}
_TEMPO_RANGE_BPM = (40, 250)
_BARE_TEMPO_BPM = (101, 199)
_CHARACTER = frozenset({"genres", "moods", "tempo", "energy", "vocals"})
_YEAR_RANGE = (1900, 2099)
_MINOR_KEYS = [f"{n}A" for n in range(1, 13)]
_MAJOR_KEYS = [f"{n}B" for n in range(1, 13)]
MODES = {"minor": _MINOR_KEYS, "major": _MAJOR_KEYS}


def _number(text: str) -> float | int:
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _is_year(value: float) -> bool:
    return _YEAR_RANGE[0] <= value <= _YEAR_RANGE[1]


def _is_tempo(value: float) -> bool:
    return _TEMPO_RANGE_BPM[0] <= value <= _TEMPO_RANGE_BPM[1]


def _tempo(draft: Draft, kind: str, low: float | int, high: float | int | None) -> None:
    if kind in _ARCS and high is not None:
        draft.set("bpm_min", min(low, high))
        draft.set("bpm_max", max(low, high))
        draft.set("arc", _ARCS[kind])
    elif kind == "spread" and high is not None:
        draft.set("bpm_min", high - low)
        draft.set("bpm_max", high + low)
    elif kind == "between" and high is not None:
        draft.set("bpm_min", low)
        draft.set("bpm_max", high)
    elif kind == "around":
        # Rounded outward; the small term keeps 5 % of 120 from becoming 125.99999.
        draft.set("bpm_min", math.floor(low * (1 - _AROUND) + 1e-9))
        draft.set("bpm_max", math.ceil(low * (1 + _AROUND) - 1e-9))
    elif kind == "exact":
        draft.set("bpm_min", low - _EXACT_BPM)
        draft.set("bpm_max", low + _EXACT_BPM)
    else:
        draft.set("bpm_min" if kind == "over" else "bpm_max", low)


def _quantity(draft: Draft, kind: str, match: re.Match[str]) -> bool:
    """Read one matched quantity; False when it is none of ours."""
    said = match.groupdict()
    low = _number(said["n"])
    high = _number(said["m"]) if said.get("m") else None
    if said.get("minutes") or said.get("hours"):
        return False
    if kind == "added":
        draft.set("sort", "added")
        draft.set("limit", int(low))
        return True
    if said.get("tracks"):
        if high is not None or not isinstance(low, int):
            return False
        draft.set("limit", low)
        return True
    if _is_year(low) and not said.get("bpm"):
        return False
    if kind == "spread" and high is not None and _is_tempo(high) and low < high / 2:
        _tempo(draft, kind, low, high)
        return True
    if not _is_tempo(low) or (high is not None and not _is_tempo(high)):
        return False
    _tempo(draft, kind, low, high)
    return True


def read_quantities(scan: Scan, draft: Draft) -> None:
    """Tempo (and counts with a comparison), widest patterns first."""
    for kind, match, first, last in scan.longest_first(scan.language.rules["quantity"]):
        # "over 150 and under 170": "150 and under" is not what was said.
        open_end = kind in {"over", "under"} and scan.norm(last).replace(".", "").isdigit()
        if open_end:
            continue
        if kind == "between" and _short_years(scan, draft, match, first):
            scan.use(first, last, "years")
        elif _quantity(draft, kind, match):
            scan.use(first, last, "quantity")


def _short_years(scan: Scan, draft: Draft, match: re.Match[str], first: int) -> bool:
    """ "Led Zeppelin from 71 to 75": years beside an artist; else it may be a tempo."""
    said = match.groupdict()
    units = any(said.get(unit) for unit in ("bpm", "minutes", "hours", "tracks"))
    low, high = _number(said["n"]), _number(said["m"])
    if units or not SHORT_YEARS[0] <= low < high <= SHORT_YEARS[1]:
        return False
    if any((scan.norm(at),) in scan.language.group("bpm") for at in range(len(scan.tokens))):
        return False
    if any(token.entity("artist") for token in scan.tokens):
        draft.set("year_min", 1900 + int(low))
        draft.set("year_max", 1900 + int(high))
        return True
    if scan.group_at(first, "years_lead"):
        draft.doubts.append(Doubt.YEARS_OR_TEMPO)
        return True
    return False


def read_harmony(scan: Scan, draft: Draft) -> None:
    """Keys, compatible keys, and whether a playlist minds them."""
    for name, match, first, last in scan.longest_first(scan.language.rules["harmonic"]):
        if name in {"ignore", "use"}:
            draft.set("harmonic", name == "use")
        elif name == "ask":
            draft.set("harmonic_with", match["key"].upper())
        else:
            draft.add("keys", match["key"].upper())
            if second := match.groupdict().get("key2"):
                draft.add("keys", second.upper())
        scan.use(first, last, "key")


def read_arcs(scan: Scan, draft: Draft) -> None:
    """ "Starts calm and builds up", "du plus lent au plus rapide"."""
    for name, _, first, last in scan.longest_first(scan.language.rules["arcs"]):
        draft.set("arc", name)
        scan.use(first, last, "arc")


def read_durations(scan: Scan, draft: Draft) -> None:
    """A duration asks for a playlist of that length; "under 5 minutes" is about each track."""
    read_track_lengths(scan, draft)
    for index in scan.leftovers():
        minutes = minutes_at(scan, index)
        if minutes is None or read_track_limit(scan, draft, index, minutes):
            continue
        if scan.group_before(index, "when_not_length"):
            draft.doubts.append(Doubt.TIME_OF_DAY)
        if size := scan.group_before(index, "around"):
            scan.use(index - size, index, "duration")
        draft.set("duration_min", minutes)
        scan.use(index, index + 1, "duration")


def read_bare_tempo(scan: Scan, draft: Draft) -> None:
    """ "Techno 138": a number behind a genre or mood, as large as no count and no year of two."""
    if {"bpm_min", "bpm_max"} & set(draft.arguments):
        return
    for index in scan.leftovers():
        norm = scan.norm(index)
        if not norm.isdigit() or not _BARE_TEMPO_BPM[0] <= int(norm) <= _BARE_TEMPO_BPM[1]:
            continue
        behind = index and scan.used[index - 1] in _CHARACTER
        if behind and not scan.group_at(index + 1, "tracks"):
            _tempo(draft, "exact", int(norm), None)
            scan.use(index, index + 1, "quantity")
            return


def read_limit(scan: Scan, draft: Draft) -> None:
    """A bare count: "20 slow songs", "the 5 fastest", "top 10"."""
    for index in scan.leftovers():
        if not scan.norm(index).isdigit():
            continue
        value = int(scan.norm(index))
        counts = _counts(scan, index) or _stands_apart(scan, index)
        if 1 <= value <= 200 and "limit" not in draft.arguments and counts:
            draft.set("limit", value)
            scan.use(index, index + 1, "limit")


def _stands_apart(scan: Scan, index: int) -> bool:
    """ "Love songs, no Oasis, *ten*": a number between commas of a request for tracks."""
    closed = scan.norm(index + 1) in {",", ""}
    asks = {"tracks", "playlist", "moods", "genres"} & set(scan.used)
    return closed and scan.norm(index - 1) == "," and bool(asks)


def _counts(scan: Scan, index: int) -> bool:
    """Whether what follows (or stands before) a number shows that it counts tracks."""
    if index and (scan.used[index - 1] == "sort" or scan.group_before(index, "count_before")):
        return True
    for ahead in range(index + 1, min(index + 7, len(scan.tokens))):
        label = scan.used[ahead]
        if label in {"tracks", "sort", "playlist", "like"}:
            return True
        if label == "moods" and scan.phrase_in_text(ahead, "tracks"):
            return True  # "ten love songs"
        # "a dozen *of the best* songs", "30 disco *and* funk tracks"
        word = (scan.norm(ahead),)
        small = any(word in scan.language.group(name) for name in ("count_between", "list_and"))
        if label in {"years", "quantity", "key"} or (label is None and not small):
            return False
    return False
