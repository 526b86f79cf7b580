"""A second model answers where the first fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, TurnNotice
from assistant.turns.turn import take_turn

ODD = "jazz but only when it rains outside"  # the reader defers it
SECOND = "qwen3:1.7b"


async def ask(text: str, conversation: Conversation, settings: Settings) -> list[Any]:
    return [event async for event in take_turn(text, conversation, settings=settings)]


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def with_fallback(ollama: Any, first: Any) -> Settings:
    """A server whose first model answers as said, and a second one that works."""
    ollama.models[SECOND] = ("completion", "tools")

    def answer(body: dict[str, Any]) -> Any:
        if body["model"] != SECOND:
            return first
        if "Slow Harbour" not in body["messages"][-1]["content"]:
            return ollama.calls(("search_tracks", {"genres": ["jazz"]}))
        return ollama.says("Two: T1 and T2.")

    ollama.answer = answer
    return Settings(ollama_host=ollama.url, fallback_model=SECOND, model_timeout_s=20)


@pytest.mark.parametrize(
    "first",
    [{"status": 500, "error": "llama runner process has terminated"}, {"raw": "[1]"}],
    ids=["error", "nonsense"],
)
async def test_a_fallback_model_goes_on(library: Path, ollama: Any, first: Any) -> None:
    conversation = Conversation()
    events = await ask(ODD, conversation, with_fallback(ollama, first))
    assert words(events).startswith("Two: “")
    assert "“Slow Harbour”" in words(events)
    notices = [event.text for event in events if isinstance(event, TurnNotice)]
    assert SECOND in notices[-1]
    assert conversation.model is None  # the next request tries the first again


async def test_a_model_that_is_too_slow_is_not_waited_for_again(library: Path, ollama: Any) -> None:
    settings = with_fallback(ollama, ollama.says("never"))
    settings = settings.model_copy(update={"model_timeout_s": 1.5})
    inner = ollama.answer

    def answer(body: dict[str, Any]) -> Any:
        ollama.delay_s = 0.0 if body["model"] == SECOND else 5.0
        return inner(body)

    ollama.answer = answer
    conversation = Conversation()
    events = await ask(ODD, conversation, settings)
    assert "“Slow Harbour”" in words(events)
    assert conversation.model == SECOND
    await ask(ODD, conversation, settings)
    assert [body["model"] for body in ollama.chats()].count("qwen3:4b-instruct-2507") == 1


async def test_a_fallback_helps_where_the_model_is_missing(library: Path, ollama: Any) -> None:
    settings = with_fallback(ollama, None)
    del ollama.models["qwen3:4b-instruct-2507"]
    events = await ask(ODD, Conversation(), settings)
    assert "“Slow Harbour”" in words(events)
    told = [event.text for event in events if isinstance(event, TurnNotice)]
    assert "backbeat models pull qwen3:4b-instruct-2507" in told[0]


async def test_a_fallback_that_fails_too_is_an_honest_answer(library: Path, ollama: Any) -> None:
    settings = with_fallback(ollama, None)
    ollama.answer = lambda body: ollama.fails(500, f"{body['model']} has terminated")
    events = await ask(ODD, Conversation(), settings)
    assert (
        "as something I can do" in words(events)
        or "did not get that" in words(events)
        or "do not know what to do with" in words(events)
    )
    assert [body["model"] for body in ollama.chats()] == ["qwen3:4b-instruct-2507", SECOND]


async def test_a_model_that_finds_no_tool_is_not_doubted(library: Path, ollama: Any) -> None:
    settings = with_fallback(ollama, ollama.says("It was won by France against Brazil."))
    await ask("who won the cup in 1998?", Conversation(), settings)
    assert len(ollama.chats()) == 1
