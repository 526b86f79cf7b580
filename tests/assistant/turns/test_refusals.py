"""Refusals: short, naming the words that failed, never the same twice."""

from typing import Any

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, Question, ToolShown
from assistant.turns.turn import take_turn
from store.playlists.playlist_reading import playlists


async def said(text: str, conversation: Conversation) -> tuple[str, list[Any]]:
    events = [
        event async for event in take_turn(text, conversation, settings=Settings(use_model=False))
    ]
    return "".join(e.text for e in events if isinstance(e, AnswerText)), events


def call_of(events: list[Any]) -> Any:
    """The call whose result was shown."""
    return next(event for event in events if isinstance(event, ToolShown)).call


async def test_the_words_are_named_and_the_second_refusal_is_another(library: Any) -> None:
    conversation = Conversation()
    first, _ = await said("frobnicate", conversation)
    second, _ = await said("wibble", conversation)
    assert "“frobnicate”" in first and "“wibble”" in second
    assert first.replace("frobnicate", "") != second.replace("wibble", "")


async def test_what_is_left_of_a_request_is_offered_and_yes_does_it(library: Any) -> None:
    conversation = Conversation()
    answer, events = await said("jazz but nothing frobnicated", conversation)
    assert "jazz" in answer and any(isinstance(e, Question) for e in events)
    _, events = await said("yes", conversation)
    shown = [e for e in events if isinstance(e, ToolShown)]
    assert [e.call.name for e in shown] == ["search_tracks"]
    assert shown[0].call.arguments == {"genres": ["jazz"]}


async def test_words_that_were_not_used_are_said(library: Any) -> None:
    answer, _ = await said("find splendiferous jazz", Conversation())
    assert "splendiferous" in answer


async def test_a_contradiction_is_explained(library: Any) -> None:
    answer, _ = await said("rock between 2000 and 1990", Conversation())
    assert answer.startswith("The lower limit lies above")


async def test_a_change_of_what_was_not_understood_is_asked_about(library: Any) -> None:
    conversation = Conversation()
    await said("what did I frobnicate recently?", conversation)
    answer, events = await said("only the jazz ones", conversation)
    assert "before that" in answer and not any(isinstance(e, ToolShown) for e in events)
    _, events = await said("yes", conversation)
    assert call_of(events).arguments["genres"] == ["jazz"]


async def test_a_word_nobody_knows_leaves_the_list_before_in_place(library: Any) -> None:
    conversation = Conversation()
    await said("jazz", conversation)
    await said("flibber it", conversation)
    _, events = await said("slower", conversation)
    assert call_of(events).arguments["genres"] == ["jazz"]


async def test_what_is_said_after_an_offer_changes_the_offer(library: Any) -> None:
    conversation = Conversation()
    await said("make a metal playlist", conversation)
    await said("jazz but nothing frobnicated", conversation)
    _, events = await said("only from the 60s", conversation)
    call = call_of(events)
    assert call.name == "search_tracks" and call.arguments["genres"] == ["jazz"]
    assert [playlist.name for playlist in playlists()] == ["Metal"]


async def test_a_place_behind_the_end_of_the_list_is_told(library: Any) -> None:
    conversation = Conversation()
    await said("jazz", conversation)
    for text in ("what mixes with the ninth one?", "play the ninth one"):
        answer, events = await said(text, conversation)
        assert answer == "The list above has only 2 tracks."
        assert not any(isinstance(event, ToolShown) for event in events)
