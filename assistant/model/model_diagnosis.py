"""Check that the model server answers and has the model of the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from assistant.model.ollama_models import ModelProblem, model_state
from assistant.settings import Settings
from store.diagnosis import Finding


def check_model_server() -> Iterator[Finding]:
    """Ask the model server once."""
    settings = Settings()
    state = asyncio.run(model_state(settings))
    if state.problem is None:
        yield Finding("ok", f"Model server {state.version or ''}: {state.model}")
        return
    fixes: dict[ModelProblem, str] = {
        "no_server": "Start Ollama (ollama serve) or set BACKBEAT_OLLAMA_HOST. "
        "Without it the built-in reader answers.",
        "no_model": f"backbeat models pull {state.model}",
        "no_tools": "Choose a model that can call tools: BACKBEAT_MODEL=qwen3:4b-instruct-2507",
    }
    yield Finding(
        "warn",
        f"Model server at {settings.model_address}: {state.problem}",
        fixes.get(state.problem, "backbeat models list"),
    )
