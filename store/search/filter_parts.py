"""One filter of a query as SQL, and the parts that several filters are made of.

The fragments are constants; nothing that a person or a model wrote becomes part of a statement.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

KIND: Final = "kind"
"""Name of the filter that every query has which does not ask for any sound: nearly all fit."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a query.

    Attributes:
        name: The TrackQuery field it came from.
        condition: SQL over `track`, `features` and `tables`; "" when the tables say it all.
        values: What the condition binds.
        relevance: SQL, 0..1: how well a track that fits does so; None when it says nothing.
        tables: SQL: tables of the tracks that fit, each with a name and a `track_id`.
        left_out: SQL: the tracks that do not fit, each as a SELECT of ids; says the same as
            `condition`, for where most tracks fit.
        few: Few tracks fit: for those it is looked up which other filters leave them out.
    """

    name: str
    condition: str
    values: dict[str, object] = field(default_factory=dict)
    relevance: str | None = None
    tables: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    few: bool = False


def ends(
    name: str, column: str, low: float | None, high: float | None
) -> tuple[str, dict[str, object]] | None:
    """Return the condition that `column` is in a range, and what it binds; None without ends."""
    parts: list[str] = []
    values: dict[str, object] = {}
    for end, sign, value in ((f"{name}_min", ">=", low), (f"{name}_max", "<=", high)):
        if value is not None:
            parts.append(f"{column} {sign} :{end}")
            values[end] = value
    return (" AND ".join(parts), values) if parts else None


def range_filter(name: str, column: str, low: float | None, high: float | None) -> Filter | None:
    """Return the filter of a range, named after its lower end when it has one."""
    found = ends(name, column, low, high)
    return Filter(next(iter(found[1])), *found) if found else None


def none_of(field_name: str, unwanted: Sequence[str], table: str, condition: str) -> Filter:
    """Leaves the tracks of some genres or moods out, each looked up in the index by itself."""
    values: dict[str, object] = {f"{field_name}_{at}": one for at, one in enumerate(unwanted)}
    selects = [
        f"SELECT {name}.track_id FROM {table.format(name=name)} WHERE {condition.format(name=name)}"
        for name in values
    ]
    absent = [
        f"NOT EXISTS ({select} AND {name}.track_id = track.id)"
        for name, select in zip(values, selects, strict=True)
    ]
    return Filter(field_name, " AND ".join(absent), values, left_out=tuple(selects))


def belongs(name: str, ids: str, values: dict[str, object], *, wanted: bool) -> Filter:
    """Return the filter that a track is, or is not, among those of the SELECT `ids`."""
    if wanted:
        return Filter(name, f"track.id IN ({ids})", values, few=True)
    out = (f"SELECT * FROM ({ids})",)
    return Filter(name, f"track.id NOT IN ({ids})", values, left_out=out)


def listed(values: Sequence[object]) -> str:
    """Return values as one bound JSON array."""
    return json.dumps(list(values))
