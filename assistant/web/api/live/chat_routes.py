"""/api/chat: a turn of a conversation, streamed as server-sent events or as one reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Request
from pydantic import Field
from sse_starlette import EventSourceResponse, ServerSentEvent

import prompts
from assistant.settings import current
from assistant.turns.conversation import Conversation
from assistant.turns.turn import take_turn
from assistant.web.api.live import kept_turns
from assistant.web.api.live.turn_events import TurnCollector, TurnReply, event_values
from assistant.web.contract.media import events_of
from assistant.web.contract.shapes import Body
from assistant.web.session_person import person_of

router = APIRouter(prefix="/api", tags=["chat"])

Named = tuple[str, dict[str, Any]]
"""Name and values of an event."""

_answering: Final[set[str]] = set()
"""Conversations that answer now: a second message would overtake the first."""
_BEGUN: Final[Named] = ("begun", {})
"""The conversation is taken: nothing is sent of it."""
_STREAM: Final = events_of(
    "What happens in the turn, each with a JSON object; `done` is the last one.",
    "step", "progress", "result", "failed", "question", "text", "notice", "paused", "done",
)  # fmt: skip


class ChatMessage(Body):
    """What a person says; `conversation` is that of an earlier reply, to go on with it.

    With `stream` false the reply is one JSON object instead of events.
    """

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    conversation: Annotated[str | None, Field(pattern=r"^[0-9a-f-]{36}$")] = None
    language: Annotated[str | None, Field(max_length=20)] = None
    stream: bool = True


@router.post("/chat", response_model=TurnReply, responses=_STREAM)
async def chat(request: Request, said: ChatMessage) -> Any:
    """Answer a message: it may search, play, make playlists and charts like the page's chat."""
    found = await asyncio.to_thread(kept_turns.take_up, said.conversation, person_of(request))
    if found is None:
        raise HTTPException(404, "There is no such conversation.")
    number, talk = found
    if said.language is not None:
        talk.language = prompts.language_for(said.language) or talk.language
    turn = _turn(number, talk, said.text)
    await anext(turn)
    if said.stream:
        return EventSourceResponse(_sent(turn))
    record = TurnCollector(number)
    async with aclosing(turn):
        async for name, values in turn:
            record.add(name, values)
    return record.reply()


async def _sent(turn: AsyncGenerator[Named, None]) -> AsyncGenerator[ServerSentEvent, None]:
    async with aclosing(turn):
        async for name, values in turn:
            yield ServerSentEvent(json.dumps(values, ensure_ascii=False), event=name)


async def _turn(number: str, talk: Conversation, text: str) -> AsyncGenerator[Named, None]:
    """Yield `_BEGUN`, then the events of a turn; the last one comes when the turn is kept.

    Raises:
        HTTPException: 409, the conversation is answering; before anything is yielded.
    """
    record = TurnCollector(number)
    if number in _answering:
        raise HTTPException(409, "This conversation is answering: wait for its end.")
    _answering.add(number)
    try:
        yield _BEGUN
        async with aclosing(take_turn(text, talk, settings=current())) as events:
            async for event in events:
                name, values = event_values(event)
                record.add(name, values)
                if name == "done":
                    values = {**values, "conversation": number, "answer": record.answer}
                    keep = kept_turns.keep
                    await asyncio.to_thread(keep, number, talk, asked=text, answer=record.answer)
                yield name, values
    finally:
        _answering.discard(number)
