"""Calls of tools in one line of text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def call_words(name: str, arguments: Mapping[str, Any]) -> str:
    """Return a call as `tool(argument=value, …)`."""
    return f"{name}({argument_words(arguments)})"


def argument_words(arguments: Mapping[str, Any]) -> str:
    """Return arguments as `argument=value, …`."""
    return ", ".join(f"{name}={value_words(value)}" for name, value in arguments.items())


def value_words(value: object) -> str:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False)
