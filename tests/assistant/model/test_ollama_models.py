from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from assistant.model.ollama_models import (
    ModelServerError,
    capabilities,
    list_models,
    model_state,
    pull,
    resolve,
)
from assistant.settings import Settings

NOWHERE = Settings(ollama_host="http://127.0.0.1:9")


async def test_listing_and_state(ollama: Any) -> None:
    settings = Settings(ollama_host=ollama.url)
    names = [model.name for model in await list_models(settings)]
    assert names == ["embeddinggemma:latest", "qwen3:4b-instruct-2507"]
    state = await model_state(settings)
    assert state.usable
    assert state.version == "0.12.3"
    assert (await model_state(settings, "embeddinggemma")).problem == "no_tools"
    assert (await model_state(settings, "missing")).problem == "no_model"
    assert (await model_state(Settings(use_model=False))).problem == "off"
    assert (await model_state(NOWHERE)).problem == "no_server"


async def test_pull_tells_how_far_it_is(ollama: Any) -> None:
    settings = Settings(ollama_host=ollama.url)
    steps = [step async for step in pull(settings, "qwen3:1.7b")]
    assert [step.fraction for step in steps] == [0.0, 0.25, 1.0, 0.0]
    assert steps[-1].status == "success"
    assert "tools" in await capabilities(settings, "qwen3:1.7b")


@pytest.mark.parametrize("name", ["nosuch", "nosuch:1b"])
async def test_an_unknown_model_is_named(ollama: Any, name: str) -> None:
    with pytest.raises(ModelServerError, match=f"{name} could not be fetched"):
        _ = [step async for step in pull(Settings(ollama_host=ollama.url), name)]


async def test_no_server_says_how_to_start_one() -> None:
    for attempt in (list_models(NOWHERE), capabilities(NOWHERE, "x")):
        with pytest.raises(ModelServerError, match="ollama serve"):
            await attempt
    with pytest.raises(ModelServerError, match="ollama serve"):
        _ = [step async for step in pull(NOWHERE, "x")]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("qwen3:4b", "qwen3:4b-q4_K_M"),
        ("gemma", "gemma:latest"),
        ("gemma:latest", "gemma:latest"),
        ("qwen", None),
    ],
)
def test_names_are_resolved(wanted: str, found: str | None) -> None:
    assert resolve(wanted, ("gemma:latest", "qwen3:4b-q4_K_M")) == found


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("box:1234", "http://box:1234"),
        (":11500", "http://127.0.0.1:11500"),
        ("http://box", "http://box:80"),
        ("https://box/ollama/", "https://box:443/ollama"),
        ("", "http://127.0.0.1:11434"),
        ("[::1]:11434", "http://[::1]:11434"),
    ],
)
def test_addresses_as_ollama_writes_them(
    monkeypatch: pytest.MonkeyPatch, given: str, url: str
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", given)
    assert Settings().ollama_host == url


@pytest.mark.parametrize(
    "given", ["not a server", "http://", "ftp://box", "box:port", "http://[::1", "http://:x", "???",
              "http://exa mple", "box:99999", "-box"],
)  # fmt: skip
def test_nonsense_addresses_are_refused_where_they_are_set(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("BACKBEAT_OLLAMA_HOST", given)
    with pytest.raises(ValidationError, match="Expected the address of a model server"):
        Settings()
