"""/api/health: whether the server lives, and whether all that it needs is there."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from assistant.model.ollama_models import model_state
from assistant.settings import current
from assistant.web.contract.shapes import Reply
from assistant.web.library_routes import app_version
from store.jobs import library_status
from store.results import LibraryStatus, StoreError
from store.vectors import vector_service

router = APIRouter(prefix="/api/health", tags=["operation"])

_UNREADABLE = "The library cannot be read: run backbeat doctor."


class Alive(Reply):
    """The server answers."""

    status: Literal["ok"] = "ok"


class ModelHealth(Reply):
    """The language model, and why it cannot be used: off, no_server, no_model, no_tools."""

    name: str
    usable: bool
    problem: str | None


class Health(Reply):
    """How the server is doing; without a login only that it answers."""

    status: Literal["ok"] = "ok"
    version: str
    tracks: int | None = None
    analysed: int | None = None
    queued: int | None = None
    failed: int | None = None
    indexer_alive: bool | None = None
    model: ModelHealth | None = None


class HealthCheck(Reply):
    """One thing that is needed; `required` ones decide whether the server is ready."""

    ok: bool
    required: bool
    detail: str


class Readiness(Reply):
    """Whether requests can be answered; without a login without the single checks."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, HealthCheck] = Field(default={})


@router.get("/live")
def live() -> Alive:
    """Return at once: the process answers."""
    return Alive()


@router.get("", response_model=Health, response_model_exclude_unset=True)
async def health(request: Request) -> Health | JSONResponse:
    """Return whether the chat works; with a login also how it is doing."""
    version = app_version()
    if not _signed_in(request):
        return Health(status="ok", version=version)
    library = await asyncio.to_thread(_library)
    if library is None:  # why is not told: the message contains the path
        return JSONResponse({"detail": _UNREADABLE, "choices": [], "fields": []}, 503)
    model = await model_state(current())
    return Health(
        status="ok",
        version=version,
        tracks=library.tracks,
        analysed=library.analysed,
        queued=library.queued + library.running,
        failed=library.failed,
        indexer_alive=library.indexer_alive,
        model=ModelHealth(name=model.model, usable=model.usable, problem=model.problem),
    )


@router.get("/ready", response_model=Readiness, responses={503: {"model": Readiness}})
async def ready(request: Request) -> JSONResponse:
    """Return 200 where requests can be answered, else 503; with a login what is missing."""
    library, vectors, model = await asyncio.gather(
        asyncio.to_thread(_library), asyncio.to_thread(_vectors), model_state(current())
    )
    alive = library is not None and library.indexer_alive
    checks = {
        "database": HealthCheck(
            ok=library is not None, required=True, detail="" if library else _UNREADABLE
        ),
        "vectors": HealthCheck(
            ok=vectors is not None,
            required=True,
            detail=_UNREADABLE if vectors is None else f"{vectors} vectors",
        ),
        "indexer": HealthCheck(
            ok=alive, required=False, detail="" if alive else "No heartbeat: run backbeat watch."
        ),
        "model": HealthCheck(ok=model.usable, required=False, detail=model.problem or model.model),
    }
    is_ready = all(check.ok for check in checks.values() if check.required)
    told = Readiness(
        status="ready" if is_ready else "not_ready", checks=checks if _signed_in(request) else {}
    )
    return JSONResponse(told.model_dump(), 200 if is_ready else 503)


def _signed_in(request: Request) -> bool:
    return getattr(request.state, "signed_in", True)


def _library() -> LibraryStatus | None:
    try:
        return library_status.read_status(failures=0)
    except StoreError:
        return None


def _vectors() -> int | None:
    try:
        return vector_service.stored_count()
    except StoreError:
        return None
