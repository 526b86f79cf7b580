"""What a query asks for, piece by piece: "jazz", "from the 1980s", and the query without each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.search.query import TrackQuery
from tools.library.query_words import query_parts
from tools.text.untrusted import shown
from tools.text.words import Language, known_name

_TOGETHER: Final = (("bpm_min", "bpm_max"), ("year_min", "year_max"), ("length_min", "length_max"))
"""Fields that make one piece."""
_NO_PIECE: Final = frozenset({"limit", "sort", "descending"})
_KNOWN: Final = {"genres": "genres", "moods": "moods"}


def query_labels(
    arguments: Mapping[str, Any], language: Language
) -> list[tuple[str, dict[str, Any]]]:
    """Return (label, arguments without that piece) of each piece of a query.

    Args:
        arguments: Of a TrackQuery, as they were given.
        language: Of the labels.
    """
    return [
        (_label(arguments, fields, value, language), _without(arguments, fields, value))
        for fields, value in _pieces(arguments)
    ]


def _pieces(arguments: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    paired = {name: pair for pair in _TOGETHER for name in pair}
    done: set[str] = set()
    for name, value in arguments.items():
        if name in done or name in _NO_PIECE or value in (None, [], ""):
            continue
        fields = paired.get(name, (name,))
        done.update(fields)
        if isinstance(value, list) and name != "keys":
            yield from (((name,), one) for one in value)
        else:
            yield fields, None


def _label(
    arguments: Mapping[str, Any], fields: tuple[str, ...], value: Any, language: Language
) -> str:
    name = fields[0]
    if value is not None and name in _KNOWN:
        return known_name(language, _KNOWN[name], shown(str(value)))
    piece = {field: arguments[field] for field in fields if field in arguments}
    if value is not None:
        piece = {name: [value]}
    return " ".join(query_parts(TrackQuery.model_validate(piece), language)) or name


def _without(arguments: Mapping[str, Any], fields: tuple[str, ...], value: Any) -> dict[str, Any]:
    if value is None:
        return {name: one for name, one in arguments.items() if name not in fields}
    left = [one for one in arguments[fields[0]] if one != value]
    rest = {name: one for name, one in arguments.items() if name != fields[0]}
    return {**rest, fields[0]: left} if left else rest
