"""A follow-up changes the playlist that was just made: no second one is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText
from assistant.turns.turn import take_turn
from store.people import player
from store.playlists.playlist_reading import newest_playlist, playlists

ALONE = Settings(use_model=False)


async def say(text: str, conversation: Conversation) -> str:
    events: list[Any] = [e async for e in take_turn(text, conversation, settings=ALONE)]
    return "".join(event.text for event in events if isinstance(event, AnswerText))


async def talk(*texts: str) -> Conversation:
    conversation = Conversation()
    for text in texts:
        await say(text, conversation)
    return conversation


def tracks() -> list[str]:
    newest = newest_playlist()
    assert newest is not None
    return [entry.track.title for entry in newest.entries]


async def test_it_is_changed_in_place_and_named_anew(library: Path) -> None:
    conversation = await talk("make a playlist of 6 songs")
    assert await say("no jazz", conversation)
    assert len(playlists()) == 1
    assert not {"Paper Boats", "Slow Harbour"} & set(tracks())
    said = await say("only metal", conversation)
    assert "Metal" in said and "is now" in said
    assert [playlist.name for playlist in playlists()] == ["Metal"]


async def test_undo_brings_tracks_name_and_request_back(library: Path) -> None:
    conversation = await talk("make a jazz playlist")
    before = tracks()
    await say("metal instead", conversation)
    assert tracks() != before
    await say("undo", conversation)
    assert tracks() == before
    assert [playlist.name for playlist in playlists()] == ["Jazz"]
    assert conversation.state.query["genres"] == ["jazz"]


async def test_what_was_done_by_hand_stays(library: Path) -> None:
    conversation = await talk(
        "make a playlist of 4 songs", "remove number 1", "add Paper Boats", "add Iron Weather"
    )
    gone = set(tracks())
    await say("instrumental", conversation)
    assert len(playlists()) == 1
    assert {"Paper Boats", "Iron Weather"} <= gone & set(tracks())


async def test_a_name_that_was_given_stays(library: Path) -> None:
    conversation = await talk("make a jazz playlist", "call it Sunday")
    await say("metal instead", conversation)
    assert [playlist.name for playlist in playlists()] == ["Sunday"]


async def test_another_playlist_is_another(library: Path) -> None:
    conversation = await talk("make a jazz playlist")
    await say("now make a metal playlist", conversation)
    assert {playlist.name for playlist in playlists()} == {"Jazz", "Metal"}
    await say("another playlist like that", conversation)
    assert len(playlists()) == 3


async def test_undo_takes_back_a_shuffle(library: Path) -> None:
    conversation = await talk("play jazz", "play Iron Weather next")
    before = player.player(1).queue
    await say("shuffle on", conversation)
    await say("undo", conversation)
    assert player.player(1).queue == before
    assert not player.player(1).shuffle
