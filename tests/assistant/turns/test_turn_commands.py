"""Back, again, why, play, add and remove: what is asked of the conversation itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnalysisPaused, AnswerText, ToolShown, TurnDone
from assistant.turns.turn import take_turn
from store.jobs import indexer_state
from store.playlists.playlist_reading import playlist_asked, playlists

ALONE = Settings(use_model=False)


async def ask(text: str, conversation: Conversation) -> list[Any]:
    return [event async for event in take_turn(text, conversation, settings=ALONE)]


async def after(*texts: str) -> Conversation:
    conversation = Conversation()
    for text in texts:
        await ask(text, conversation)
    return conversation


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def titles(events: list[Any]) -> list[str]:
    shown = next(event for event in events if isinstance(event, ToolShown))
    return [track["title"] for track in shown.rendering.data["tracks"]]


def saved(name: str = "last") -> list[str]:
    playlist = playlist_asked(name)
    assert playlist is not None
    return [entry.track.title for entry in playlist.entries]


async def test_back_shows_the_list_before_and_refines_that(library: Path) -> None:
    conversation = await after("jazz sorted by bpm", "metal")
    events = await ask("go back", conversation)
    assert titles(events) == ["Slow Harbour", "Paper Boats"]
    assert conversation.state.query["genres"] == ["jazz"]
    assert isinstance(events[-1], TurnDone)


async def test_back_with_nothing_before_says_so(library: Path) -> None:
    conversation = await after("jazz")
    assert "nothing" in words(await ask("undo", conversation))
    assert conversation.state.query["genres"] == ["jazz"]


async def test_why_gives_the_stored_reasons(library: Path) -> None:
    conversation = await after("jazz sorted by bpm", "make a playlist of these")
    said = words(await ask("why number 2?", conversation))
    assert titles_of(conversation)[1] in said
    assert "7A" in said
    assert "7B" in said


def titles_of(conversation: Conversation) -> list[str]:
    return [track.title for track in conversation.state.results]


async def test_play_shows_one_track(library: Path) -> None:
    conversation = await after("jazz sorted by bpm")
    assert titles(await ask("play the second one", conversation)) == ["Paper Boats"]
    assert len(conversation.state.results) == 2


async def test_a_track_of_a_search_goes_into_the_playlist(library: Path) -> None:
    conversation = await after("make a playlist of jazz", "ambient")
    await ask("add number 1 to my playlist", conversation)
    assert saved()[-1] == "Glass Garden"


async def test_an_unclear_title_is_asked_back_before_it_is_added(library: Path) -> None:
    conversation = await after("make a playlist of jazz")
    await ask("add Ladder to my playlist", conversation)
    assert "Ladder" not in saved()
    await ask("the one by Halde", conversation)
    assert saved()[-1] == "Ladder"


async def test_what_was_removed_comes_back(library: Path) -> None:
    conversation = await after("make a playlist of jazz")
    before = saved()
    await ask("remove the last", conversation)
    assert saved() == before[:-1]
    await ask("undo", conversation)
    assert saved() == before


async def test_a_named_playlist_is_changed(library: Path) -> None:
    conversation = await after("make a playlist called Sunday with jazz", "make a metal playlist")
    count = len(saved("Sunday"))
    await ask("remove number 1 from the playlist Sunday", conversation)
    assert len(saved("Sunday")) == count - 1


async def test_each_undo_takes_one_change_back(library: Path) -> None:
    conversation = await after(
        "ambient", "make a playlist of jazz", "add Iron Weather to my playlist"
    )
    await ask("remove number 1", conversation)
    assert len(saved()) == 2
    assert "as it was before" in words(await ask("undo", conversation))
    assert len(saved()) == 3
    await ask("undo", conversation)
    assert len(saved()) == 2
    assert titles(await ask("undo", conversation)) == ["Glass Garden"]


async def test_edits_change_the_playlist_and_make_no_other(library: Path) -> None:
    conversation = await after("make a playlist called Sunday with jazz")
    for text in ("add Iron Weather to my playlist", "remove number 1", "undo"):
        await ask(text, conversation)
    assert [each.name for each in playlists()] == ["Sunday"]


async def test_a_place_of_a_playlist_that_is_not_shown(library: Path) -> None:
    conversation = await after("make a playlist called Sunday with jazz", "metal")
    _, second = saved("Sunday")
    await ask("remove number 1 from the playlist Sunday", conversation)
    assert saved("Sunday") == [second]


async def test_a_number_still_means_the_track_shown_before_an_error(library: Path) -> None:
    shown = ["Slow Harbour", "Paper Boats"]
    for wrong in (
        "make a playlist of classical",
        "tell me about Iron Wether Song",
        "add Zzyx to my playlist",
    ):
        conversation = await after("jazz sorted by bpm", wrong)
        assert titles_of(conversation) == shown
        assert titles(await ask("play number 2", conversation)) == ["Paper Boats"], wrong


async def test_what_is_shown_is_exported_and_not_an_older_playlist(library: Path) -> None:
    conversation = await after("make a playlist called Sunday with jazz", "metal")
    events = await ask("export it as xspf", conversation)
    assert "I saved the tracks shown as the playlist “Halde”" in words(events)
    assert sorted(saved("Halde")) == ["Iron Weather", "Ladder"]
    again = words(await ask("export it as m3u8", conversation))
    assert "“Halde”" in again and "I saved" not in again
    assert len(playlists()) == 2


@pytest.mark.parametrize(
    ("before", "text"), [("jazz", "remove number 1"), ("du jazz", "enlève le 1")]
)
async def test_a_track_taken_from_a_search_is_left_out(
    library: Path, before: str, text: str
) -> None:
    conversation = await after(before)
    first = titles_of(conversation)[0]
    await ask(text, conversation)
    assert first not in titles_of(conversation)


@pytest.mark.parametrize(
    ("before", "text", "part"),
    [
        ("jazz", "add number 1 to my playlist", "no playlist"),
        ("make a playlist of jazz", "remove number 40", "2 tracks"),
        ("jazz", "play number 12", "2"),
        ("make a playlist of jazz", "remove number 1 from the playlist Nowhere", "Nowhere"),
    ],
)
async def test_what_cannot_be_done_is_said(
    library: Path, before: str, text: str, part: str
) -> None:
    conversation = await after(before)
    events = await ask(text, conversation)
    assert part in words(events)
    assert events[-1].by == "reader"


@pytest.mark.parametrize(
    ("pause", "resume", "said"),
    [
        ("pause the analysis", "resume the indexing", ("is paused", "goes on")),
        ("mets l'analyse en pause", "reprends l'analyse", ("est en pause", "reprend.")),
    ],
)
async def test_the_analysis_is_paused_and_resumed_in_words(
    library: Path, pause: str, resume: str, said: tuple[str, str]
) -> None:
    indexer_state.record_heartbeat()
    conversation = Conversation()
    events = await ask(pause, conversation)
    assert indexer_state.paused_by_owner() and said[0] in words(events)
    assert any(isinstance(event, AnalysisPaused) for event in events)
    events = await ask(resume, conversation)
    assert not indexer_state.paused_by_owner() and said[1] in words(events)


async def test_resuming_tells_what_still_keeps_the_analysis(library: Path) -> None:
    assert "backbeat watch" in words(await ask("resume the analysis", Conversation()))
    indexer_state.record_heartbeat()
    indexer_state.set_resting("too_hot")
    assert "cooled down" in words(await ask("resume the analysis", Conversation()))
