"""/api/models: what Ollama has, and what another provider tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from assistant.settings import Settings
from assistant.web.server import create_app

NO_SERVER = "http://127.0.0.1:9"


@pytest.fixture
def openai(load: Callable[[str], ModuleType]) -> Iterator[Any]:
    running = load("assistant/openai_server.py").OpenAIServer().start()
    yield running
    running.stop()


async def models(settings: Settings) -> dict[str, Any]:
    transport = httpx.ASGITransport(app=create_app(settings, chat=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        return (await client.get("/api/models")).json()


async def test_of_ollama(empty_library: Path, ollama: Any) -> None:
    found = await models(Settings(ollama_host=ollama.url))
    assert (found["provider"], found["host"]) == ("ollama", ollama.url)
    assert {model["name"] for model in found["installed"]} == set(ollama.models)
    assert all(model["size_bytes"] for model in found["installed"])


async def test_of_another_provider(empty_library: Path, openai: Any) -> None:
    settings = Settings(
        provider="openai", base_url=openai.url, api_key=SecretStr("a-key"), model=openai.model,
        ollama_host=NO_SERVER,
    )  # fmt: skip
    found = await models(settings)
    assert (found["provider"], found["host"]) == ("openai", openai.url)
    assert found["installed"] == [{"name": openai.model}]
    assert found["usable"]
    assert "a-key" not in str(found)


async def test_of_a_server_that_is_away(empty_library: Path) -> None:
    found = await models(Settings(ollama_host=NO_SERVER))
    assert (found["installed"], found["problem"]) == ([], "no_server")
