"""The tools' JSON schemas, shortened: the time to read a prompt grows with its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tools.base import Tool, schema

_DROPPED: Final = frozenset(
    [
        *("title", "default", "pattern", "minLength", "maxLength"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    ]
)
NO_TOOL: Final = "none"
_LONG: Final = 8  # choices; a longer list is written once and referred to afterwards


def short_schemas(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """Return function schemas of all tools, the same bytes every time.

    Limits, defaults and "or null" are dropped, since arguments are validated anyway; a long list
    of choices (genres, moods), and what is said of an argument, is written only once.
    """
    seen: set[tuple[str, ...]] = set()
    return [_without_repetition(_short(schema(tool)), seen) for tool in tools]


def call_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """Return the schema of a reply with one tool and its arguments, or with none and an answer.

    For servers that constrain a reply by a JSON schema. Every list of choices is written out,
    because the server enforces it.
    """
    calls = [
        _object(tool=_only(tool.name), arguments=_short(schema(tool))["function"]["parameters"])
        for tool in tools
    ]
    return {"anyOf": [*calls, _object(tool=_only(NO_TOOL), answer={"type": "string"})]}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _only(value: str) -> dict[str, Any]:
    return {"type": "string", "enum": [value]}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(item) for item in value]
    if not isinstance(value, dict):
        return value
    options = [o for o in value.get("anyOf", ()) if o.get("type") != "null"]
    if len(options) == 1:
        rest = {key: item for key, item in value.items() if key != "anyOf"}
        return _short({**options[0], **rest})
    return {
        key: {name: _short(item) for name, item in inner.items()}
        if key == "properties"
        else _short(inner)
        for key, inner in value.items()
        if key not in _DROPPED and key != "additionalProperties"
    }


def _without_repetition(value: Any, seen: set[tuple[str, ...]]) -> Any:
    if isinstance(value, list):
        return [_without_repetition(item, seen) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, inner in value.items():
        said = key == "description" and isinstance(inner, str)
        if said or (key == "enum" and len(inner) >= _LONG):
            written = (inner,) if said else tuple(inner)
            if written in seen:
                continue
            seen.add(written)
        kept[key] = inner if key == "enum" else _without_repetition(inner, seen)
    return kept
