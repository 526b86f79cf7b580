"""Responses that are files, as the description of the API tells them."""

from __future__ import annotations

from typing import Any, Final

Responses = dict[int | str, dict[str, Any]]

_JSON: Final = {"schema": {"type": "object", "properties": {}}}
"""A file of another program's format."""


def files_of(*media_types: str, ranges: bool = False) -> Responses:
    """Return the responses of a route that sends a file of one of these types."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {name: _JSON if name == "application/json" else binary for name in media_types}
    found: Responses = {200: {"content": content}}
    if ranges:
        found[206] = {"content": content, "description": "The part that was asked for"}
    return found


def events_of(words: str, *names: str) -> Responses:
    """Return the responses of a route that sends server-sent events of these names."""
    event = {
        "type": "object",
        "description": words,
        "properties": {
            "event": {"type": "string", "enum": list(names)},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
    }
    return {200: {"content": {"text/event-stream": {"schema": event}}}}


ZIP: Final = files_of("application/zip", ranges=True)
PICTURE: Final = files_of("image/*")
AUDIO: Final = files_of("audio/*", ranges=True)
