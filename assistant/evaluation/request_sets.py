"""Sets of requests from a file: one JSON object a line, each with the calls that are right.

Fields: `text`, `language`, `kind`, `set`, `before` (the earlier requests), `conversation` (name of
the talk and number of the turn, "EN1.3"), and `expected`: the calls of which any is right, each
with `tool` (null: nothing may be called), `arguments` and `optional` arguments. A line may give
`tool` and `arguments` instead. As a value "*" stands for any value, `{"*": 1}` for any further
arguments. A line without expected calls is shown and not counted.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.answers import Language
from assistant.turns.conversation import Conversation
from assistant.understanding import ConversationState, ResultTrack, read
from assistant.understanding.lexing.name_lookups import NameSource
from prompts import FALLBACK

SHOWN: Final = (
    ResultTrack(1, "First", "A"),
    ResultTrack(2, "Second", "B"),
    ResultTrack(3, "Third", "C"),
)
"""What every earlier request of a set is taken to have found."""


class BadSetError(Exception):
    """A file is no set of requests; says which line and why."""


class ExpectedCall(BaseModel):
    """A call that is right; `tool` None when nothing may be called."""

    model_config = ConfigDict(frozen=True)

    tool: str | None
    arguments: dict[str, Any] = Field(default_factory=dict)
    optional: dict[str, Any] = Field(default_factory=dict)


class SetLine(BaseModel):
    """One request of a set; `expected` is empty or words where it cannot be counted."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    language: Language = FALLBACK
    kind: str = "request"
    before: tuple[str, ...] = ()
    expected: tuple[ExpectedCall, ...] = ()
    told: str = ""
    talk: str | None = Field(default=None, alias="conversation")

    @field_validator("before", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        """Take the texts of earlier turns that are written with their calls."""
        turns = [value] if isinstance(value, str) else value
        return [turn["text"] if isinstance(turn, dict) else turn for turn in turns]

    def conversation(self, names: NameSource | None = None) -> Conversation:
        """Return the conversation after the earlier requests, as the reader reads them."""
        talk = Conversation()
        for text in self.before:
            reading = read(text, state=talk.state, names=names)
            if reading.tool:
                talk.state = _after(talk.state, reading.tool, reading.arguments, reading.language)
        return talk


def _after(
    state: ConversationState, tool: str, arguments: dict[str, Any], language: str
) -> ConversationState:
    playlist = "New playlist" if tool == "make_playlist" else None
    return state.after(tool, arguments, results=SHOWN, playlist=playlist, language=language)


def read_set(path: Path) -> tuple[list[SetLine], str]:
    """Return the requests of a file and a hash of it. Raises BadSetError."""
    try:
        whole = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadSetError(f"{path}: not UTF-8 ({error.reason})") from error
    lines: list[SetLine] = []
    for number, line in enumerate(whole.splitlines(), 1):
        if line.strip():
            try:
                lines.append(_line(json.loads(line), str(number)))
            except (ValueError, TypeError, ValidationError) as error:
                raise BadSetError(f"{path}, line {number}: {error}") from error
    return lines, hashlib.sha256(whole.encode()).hexdigest()[:12]


def _line(found: Any, number: str) -> SetLine:
    if not isinstance(found, dict):
        raise ValueError("Expected an object")
    expected = found.get("expected")
    if expected is None and "tool" in found:
        expected = [found, *({**found, "arguments": more} for more in found.get("accept", ()))]
    countable = isinstance(expected, list)
    return SetLine.model_validate(
        {
            **found,
            "id": str(found.get("id", number)),
            "expected": expected if countable else (),
            "told": "" if countable else str(expected or ""),
        }
    )
