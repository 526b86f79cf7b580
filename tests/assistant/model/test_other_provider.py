"""Another provider than Ollama: off by default, and told when it is outside the house."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.model import model_choice
from assistant.model.ollama_models import model_state
from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, TurnDone, TurnNotice
from assistant.turns.turn import take_turn
from tools import TOOLS

ODD = "jazz but only when it rains outside"  # the reader defers it


@pytest.fixture
def server(load: Callable[[str], ModuleType]) -> Iterator[Any]:
    running = load("assistant/openai_server.py").OpenAIServer().start()
    yield running
    running.stop()


@pytest.fixture
def settings(server: Any) -> Settings:
    return Settings(
        provider="openai", base_url=server.url, api_key="a-key", model=server.model,
        model_timeout_s=20,
    )  # type: ignore[arg-type]  # fmt: skip


async def ask(settings: Settings, conversation: Conversation | None = None) -> list[Any]:
    talk = conversation or Conversation()
    return [event async for event in take_turn(ODD, talk, settings=settings)]


def words(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, AnswerText))


def notices(events: list[Any]) -> list[str]:
    return [event.text for event in events if isinstance(event, TurnNotice)]


def search(*genres: str, **more: Any) -> str:
    call = {"tool": "search_tracks", "arguments": {"genres": list(genres)}}
    return json.dumps({"calls": [call], **more})


async def test_a_turn(library: Path, server: Any, settings: Settings) -> None:
    server.replies += [
        server.says(search("jazz", read=True)),
        server.says("Two quiet ones: T1 and T2."),
    ]
    events = await ask(settings)
    assert "“Slow Harbour”" in words(events)
    assert events[-1] == TurnDone("model", "en", "search_tracks")
    assert notices(events) == []  # it is at home
    choice, speech = server.chats()
    assert {key for _, _, key in server.requests} == {"Bearer a-key"}
    for body in (choice, speech):
        assert body["model"] == server.model
        assert body["temperature"] == 0
        assert body["stream"] is True
        assert body["response_format"]["json_schema"]["schema"]["properties"]["calls"]
        assert not {"num_ctx", "keep_alive", "truncate"} & set(body)


async def test_a_model_that_calls_natively(
    library: Path, server: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_choice, "style_of", lambda state: "native")
    server.replies += [
        server.calls(("search_tracks", {"genres": ["jazz"], "path": "x"})),
        server.calls(("search_tracks", {"genres": ["jazz"]})),
        server.says("Two quiet ones: T1 and T2."),
    ]
    events = await ask(settings)
    assert "“Slow Harbour”" in words(events)
    choice, again, speech = server.chats()
    repair = again["messages"]
    assert repair[-1]["role"] == "tool"
    assert repair[-1]["tool_call_id"] == repair[-2]["tool_calls"][0]["id"]
    for body in (choice, again, speech):
        assert len(body["tools"]) == len(TOOLS)
        assert not body.get("stream", False)


@pytest.mark.parametrize(
    ("status", "part"), [(500, "failed"), (401, "failed"), (404, "not installed")]
)
async def test_errors_are_told(
    library: Path, server: Any, settings: Settings, status: int, part: str
) -> None:
    server.replies += [server.fails(status, "no, sorry")]
    events = await ask(settings)
    assert part in notices(events)[0]
    assert "Traceback" not in notices(events)[0]
    assert events[-1].by == "none"


async def test_the_state_of_its_models(server: Any, settings: Settings) -> None:
    state = await model_state(settings)
    assert (state.usable, state.installed) == (True, (server.model,))
    assert (await model_state(settings, "another")).problem == "no_model"
    server.lists_models = False
    assert (await model_state(settings, "another")).usable
    server.stop()
    nowhere = settings.model_copy(update={"base_url": "http://127.0.0.1:9/v1"})
    assert (await model_state(nowhere)).problem == "no_server"


async def test_a_missing_server_is_told_with_its_address(library: Path) -> None:
    settings = Settings(provider="openai", base_url="http://127.0.0.1:9/v1", model="m")
    assert "http://127.0.0.1:9/v1" in notices(await ask(settings))[0]


def test_it_is_off_by_default() -> None:
    assert Settings().provider == "ollama"
    assert Settings().leaves_house(Settings().model) is None


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ({"base_url": "http://127.0.0.1:1234/v1"}, None),
        ({"base_url": "http://localhost:1234/v1"}, None),
        ({"base_url": "http://[::1]:1234/v1"}, None),
        ({"base_url": "http://192.168.1.20:8080/v1"}, None),
        ({"base_url": "http://nas.local/v1"}, None),
        ({"base_url": "http://models:8080/v1"}, None),
        ({"base_url": "https://api.example.com/v1"}, "api.example.com"),
        ({"base_url": "http://8.8.8.8/v1"}, "8.8.8.8"),
        ({"base_url": ""}, "openai"),
    ],
)
def test_what_leaves_the_house(given: dict[str, str], host: str | None) -> None:
    assert Settings(provider="openai", **given).leaves_house("m") == host  # type: ignore[arg-type]


def test_an_ollama_server_may_be_outside_too() -> None:
    assert Settings(ollama_host="https://ollama.example.com").leaves_house("m") is not None
    assert Settings().leaves_house("gpt-oss:120b-cloud") == "ollama.com"
    assert Settings().leaves_house("kimi-k2:cloud") == "ollama.com"


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [("base_url", "ftp://x/v1", "http://127.0.0.1:1234/v1"), ("provider", "Open AI", "pattern")],
)
def test_settings_that_make_no_sense(name: str, value: str, part: str) -> None:
    with pytest.raises(ValidationError, match=part):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_the_key_is_never_shown() -> None:
    assert "secret" not in repr(Settings(provider="openai", api_key="secret"))  # type: ignore[arg-type]
