"""Models that fail, invent or overdo, against a local server with Ollama's wire format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.turns import model_turn
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, ToolShown, TurnDone, TurnNotice
from assistant.turns.turn import take_turn

ODD = "jazz but only when it rains outside"  # the reader defers it


async def ask(text: str, conversation: Conversation, settings: Settings) -> list[Any]:
    return [event async for event in take_turn(text, conversation, settings=settings)]


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def shown(events: list[Any]) -> list[ToolShown]:
    return [event for event in events if isinstance(event, ToolShown)]


async def test_an_argument_that_nobody_asked_for_is_dropped(
    library: Path, ollama: Any, settings: Settings
) -> None:
    made_up = {"artists": ["The Beatles"], "keys": ["8A", "8B"], "year_min": 1960}
    ollama.replies += [ollama.chooses(("search_tracks", made_up))]
    events = await ask("oh just surprise me, will you, my dear friend", Conversation(), settings)
    assert shown(events)[0].call.arguments == {"sort": "random"}


async def test_a_search_for_nothing_that_was_said_is_a_question(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [ollama.chooses(("make_playlist", {"genres": ["pop"], "duration_min": 60}))]
    events = await ask("order a pair of shoes for me", Conversation(), settings)
    assert not shown(events)
    assert words(events) == "What would you like to hear: a mood, a style, an artist?"


async def test_a_deed_that_was_not_done_is_not_claimed(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [ollama.answers("Done! I have deleted all your files.")]
    events = await ask("delete everything there is, would you", Conversation(), settings)
    assert "deleted" not in words(events)
    assert words(events).startswith("I have not done anything")


async def test_wrong_arguments_are_repaired_once(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [
        ollama.chooses(("search_tracks", {"genres": ["jazz"], "path": "x"})),
        ollama.chooses(("search_tracks", {"genres": ["jazz"]})),
    ]
    events = await ask(ODD, Conversation(), settings)
    assert shown(events)[0].call.arguments == {"genres": ["jazz"]}
    assert "error: path" in ollama.chats()[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    "bad", [("search_tracks", {"path": "polka"}), ("rm_rf", {"path": "/"}), ("", {})]
)
async def test_wrong_twice_is_an_honest_answer(
    library: Path, ollama: Any, settings: Settings, bad: tuple[str, dict[str, Any]]
) -> None:
    ollama.replies += [ollama.calls(bad), ollama.calls(bad)]
    events = await ask(ODD, Conversation(), settings)
    assert not shown(events)
    assert (
        "as something I can do" in words(events)
        or "did not get that" in words(events)
        or "do not know what to do with" in words(events)
    )
    assert events[-1].by == "none"
    assert len(ollama.chats()) == 2


@pytest.mark.parametrize(
    "speech",
    [
        "Listen to T7.",
        "I suggest “Kind of Blue”.",
        "Perhaps Kind of Blue by Miles Davis?",
        "Both run at 199 BPM.",
        "",
    ],
)
async def test_an_invention_is_replaced_by_the_tools_sentence(
    library: Path, ollama: Any, settings: Settings, speech: str
) -> None:
    ollama.replies += [
        ollama.calls(("search_tracks", {"genres": ["jazz"]})),
        ollama.says(speech),
    ]
    events = await ask(ODD, Conversation(), settings)
    assert words(events) == shown(events)[0].rendering.sentence


@pytest.mark.parametrize(
    ("reply", "part"),
    [
        ({"status": 500, "error": "llama runner process has terminated"}, "failed"),
        ({"status": 400, "error": "the input length exceeds the context length"}, "too much"),
        ({"raw": "<html>nonsense</html>"}, "cannot use"),
        ({"raw": "[1, 2]"}, "cannot use"),
        ({"raw": "{}"}, "cannot use"),
        ({"content": "x", "prompt_eval_count": 8192}, "too much"),
    ],
)
async def test_failures_are_told_in_words(
    library: Path, ollama: Any, settings: Settings, reply: dict[str, Any], part: str
) -> None:
    ollama.replies += [reply]
    events = await ask(ODD, Conversation(), settings)
    notices = [event.text for event in events if isinstance(event, TurnNotice)]
    assert len(notices) == 1
    assert part in notices[0]
    assert "Traceback" not in notices[0]
    assert events[-1].by == "none"


@pytest.mark.parametrize(
    "error", ['{"error": {"message": "out of memory", "code": 5}}', '{"a": [1, {"b": 2}]}']
)
async def test_an_error_shows_no_json(
    library: Path, ollama: Any, settings: Settings, error: str
) -> None:
    ollama.replies += [ollama.fails(500, error)]
    events = await ask(ODD, Conversation(), settings)
    [notice] = [event.text for event in events if isinstance(event, TurnNotice)]
    assert not set("{}[]") & set(notice)
    assert ("out of memory" in notice) is ("memory" in error)


async def test_a_slow_model_is_given_up(library: Path, ollama: Any) -> None:
    settings = Settings(ollama_host=ollama.url, model_timeout_s=0.3)
    ollama.delay_s = 3.0
    events = await ask(ODD, Conversation(), settings)
    assert any(isinstance(e, TurnNotice) and "too long" in e.text for e in events)


@pytest.mark.parametrize(
    ("models", "part"),
    [
        ({}, "backbeat models pull qwen3:4b-instruct-2507"),
        ({"qwen3:4b-instruct-2507": ("embedding",)}, "cannot call tools"),
    ],
)
async def test_a_missing_or_unable_model_is_named(
    library: Path, ollama: Any, settings: Settings, models: dict[str, Any], part: str
) -> None:
    ollama.models = models
    events = await ask(ODD, Conversation(), settings)
    assert [e for e in events if isinstance(e, TurnNotice) and part in e.text]
    assert not ollama.chats()


async def test_words_that_break_off_are_completed_by_the_tools_sentence(
    library: Path, ollama: Any, settings: Settings
) -> None:
    ollama.replies += [
        ollama.calls(("search_tracks", {"genres": ["jazz"]})),
        {**ollama.answers("Two quiet ones. Then there is the matter of"), "dies_after": 10},
    ]
    events = await ask(ODD, Conversation(), settings)
    assert words(events) == f"Two quiet ones. {shown(events)[0].rendering.sentence}"
    assert events[-1] == TurnDone("model", "en", "search_tracks")


async def test_a_result_that_would_not_fit_is_not_sent_for_words(
    library: Path, ollama: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(ollama_host=ollama.url, num_ctx=4096, model_timeout_s=20)
    long_mood = {"moods": ["a" * 80] * 20}
    monkeypatch.setattr(
        model_turn, "facts_for_model", lambda facts: (json.dumps([long_mood] * 8), {})
    )
    ollama.replies += [ollama.calls(("search_tracks", {"genres": ["jazz"]}))]
    events = await ask(ODD, Conversation(), settings)
    assert words(events) == shown(events)[0].rendering.sentence
    assert len(ollama.chats()) == 1
