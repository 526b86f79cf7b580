"""Validation of the arguments of tool calls, by the reader or by a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from tools.base import Tool

_LOWER: Final = frozenset(
    {"genres", "exclude_genres", "moods", "exclude_moods", "energy", "sort", "arc", "format"}
)
_UPPER: Final = frozenset({"keys", "harmonic_with", "levels"})


class BadArgumentsError(Exception):
    """The arguments are not valid; the message is for the model."""


def validated(tool: Tool, arguments: Mapping[str, Any]) -> BaseModel:
    """Return validated arguments for a tool.

    Models send null and "" for missing values, lists as strings, and names in any case: these
    are normalised first.

    Raises:
        BadArgumentsError: The arguments are not valid.
    """
    try:
        return tool.arguments.model_validate(tidied(tool, arguments))
    except ValidationError as error:
        raise BadArgumentsError(_describe_error(error)) from error


def tidied(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments without null and "", with lists as lists and names in their case."""
    lists = _lists_of(tool.arguments)
    cleaned: dict[str, Any] = {}
    for name, value in arguments.items():
        tidy = _tidy(name, value, wants_list=name in lists)
        if tidy not in (None, "", []):
            cleaned[name] = tidy
    return cleaned


def given_arguments(arguments: BaseModel) -> dict[str, Any]:
    """Return the arguments that were given, without defaults, JSON-able."""
    return arguments.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def _tidy(name: str, value: Any, *, wants_list: bool) -> Any:
    if isinstance(value, str):
        value = value.strip()
        if wants_list and value.startswith("["):
            value = _parsed_list(value)
    if wants_list and isinstance(value, str | int | float) and value != "":
        value = [value]
    if isinstance(value, list):
        return [_cased(name, item) for item in value if item not in (None, "")]
    return _cased(name, value)


def _parsed_list(text: str) -> Any:
    for candidate in (text, text.replace("'", '"')):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return [part.strip(" \"'") for part in text.strip("[]").split(",")]


def _cased(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _LOWER:
        return value.lower()
    return value.upper() if name in _UPPER else value


@cache
def _lists_of(arguments: type[BaseModel]) -> frozenset[str]:
    """Return the names of the arguments that are lists; making the schema takes 10 ms."""
    properties = arguments.model_json_schema().get("properties", {})
    return frozenset(name for name, schema in properties.items() if _is_list(schema))


def _is_list(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "array" or any(
        option.get("type") == "array" for option in schema.get("anyOf", ())
    )


def _describe_error(error: ValidationError) -> str:
    lines = [
        f"{'.'.join(str(part) for part in item['loc']) or 'arguments'}: {item['msg']}"
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return "; ".join(lines)[:600]
