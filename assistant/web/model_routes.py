"""/api/models: the models of the model server."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from assistant.model.ollama_models import ModelServerError, ModelState, list_models, model_state
from assistant.settings import Settings, current
from assistant.web.contract.state_shapes import Models

router = APIRouter(prefix="/api/models", tags=["models"])


@router.get("", response_model=Models, response_model_exclude_unset=True)
async def models() -> dict[str, Any]:
    """The state of the chosen model and the models there are."""
    settings = current()
    state = await model_state(settings)
    return {
        "provider": settings.provider,
        "host": settings.model_address,
        "model": state.model,
        "usable": state.usable,
        "problem": state.problem,
        "server_version": state.version,
        "installed": await _installed(settings, state),
    }


async def _installed(settings: Settings, state: ModelState) -> list[dict[str, Any]]:
    """Return the details of Ollama's models; of another provider only the names."""
    if not settings.uses_ollama:
        return [{"name": name} for name in state.installed]
    try:
        return [asdict(model) for model in await list_models(settings)]
    except ModelServerError:
        return []
