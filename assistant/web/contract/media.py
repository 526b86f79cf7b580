"""Responses that are files, as the description of the API tells them."""

from __future__ import annotations

from typing import Any, Final

Responses = dict[int | str, dict[str, Any]]


def files_of(*media_types: str, ranges: bool = False) -> Responses:
    """Return the responses of a route that sends a file of one of these types."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys(media_types, binary)
    found: Responses = {200: {"content": content}}
    if ranges:
        found[206] = {"content": content, "description": "The part that was asked for"}
    return found


ZIP: Final = files_of("application/zip", ranges=True)
PICTURE: Final = files_of("image/*")
AUDIO: Final = files_of("audio/*", ranges=True)
