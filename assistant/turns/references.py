"""References of a model to what was shown: T1, T2 … for tracks, P1 for the playlist."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from assistant.answers import Language
from assistant.messages import ToolCall, ToolOutcome
from assistant.model.grounding.result_facts import clean
from assistant.model.model_choice import model_sentence
from assistant.understanding import ConversationState

_REFERENCE: Final = re.compile(r"[TP]\d{1,2}")
_TOLD: Final = 6  # tracks that a prompt names; each costs a dozen tokens
_KEPT: Final = 20  # tracks that a reference may mean
_PLAYLIST: Final = "P1"
_LAST: Final = "last"


def labels_after(outcome: ToolOutcome | None, state: ConversationState) -> dict[str, str]:
    """Return reference → name after a result; empty where it showed no track.

    Args:
        outcome: The result; None for the state before a turn.
        state: The conversation after it.
    """
    facts = (outcome.facts or {}) if outcome else {"tracks": ()}
    if "tracks" in facts:
        return {f"T{n}": track.label for n, track in enumerate(state.results[:_KEPT], 1)}
    track = facts.get("track")
    if isinstance(track, Mapping) and track.get("title"):
        artist = track.get("artist")
        return {"T1": f"{track['title']} by {artist}" if artist else str(track["title"])}
    return {}


def shown_line(state: ConversationState, language: Language) -> str:
    """Return what the conversation refers to, for the prompt; titles are quoted as data."""
    tracks = [
        f"T{n} {json.dumps(clean(track.label), ensure_ascii=False)}"
        for n, track in enumerate(state.results[:_TOLD], 1)
    ]
    if state.playlist:
        name = json.dumps(clean(state.playlist), ensure_ascii=False)
        tracks.append(model_sentence(language, "playlist").format(name=name))
    return model_sentence(language, "shown").format(tracks=", ".join(tracks)) if tracks else ""


def resolved(call: ToolCall, labels: Mapping[str, str]) -> ToolCall:
    """Return a call with names in the place of references; unknown ones are left out."""
    arguments: dict[str, Any] = {}
    for name, value in call.arguments.items():
        if isinstance(value, list):
            kept = [new for item in value if (new := _resolved(item, labels)) is not None]
            if kept or not value:
                arguments[name] = kept
        elif (new := _resolved(value, labels)) is not None:
            arguments[name] = new
    return call.model_copy(update={"arguments": arguments})


def _resolved(value: Any, labels: Mapping[str, str]) -> Any:
    if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
        return value
    return _LAST if value == _PLAYLIST else labels.get(value)
