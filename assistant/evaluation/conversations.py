"""Whole conversations, turn by turn as in the chat: the tools run on a real library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.evaluation.call_matching import MatchVerdict
from assistant.evaluation.request_sets import SetLine
from assistant.settings import Settings
from assistant.turns import events
from assistant.turns.conversation import Conversation
from assistant.turns.turn import take_turn

_TITLES: Final = 3
"""So many of the tracks shown are recorded; enough to see what "the second one" is."""


@dataclass(slots=True)
class TalkTurn:
    """One turn and what came of it.

    Attributes:
        calls: The calls that ran, with their valid arguments.
        errors: What failed calls reported.
        titles: The first tracks that were shown.
        choices: What a question back offers.
        by: Which part answered.
    """

    line: SetLine
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    choices: tuple[str, ...] = ()
    answer: str = ""
    by: str = "none"
    verdict: MatchVerdict | None = None

    @property
    def first_line(self) -> str:
        """The first line of the answer."""
        return self.answer.strip().split("\n")[0]

    def add(self, event: events.TurnEvent) -> None:
        """Add an event of the turn."""
        match event:
            case events.AnswerText(text):
                self.answer += text
            case events.Question(choices):
                self.choices = choices
            case events.ToolShown(call, rendering):
                self.calls.append((call.name, dict(call.arguments)))
                shown = rendering.data.get("tracks")
                if isinstance(shown, Sequence):
                    self.titles = [str(track.get("title")) for track in shown[:_TITLES]]
            case events.ToolFailed(call, message, choices):
                self.calls.append((call.name, dict(call.arguments)))
                self.errors.append(message)
                self.choices = choices
            case events.TurnDone(by):
                self.by = by
            case _:
                pass


def conversations(lines: Iterable[SetLine]) -> list[list[SetLine]]:
    """Return the turns of each conversation in order; "EN1.3" is the third turn of "EN1"."""
    found: dict[str, list[tuple[float, SetLine]]] = {}
    for line in lines:
        if line.talk:
            name, _, place = line.talk.rpartition(".")
            number = float(place) if name and place.isdecimal() else float("inf")
            found.setdefault(name or line.talk, []).append((number, line))
    return [
        [line for _, line in sorted(turns, key=lambda turn: turn[0])] for turns in found.values()
    ]


async def hold(talk: Sequence[SetLine], settings: Settings) -> list[TalkTurn]:
    """Take all turns of one conversation; playlists are saved in the data folder."""
    conversation = Conversation()
    turns = []
    for line in talk:
        turn = TalkTurn(line)
        async for event in take_turn(line.text, conversation, settings=settings):
            turn.add(event)
        turns.append(turn)
    return turns
