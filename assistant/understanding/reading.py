"""Result of reading a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.understanding.button_commands import Command
from assistant.understanding.parsing.doubts import Doubt

ReplyKind = Literal["help", "thanks", "goodbye", "greeting"]


@dataclass(frozen=True)
class Reading:
    """The result of reading a request.

    Attributes:
        text: The request.
        language: The one it was read in.
        tool: Name of the tool to call; None when nothing is certain.
        arguments: Only what was said, valid for the tool.
        confident: True when every word was understood.
        partial: The parsed part of a deferred request, as a hint for the model.
        choices: Names that are as likely to be meant; the person is to be asked.
        reply_kind: Set when a fixed reply is the whole answer.
        command: Something asked of the conversation itself, which no tool does.
        chart_bpm: A tempo said for a chart, which the tool does not take.
        chart_again: Whether a chart is to be made again where an older one is there.
        doubts: Why a deferred request is not certain.
        unread: Words that were not used, as typed.
        entities: Ids of tracks by the name that an argument carries.
        more: Whether the same query goes on behind what was shown.
        from_shown: Whether only the tracks shown last are meant.
        places: Places in the list shown last, from 1, where only these of its tracks are meant.
        edits: Whether the call is the last query with a change.
        then: Later sentences of the turn, to be read after the call.
        also: Further calls of the same request, (tool, arguments) in order.
    """

    text: str
    language: str
    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    confident: bool = False
    partial: dict[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    reply_kind: ReplyKind | None = None
    command: Command | None = None
    chart_bpm: float | None = None
    chart_again: bool = False
    doubts: tuple[Doubt, ...] = ()
    unread: tuple[str, ...] = ()
    entities: Mapping[str, int] = field(default_factory=dict)
    more: bool = False
    from_shown: bool = False
    places: tuple[int, ...] = ()
    edits: bool = False
    then: str = ""
    also: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the reader alone can answer."""
        return bool(self.confident or self.reply_kind or self.command or self.choices)
