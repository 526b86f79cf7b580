"""Requests that take more than one call: "chart the first and the third", "replace A by B"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.understanding.named.kinds import Kind

Call = tuple[str, Mapping[str, Any]]


def calls_of(
    kind: Kind, names: Sequence[str], fixed: Mapping[str, Any], places: Mapping[str, int]
) -> list[Call]:
    """Return the calls of a request, at least one.

    Args:
        kind: What is asked.
        names: The tracks it names, in order.
        fixed: Arguments without the tracks.
        places: Places of tracks in the list shown, from 1.
    """
    if kind.calls == "replace":
        old, new = names
        at = {"position": places[old]} if old in places else {}
        added = {**fixed, "action": "add", "tracks": [new], **at}
        return [(kind.tool, added), (kind.tool, {**fixed, "action": "remove", "tracks": [old]})]
    if kind.calls == "each" and len(names) > 1:
        first, *others = names
        later = {"when": "end"} if kind.tool == "play_music" else {}
        return [
            (kind.tool, {kind.track: first, **fixed}),
            *((kind.tool, {kind.track: name, **fixed, **later}) for name in others),
        ]
    tracks = {kind.track: list(names) if kind.several else names[0]} if names else {}
    return [(kind.tool, {**tracks, **fixed})]
