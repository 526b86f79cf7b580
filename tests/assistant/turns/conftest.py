"""Settings of turns that go to the server for tests."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.settings import Settings


@pytest.fixture
def settings(ollama: Any) -> Settings:
    return Settings(ollama_host=ollama.url, num_ctx=8192, model_timeout_s=20)
