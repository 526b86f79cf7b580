"""A model is tried before its first use, and asked in the way in which it does better."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import prompts
from assistant.model.checked_models import saved_check, style_of
from assistant.model.llm import ModelError
from assistant.model.model_choice import Chooser
from assistant.model.ollama_models import model_state
from assistant.model.self_check import cancel_self_checks, check_model, warm_up
from assistant.settings import Settings
from tools import TOOLS

REQUESTS = prompts.load("model_check")["request"]


@pytest.fixture
def settings(ollama: Any, data_folder: Path) -> Settings:
    return Settings(ollama_host=ollama.url, num_ctx=8192, model_timeout_s=20)


def right_for(body: dict[str, Any]) -> dict[str, Any] | None:
    text = body["messages"][-1]["content"]
    return next((each for each in REQUESTS if each["text"] == text), None)


def good_at(ollama: Any, style: str) -> Any:
    """A model that is right in one style and always searches in the other."""

    def answer(body: dict[str, Any]) -> Any:
        right, by_schema = right_for(body), "format" in body
        if right is None:
            return ollama.says("Hello.")
        if by_schema != (style == "schema"):
            right = {"tool": "search_tracks", "arguments": {"text": "x"}}
        if by_schema:
            if right["tool"] == "answer":
                return ollama.answers("I only know your music.")
            return ollama.chooses((right["tool"], right["arguments"]))
        if right["tool"] == "answer":
            return ollama.says("I only know your music.")
        return ollama.calls((right["tool"], right["arguments"]))

    return answer


def test_the_requests_are_few_and_in_both_languages() -> None:
    assert 3 <= len(REQUESTS) <= 5
    assert any("batterie" in each["text"] for each in REQUESTS)
    assert {each["tool"] for each in REQUESTS} <= {"answer", *(tool.name for tool in TOOLS)}


async def test_a_model_that_makes_no_mistake_is_held_to_the_schema(
    ollama: Any, settings: Settings
) -> None:
    ollama.answer = good_at(ollama, "schema")
    state = await model_state(settings)
    check = await check_model(settings, state, TOOLS)
    assert (check.style, check.points, check.most) == ("schema", {"schema": 10}, 10)
    assert len(ollama.chats()) == len(REQUESTS)
    assert saved_check(state) == check


async def test_a_model_that_does_better_natively_is_asked_so(
    ollama: Any, settings: Settings
) -> None:
    ollama.answer = good_at(ollama, "native")
    state = await model_state(settings)
    assert style_of(state) == "schema"
    check = await check_model(settings, state, TOOLS)
    assert check.style == "native"
    assert check.points["schema"] < check.points["native"] == 10
    assert style_of(state) == "native"
    chooser = Chooser(settings, state, TOOLS)
    chosen = await chooser.choose(chooser.opening(REQUESTS[0]["text"]))
    assert chosen.calls[0].arguments == REQUESTS[0]["arguments"]
    last = ollama.chats()[-1]
    assert "format" not in last
    assert len(last["tools"]) == len(TOOLS)
    assert [message["role"] for message in last["messages"]] == ["system", "user"]


async def test_a_model_without_tools_is_only_tried_with_a_schema(
    ollama: Any, settings: Settings
) -> None:
    ollama.models = {settings.model: ("completion",)}
    ollama.answer = good_at(ollama, "schema")
    state = await model_state(settings)
    assert style_of(state) == "schema"
    check = await check_model(settings, state, TOOLS)
    assert check.points == {"schema": 10}
    assert all("format" in body for body in ollama.chats())


async def test_another_model_of_the_same_name_is_checked_anew(
    ollama: Any, settings: Settings
) -> None:
    ollama.answer = good_at(ollama, "native")
    state = await model_state(settings)
    await check_model(settings, state, TOOLS)
    ollama.digests[settings.model] = "another"
    assert saved_check(await model_state(settings)) is None


async def test_nonsense_costs_points_and_a_dead_server_ends_the_check(
    ollama: Any, settings: Settings
) -> None:
    state = await model_state(settings)
    ollama.answer = lambda body: {"raw": "[1, 2]"}
    assert set((await check_model(settings, state, TOOLS)).points.values()) == {0}
    nowhere = Settings(ollama_host="http://127.0.0.1:9", model_timeout_s=20)
    with pytest.raises(ModelError):
        await check_model(nowhere, state, TOOLS)


async def test_a_broken_file_of_checks_is_no_check(
    ollama: Any, settings: Settings, data_folder: Path
) -> None:
    ollama.answer = good_at(ollama, "native")
    state = await model_state(settings)
    data_folder.mkdir()
    for content in ("{", "[]", json.dumps({state.digest: {"style": "loud"}})):
        (data_folder / "model_checks.json").write_text(content)
        assert saved_check(state) is None
        assert style_of(state) == "schema"
    await check_model(settings, state, TOOLS)
    assert saved_check(state)


async def test_warm_up_reads_the_prompt_and_checks_once(ollama: Any, settings: Settings) -> None:
    ollama.answer = good_at(ollama, "schema")
    await warm_up(settings, TOOLS)
    first, *checks, last = ollama.chats()
    assert len(checks) == len(REQUESTS)
    assert first["messages"] == last["messages"]
    assert first["options"]["num_predict"] == 1
    assert first["messages"][:-1] == checks[0]["messages"][:-1]
    await warm_up(settings, TOOLS)
    assert len(ollama.chats()) == len(checks) + 3


async def test_warm_up_without_a_server_does_nothing(data_folder: Path) -> None:
    await warm_up(Settings(ollama_host="http://127.0.0.1:9"), TOOLS)


async def test_nothing_is_sent_out_of_the_house_unasked(ollama: Any, settings: Settings) -> None:
    ollama.models = {"gpt-oss:120b-cloud": ("completion", "tools")}
    await warm_up(settings.model_copy(update={"model": "gpt-oss:120b-cloud"}), TOOLS)
    assert not ollama.chats()


async def test_a_check_gives_way_to_a_person(ollama: Any, settings: Settings) -> None:
    await Chooser(settings, await model_state(settings), TOOLS).warm()
    ollama.delay_s = 5.0
    check = asyncio.create_task(check_model(settings, await model_state(settings), TOOLS))
    while len(ollama.chats()) < 2:
        await asyncio.sleep(0.02)
    cancel_self_checks()
    with pytest.raises(asyncio.CancelledError):
        await check
    for _ in range(50):
        if ollama.hung_up:
            break
        await asyncio.sleep(0.02)
    assert len(ollama.hung_up) == 1
    assert saved_check(await model_state(settings)) is None
