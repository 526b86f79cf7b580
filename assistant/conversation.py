"""What is remembered between the turns of one conversation."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from assistant.answers import Language
from assistant.choices import Pending
from assistant.messages import Message, ToolCall
from assistant.understanding.state import ConversationState, ResultTrack
from tools.base import ToolResult

_REMEMBERED: Final = 2  # exchanges that a model gets to see; its prompt is slow to read


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it."""

    request: str
    call: ToolCall | None
    answer: str


@dataclass
class Conversation:
    """State in code, so that "slower" or "the second one" work with and without a model.

    Attributes:
        state: What the reader needs of the turns before.
        language: Fixed by the person in the settings; None: that of each request.
        model: Chosen by the person in the settings; None: that of the settings.
        told: Notices given already, so that each is given once.
        spoken: Language of the last answer.
    """

    state: ConversationState = field(default_factory=ConversationState)
    language: Language | None = None
    model: str | None = None
    pending: Pending | None = None
    told: set[str] = field(default_factory=set)
    spoken: Language | None = None
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def history(self) -> list[Message]:
        """The last exchanges as a model reads them."""
        messages: list[Message] = []
        for number, exchange in enumerate(self.exchanges):
            messages.append(Message(role="user", content=exchange.request))
            if exchange.call is None:
                messages.append(Message(role="assistant", content=exchange.answer))
                continue
            call = exchange.call.model_copy(update={"id": f"past-{number}"})
            messages.append(Message(role="assistant", tool_calls=(call,)))
            messages.append(
                Message(role="tool", name=call.name, tool_call_id=call.id, content=exchange.answer)
            )
        return messages

    def learn(self, call: ToolCall, result: ToolResult, language: Language) -> None:
        """Take over what a tool found."""
        tracks = result.facts.get("tracks")
        shown = tracks if isinstance(tracks, list) else None
        self.state = self.state.after(
            call.name,
            call.arguments,
            results=None
            if shown is None
            else [ResultTrack(t["id"], t["title"], t.get("artist") or "") for t in shown],
            playlist=result.playlist,
            language=language,
        )

    def remember(self, request: str, call: ToolCall | None, answer: str) -> None:
        """Keep an exchange for the model."""
        self.exchanges.append(Exchange(request[:300], call, answer[:300]))
