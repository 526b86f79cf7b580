"""/api/models: what the model server has."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from assistant.ollama_models import ModelServerError, list_models, model_state
from assistant.settings import current

router = APIRouter(prefix="/api/models", tags=["models"])


@router.get("")
async def models() -> dict[str, Any]:
    """The state of the chosen model and the models there are."""
    settings = current()
    state = await model_state(settings)
    try:
        installed = [asdict(model) for model in await list_models(settings)]
    except ModelServerError:
        installed = []
    return {
        "host": settings.ollama_host,
        "model": state.model,
        "usable": state.usable,
        "problem": state.problem,
        "server_version": state.version,
        "installed": installed,
    }
