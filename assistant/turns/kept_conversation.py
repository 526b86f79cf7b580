"""A conversation as JSON and back, so that it goes on after a reload or a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from assistant.messages import ToolCall
from assistant.turns.choices import Pending
from assistant.turns.conversation import Conversation, ShownResult, TurnRecord
from assistant.understanding.dialogue.state import ConversationState
from tools.base import Rendering

_RESULTS_KEPT: Final = 4  # of those that "go back" can return to: a list may hold 200 tracks
_PLAIN: Final = ("language", "model", "refused", "answer_language", "list_id")
_PENDING: Final = TypeAdapter(Pending)
_RENDERING: Final = TypeAdapter(Rendering)
_RECORD: Final = TypeAdapter(TurnRecord)


def to_json(talk: Conversation) -> dict[str, Any]:
    """Return what the next turn needs, as JSON values; who talks is not part of it."""
    return {
        **{name: getattr(talk, name) for name in _PLAIN},
        "state": talk.state.to_json(),
        "pending": talk.pending and asdict(talk.pending),
        "chosen": talk.chosen,
        "seen": talk.seen,
        "given_notices": sorted(talk.given_notices),
        "shown": [_shown_json(shown) for shown in list(talk.shown)[-_RESULTS_KEPT:]],
        "past_turns": [_RECORD.dump_python(record, mode="json") for record in talk.past_turns],
    }


def from_json(values: Mapping[str, Any], *, person: int) -> Conversation:
    """Return the conversation that `to_json` wrote, for the person who talks.

    Values that an older or newer Backbeat wrote and this one cannot read begin it anew.
    """
    talk = Conversation(person=person)
    try:
        _restore(talk, values)
    except (ValidationError, KeyError, TypeError, ValueError, AttributeError):
        return Conversation(person=person)
    return talk


def _restore(talk: Conversation, values: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        setattr(talk, name, values.get(name, getattr(talk, name)))
    talk.state = ConversationState.from_json(values.get("state") or {})
    if pending := values.get("pending"):
        talk.pending = _PENDING.validate_python(pending)
    talk.chosen = dict(values.get("chosen") or {})
    talk.seen = tuple(values.get("seen") or ())
    talk.given_notices = set(values.get("given_notices") or ())
    talk.shown.extend(map(_shown, values.get("shown") or ()))
    talk.past_turns.extend(map(_RECORD.validate_python, values.get("past_turns") or ()))


def _shown_json(shown: ShownResult) -> dict[str, Any]:
    return {
        "call": shown.call.model_dump(mode="json"),
        "rendering": asdict(shown.rendering),
        "state": shown.state.to_json(),
    }


def _shown(values: Mapping[str, Any]) -> ShownResult:
    return ShownResult(
        ToolCall.model_validate(values["call"]),
        _RENDERING.validate_python(values["rendering"]),
        ConversationState.from_json(values["state"]),
    )
