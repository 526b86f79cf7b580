"""What a model may change: only what the person's own words ask for."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import prompts
from assistant.messages import ToolCall
from assistant.model.grounding.evidence import Evidence
from tools.base import Tool

_OBJECTS: Final = ("playlist", "track", "tracks", "album", "artists", "albums")
_LAST: Final = "last"
_STOPPED_AT_ONCE: Final = frozenset({"play_music", "control_player"})
"""Music that nobody asked for can be stopped; nothing is lost by it."""


def changes(tool: Tool) -> bool:
    """Return whether a tool changes, deletes, makes or plays something."""
    return bool(getattr(tool, "changes", False)) or tool.name in _verbs()


def is_asked_for(call: ToolCall, said: Evidence, *, has_read: bool) -> bool:
    """Return whether the verb of a call stands in the person's own words.

    Args:
        call: A call that changes something.
        said: The person's words; titles that were shown are none.
        has_read: The model has read titles: then the object of the call must be said too.
    """
    if not has_read and call.name in _STOPPED_AT_ONCE:
        return True
    return _verb_is_said(call, said) and (not has_read or _object_is_said(call, said))


def _verb_is_said(call: ToolCall, said: Evidence) -> bool:
    action = str(call.arguments.get("action", ""))
    table = _verbs().get(call.name, {})
    phrases = table.get(action or "any", ())
    if phrases:
        return said.has_any(phrases)
    named = action or call.name
    return any(said.has_words(part) for part in named.split("_"))


def _object_is_said(call: ToolCall, said: Evidence) -> bool:
    named: list[Any] = []
    for name in _OBJECTS:
        value = call.arguments.get(name)
        named += value if isinstance(value, list) else [value] if value else []
    pointed = said.has_any(_references())
    return all(said.says_name(str(each)) or pointed for each in named if str(each).lower() != _LAST)


@cache
def _verbs() -> dict[str, dict[str, tuple[str, ...]]]:
    """Tool → action, or "any" → phrases, in all languages together."""
    verbs: dict[str, dict[str, tuple[str, ...]]] = {}
    for name in prompts.languages():
        for tool, actions in prompts.load("model", name)["verb"].items():
            known = verbs.setdefault(tool, {})
            for action, phrases in actions.items():
                known[action] = (*known.get(action, ()), *phrases)
    return verbs


@cache
def _references() -> tuple[str, ...]:
    return tuple(
        phrase
        for name in prompts.languages()
        for phrase in prompts.load("model", name)["references"]["words"]
    )
