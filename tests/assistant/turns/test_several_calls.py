"""Turns that take more than one call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, ToolShown, TurnDone
from assistant.turns.turn import take_turn
from store.playlists.playlist_reading import newest_playlist

ALONE = Settings(use_model=False)


async def events_of(text: str, conversation: Conversation) -> list[Any]:
    return [event async for event in take_turn(text, conversation, settings=ALONE)]


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def titles() -> list[str]:
    newest = newest_playlist()
    assert newest is not None
    return [entry.track.title for entry in newest.entries]


async def test_a_track_takes_the_place_of_another(library: Path) -> None:
    conversation = Conversation()
    await events_of("make a jazz playlist", conversation)
    before = titles()
    events = await events_of("replace Slow Harbour with Iron Weather", conversation)
    assert titles() == [t if t != "Slow Harbour" else "Iron Weather" for t in before]
    assert sum(isinstance(event, ToolShown) for event in events) == 2
    assert isinstance(events[-1], TurnDone)
    assert sum(isinstance(event, TurnDone) for event in events) == 1


async def test_a_track_that_is_not_in_the_list_is_put_at_its_end(library: Path) -> None:
    conversation = Conversation()
    await events_of("make a jazz playlist", conversation)
    await events_of("put Iron Weather at the end", conversation)
    assert titles()[-1] == "Iron Weather"


async def test_two_sentences_are_two_calls_of_one_turn(library: Path) -> None:
    conversation = Conversation()
    events = await events_of("Find jazz. How many artists do I have?", conversation)
    calls = [event.call.name for event in events if isinstance(event, ToolShown)]
    assert calls == ["search_tracks", "library_status"]
    assert sum(isinstance(event, TurnDone) for event in events) == 1


async def test_a_remark_is_answered_in_two_ways(library: Path) -> None:
    conversation = Conversation()
    first = words(await events_of("my thumbs are huge haha", conversation))
    second = words(await events_of("my boss is so annoying today", conversation))
    assert first and second and first != second
    assert "did not" not in first + second


async def test_what_a_list_is_now_is_said_not_what_was_done(library: Path) -> None:
    conversation = Conversation()
    await events_of("make a jazz playlist", conversation)
    await events_of("put Slow Harbour first", conversation)
    said = words(await events_of("what's in it now?", conversation))
    assert "2 tracks" in said and "Moved" not in said
