"""Why nothing fits a query: the filters that empty it, and the nearest that would fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from store.results import SearchResult, TrackRow
from store.search import track_search
from store.search.filter_parts import KIND, Filter
from store.search.filters import query_filters
from store.search.genre_names import genre_counts
from store.search.query import ResolvedQuery, TrackQuery
from tools.library.library_progress import progress_fact, progress_note
from tools.text.untrusted import shown
from tools.text.words import Language, duration, known_name, listed, number, say, say_count
from tools.tracks.selection import Selection

FILTERS_NAMED: Final = 3
"""In an empty result; more would not be read."""
GENRES_NAMED: Final = 5
_TOLD: Final = ("genres", "liked", "has_chart")
"""Filters of which it is said what there is, or what to do, where they fit no track at all."""
_VALUES: Final[Mapping[str, Callable[[TrackRow], float | None]]] = {
    "bpm": lambda row: row.bpm,
    "year": lambda row: row.year,
    "length": lambda row: row.duration_s,
}
"""Range of a query → the value of a track in it."""


def taken_facts(selection: Selection) -> dict[str, Any]:
    """Return facts of a text that was read as a description."""
    return {"described": selection.described, "taken_as": list(selection.taken_as)}


def emptied(found: SearchResult, selection: Selection, arguments: TrackQuery) -> dict[str, Any]:
    """Return facts of an empty search: each filter that alone empties it, and the count without."""
    causes = dict(found.emptied_by)
    if selection.ids is not None:
        without_likeness = track_search.how_many(selection.query)
        if without_likeness:
            causes = {"text" if selection.described else "like": without_likeness, **causes}
    never = [name for name in _TOLD if name in causes and not _fits_any(selection.query, name)]
    return {
        **taken_facts(selection),
        "puzzling": shown(arguments.text or "") if selection.puzzling else None,
        "library": progress_fact(),
        "emptied_by": [{"wish": name, "would_fit": count} for name, count in causes.items()],
        "filters": len(_narrowing(selection.query, causes)) + (selection.ids is not None),
        "nearest": _nearest(selection, list(causes)[:FILTERS_NAMED]),
        "never": never,
        "genres_there": list(genre_counts())[:GENRES_NAMED] if "genres" in never else [],
        "asked": arguments.model_dump(
            exclude_defaults=True, exclude={"limit", "sort", "descending"}
        ),
    }


def _narrowing(query: ResolvedQuery, causes: Mapping[str, int]) -> list[Filter]:
    """Return the filters that were asked for, or are to blame."""
    return [one for one in query_filters(query) if one.name != KIND or query.kind or KIND in causes]


def _fits_any(query: ResolvedQuery, name: str) -> bool:
    """Return whether any track fits one filter of the query."""
    wanted = {field: getattr(query, field) for field in (name, "person")}
    if name == "genres":
        wanted["genre_tags"] = query.genre_tags
    return track_search.any_fits(ResolvedQuery(**wanted))


def _nearest(selection: Selection, causes: list[str]) -> dict[str, float]:
    """Return the range that is to blame → the value nearest to it of what fits otherwise."""
    for cause in causes:
        field = cause.rpartition("_")[0]
        if field in _VALUES:
            values = [
                value
                for one in _around(selection.query, field)
                for row in track_search.search(one, ids=selection.ids).tracks
                if (value := _VALUES[field](row))
            ]
            middle = _middle(selection.query, field)
            return {field: min(values, key=lambda value: abs(value - middle))} if values else {}
    return {}


def _around(query: ResolvedQuery, field: str) -> list[ResolvedQuery]:
    """The query for what lies next below the range, and next above it."""
    low, high = f"{field}_min", f"{field}_max"
    lowest, highest = getattr(query, low), getattr(query, high)
    around = []
    if lowest is not None:
        around.append({low: None, high: lowest, "descending": True})
    if highest is not None:
        around.append({low: highest, high: None, "descending": False})
    return [query.model_copy(update={**one, "sort": field, "limit": 1}) for one in around]


def _middle(query: TrackQuery, field: str) -> float:
    ends = [getattr(query, f"{field}_{end}") for end in ("min", "max")]
    known = [end * (60.0 if field == "length" else 1.0) for end in ends if end is not None]
    return sum(known) / len(known)


def nothing_fits(facts: Mapping[str, Any], language: Language) -> str:
    """Return why a search is empty, and what it would find with one filter less."""
    progress = progress_note(facts["library"], language)
    if not facts["library"]["tracks"]:
        return progress
    if facts.get("puzzling"):
        puzzled = say(language, "search.puzzled", text=facts["puzzling"])
        return f"{puzzled} {progress}".rstrip()
    parts = (_cause(facts, language), *_hints(facts, language), progress)
    return " ".join(part for part in parts if part)


def _cause(facts: Mapping[str, Any], language: Language) -> str:
    causes: list[Mapping[str, Any]] = facts["emptied_by"]
    alone = facts["filters"] == 1
    helping = [cause for cause in causes if cause["would_fit"] and not alone][:FILTERS_NAMED]
    if helping:
        without = [
            say_count(
                language,
                "search.without",
                int(cause["would_fit"]),
                wish=say(language, f"wishes.{cause['wish']}"),
            )
            for cause in helping
        ]
        return say(language, "search.emptied", without=listed(language, without, last="or"))
    if len(causes) == 1:
        return say(language, "search.none", wish=say(language, f"wishes.{causes[0]['wish']}"))
    if causes:
        names = [say(language, f"wishes.{cause['wish']}") for cause in causes[:FILTERS_NAMED]]
        return say(language, "search.never", wishes=listed(language, names))
    return say(language, "search.nothing")


def _hints(facts: Mapping[str, Any], language: Language) -> list[str]:
    """The nearest thing that would fit, or what makes something fit."""
    hints = []
    for field, value in facts["nearest"].items():
        text = duration(language, value) if field == "length" else number(language, value, 0)
        hints.append(say(language, f"search.nearest_{field}", value=text))
    if there := facts["genres_there"]:
        names = [known_name(language, "genres", genre) for genre in there]
        hints.append(say(language, "search.genres_there", genres=listed(language, names)))
    names = [name for name in facts["never"] if name != "genres" and facts["asked"][name]]
    return hints + [say(language, f"search.no_{name}") for name in names]
