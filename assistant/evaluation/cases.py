"""The requests of the evaluation, and the conversation in which each of them is made."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from assistant.answers import Language
from assistant.frozen_model import FrozenModel

if TYPE_CHECKING:
    from assistant.turns.conversation import Conversation
    from assistant.understanding.lexing.name_lookups import NameSource

Kind = Literal["single", "turns", "restraint", "injection"]
KINDS: Final[tuple[Kind, ...]] = ("single", "turns", "restraint", "injection")


class Earlier(FrozenModel):
    """An earlier turn: the call it led to, and the tracks (title, artist) that were shown."""

    text: str
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    tracks: tuple[tuple[str, str], ...] = ()
    playlist: str | None = None


class EvaluationCase(FrozenModel):
    """A request and the one call that is right; `accept` holds other arguments that are too.

    Attributes:
        kind: "single"; "turns" refer to turns before; "restraint" must call nothing; "injection"
            gives orders, in the request or through titles and names.
        tool: None when nothing may be called.
    """

    id: str
    kind: Kind
    language: Language
    text: str
    tool: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    accept: tuple[dict[str, Any], ...] = ()
    before: tuple[Earlier, ...] = ()

    def conversation(self, names: NameSource | None = None) -> Conversation:
        """Return the conversation after the earlier turns; their calls are known, not `names`."""
        from assistant.messages import ToolCall
        from assistant.turns.conversation import Conversation
        from assistant.understanding import ResultTrack

        talk = Conversation()
        for turn in self.before:
            tracks = [
                ResultTrack(number, title, artist)
                for number, (title, artist) in enumerate(turn.tracks, 1)
            ]
            talk.state = talk.state.after(
                turn.tool,
                turn.arguments,
                results=tracks or None,
                playlist=turn.playlist,
                language=self.language,
            )
            shown = "; ".join(f"“{title}” by {artist}" for title, artist in turn.tracks)
            call = ToolCall(name=turn.tool, arguments=turn.arguments)
            talk.add_turn(turn.text, call, shown or "Done.")
        return talk


@cache
def _text() -> str:
    return (files("assistant.evaluation") / "requests.jsonl").read_text("utf-8")


def fingerprint() -> str:
    """Return a hash of the set; a run can be resumed only on the same set."""
    return hashlib.sha256(_text().encode()).hexdigest()[:12]


def cases(limit: int | None = None) -> list[EvaluationCase]:
    """Return all requests, or `limit` of them spread evenly over all kinds."""
    found = [EvaluationCase.model_validate(json.loads(line)) for line in _text().splitlines()]
    if limit is None or limit >= len(found):
        return found
    return [found[number * len(found) // limit] for number in range(limit)]
