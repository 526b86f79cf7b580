"""Turns that need no model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import (
    AnswerText,
    ToolFailed,
    ToolShown,
    ToolStarted,
    TurnDone,
    TurnNotice,
)
from assistant.turns.turn import take_turn, understand_line

ALONE = Settings(use_model=False)


async def ask(text: str, conversation: Conversation, settings: Settings = ALONE) -> list[Any]:
    return [event async for event in take_turn(text, conversation, settings=settings)]


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def titles(events: list[Any]) -> list[str]:
    shown = next(event for event in events if isinstance(event, ToolShown))
    return [track["title"] for track in shown.rendering.data["tracks"]]


async def test_a_search_shows_tracks_and_says_so(library: Path) -> None:
    events = await ask("jazz please", Conversation())
    assert isinstance(events[0], ToolStarted)
    assert events[0].call.arguments == {"genres": ["jazz"]}
    assert set(titles(events)) == {"Slow Harbour", "Paper Boats"}
    assert "2" in words(events)
    assert events[-1] == TurnDone("reader", "en", "search_tracks")


async def test_french_is_answered_in_french(library: Path) -> None:
    events = await ask("du jazz s'il te plaît", Conversation())
    assert events[-1].language == "fr"
    assert "morceaux" in words(events)


async def test_a_fixed_language_wins(library: Path) -> None:
    events = await ask("jazz please", Conversation(language="fr"))
    assert events[-1].language == "fr"


async def test_follow_ups_refine_the_last_query(library: Path) -> None:
    conversation = Conversation()
    await ask("metal", conversation)
    events = await ask("without Halde", conversation)
    assert conversation.state.query["exclude_artists"] == ["Halde"]
    assert "Iron Weather" not in words(events)


async def test_the_second_one_is_the_second_shown(library: Path) -> None:
    conversation = Conversation()
    shown = titles(await ask("jazz sorted by bpm", conversation))
    events = await ask("tell me about the second one", conversation)
    detail = next(event for event in events if isinstance(event, ToolShown))
    assert detail.rendering.data["track"]["title"] == shown[1]


async def test_an_unclear_name_is_asked_back_and_answered(library: Path) -> None:
    conversation = Conversation()
    await ask("tell me about Ladder", conversation)
    assert conversation.pending is not None
    assert len(conversation.pending.choices) == 2
    events = await ask("7", conversation)
    assert "2" in words(events)
    events = await ask("the one by Halde", conversation)
    detail = next(event for event in events if isinstance(event, ToolShown))
    assert detail.rendering.data["track"]["artist"] == "Halde"
    assert conversation.pending is None


async def test_another_request_drops_the_question(library: Path) -> None:
    conversation = Conversation()
    await ask("tell me about Ladder", conversation)
    events = await ask("jazz please", conversation)
    assert set(titles(events)) == {"Slow Harbour", "Paper Boats"}
    assert conversation.pending is None


async def test_an_unknown_track_offers_the_nearest(library: Path) -> None:
    events = await ask("tell me about Paper Bots", Conversation())
    failed = [event for event in events if isinstance(event, ToolFailed)]
    shown = [event for event in events if isinstance(event, ToolShown)]
    assert "Paper Boats" in (failed[0].choices[0] if failed else str(shown[0].rendering.data))


@pytest.mark.parametrize(
    ("text", "part"),
    [("hello", "drum chart"), ("bonjour", "partition"), ("help", "playlist"), ("merci", "plaisir")],
)
async def test_small_talk(library: Path, text: str, part: str) -> None:
    events = await ask(text, Conversation())
    assert part in words(events)
    assert events[-1].by == "reader"


async def test_what_nobody_understands_gets_an_honest_answer(library: Path) -> None:
    events = await ask("why is the sky made of trombones?", Conversation())
    assert events[-1].by == "none"
    assert "as something I can do" in words(events)
    assert "help" in words(events)


@pytest.mark.parametrize("text", ["", "   \n", "x" * 1001])
async def test_nothing_and_too_much(library: Path, text: str) -> None:
    events = await ask(text, Conversation())
    assert words(events)
    assert events[-1].by == "none"


async def test_an_empty_library_says_so(empty_library: Path) -> None:
    events = await ask("jazz please", Conversation())
    assert words(events).startswith("The library is empty.")
    assert isinstance(events[-1], TurnDone)


async def test_no_server_is_told_once(library: Path) -> None:
    settings = Settings(ollama_host="http://127.0.0.1:9")
    conversation = Conversation()
    first = await ask("why is the sky made of trombones?", conversation, settings)
    second = await ask("and of what are trombones made?", conversation, settings)
    told = [event for event in first + second if isinstance(event, TurnNotice)]
    assert len(told) == 1
    assert "ollama serve" in told[0].text
    assert first[-1].by == second[-1].by == "none"


async def test_understand_line_executes_nothing(empty_library: Path) -> None:
    line = await understand_line("playlist of 20 songs around 120 bpm", True, settings=ALONE)
    assert line == {
        "text": "playlist of 20 songs around 120 bpm",
        "language": "en",
        "tool": "make_playlist",
        "arguments": {"limit": 20, "bpm_min": 114, "bpm_max": 126},
        "unread": [],
        "by": "reader",
    }
    lost = await understand_line("why is the sky made of trombones?", True, settings=ALONE)
    assert (lost["tool"], lost["by"]) == (None, "none")


async def test_a_title_of_two_artists_is_for_the_tool_to_ask_about(library: Path) -> None:
    line = await understand_line("drum chart of Ladder", settings=ALONE)
    assert (line["tool"], line["arguments"]) == ("generate_drum_chart", {"track": "Ladder"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("chart Iron Weather at 168 bpm", "backbeat chart FILE --bpm 168"),
        ("partition de batterie de Iron Weather à 92,5 bpm", "backbeat chart FICHIER --bpm 92.5"),
    ],
)
async def test_a_tempo_said_for_a_chart_is_answered(library: Path, text: str, told: str) -> None:
    events = await ask(text, Conversation())
    started = next(event for event in events if isinstance(event, ToolStarted))
    assert started.call.arguments == {"track": "Iron Weather"}
    assert told in words(events)
    assert "--bpm" not in words(await ask("chart Iron Weather", Conversation()))
