"""The tools' JSON schemas, shortened: the time to read a prompt grows with its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.base import Tool, schema

_DROPPED: Final = frozenset(
    [
        *("title", "default", "pattern", "minLength", "maxLength"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    ]
)
ANSWER: Final = "answer"
"""The call that says something instead of doing something."""
CALLS_AT_ONCE: Final = 3
_LONG: Final = 8  # choices; a longer list is written once and referred to afterwards


def short_schemas(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """Return function schemas of all tools, the same bytes every time.

    Limits, defaults and "or null" are dropped, since arguments are validated anyway; a long list
    of choices (genres, moods), and what is said of an argument, is written only once.
    """
    seen: set[tuple[str, ...]] = set()
    return [_without_repetition(_short(schema(tool)), seen) for tool in tools]


def reply_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """Return the schema of a reply: up to three calls, of which `answer` is one.

    A server that constrains replies by it compiles it to a grammar. Every argument that a tool
    does not need may be left out; definitions that tools share are written once.
    """
    shared = _shared_fields(tools)
    calls = [_call(tool.name, _arguments(tool, shared)) for tool in tools]
    calls.append(_call(ANSWER, _object({"text": {"type": "string"}}, required=("text",))))
    listed = {"type": "array", "items": {"anyOf": calls}, "minItems": 1, "maxItems": CALLS_AT_ONCE}
    reply = _object({"calls": listed, "read": {"type": "boolean"}}, required=("calls",))
    return {**reply, "$defs": shared}


def fields_of(tool: Tool) -> dict[str, Any]:
    """Return the arguments of a tool: name → shortened schema."""
    return _short(schema(tool))["function"]["parameters"].get("properties", {})


def _arguments(tool: Tool, shared: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        name: {"$ref": f"#/$defs/{name}"} if shared.get(name) == bare else bare
        for name, field in fields_of(tool).items()
        if (bare := _bare(field))
    }
    needed = schema(tool)["function"]["parameters"].get("required", ())
    return _object(fields, required=tuple(needed))


def _shared_fields(tools: Sequence[Tool]) -> dict[str, Any]:
    """Return the fields that more than one tool has in the same form."""
    shared: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    for tool in tools:
        for name, field in fields_of(tool).items():
            bare = _bare(field)
            if seen.setdefault(name, bare) is not bare and seen[name] == bare:
                shared[name] = bare
    return shared


def _bare(field: Any) -> Any:
    """Return a field as a grammar needs it: no descriptions, no empty lists."""
    bare = {key: value for key, value in field.items() if key not in ("description", "format")}
    if bare.get("type") == "array":
        bare = {**bare, "items": _bare(bare.get("items", {})), "minItems": 1, "maxItems": _LONG}
    return bare


def _call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return _object(
        {"tool": {"type": "string", "enum": [name]}, "arguments": arguments},
        required=("tool", "arguments"),
    )


def _object(properties: dict[str, Any], *, required: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


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
