"""/api/first-run: what a new installation lacks, and how to get it: music, a model."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.model.ollama_models import model_state
from assistant.settings import current
from assistant.web.panel import music_folders
from assistant.web.panel.folder_access import may_choose
from assistant.web.panel.model_fetching import fetcher
from assistant.web.panel.page_language import PageLanguage
from prompts import load
from store.jobs import indexer_state, library_status, music_folder
from tools.text.untrusted import shown

router = APIRouter(prefix="/api/first-run", include_in_schema=False)


class ChosenFolder(BaseModel):
    """A folder of music on the machine of the server."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(min_length=1, max_length=4096)


@router.get("")
async def first_run(request: Request) -> dict[str, Any]:
    """What is there of music and model, and what can be done about it from this page."""
    settings = current()
    state, music = await asyncio.gather(model_state(settings), asyncio.to_thread(_music))
    fetching = fetcher.current
    return {
        **music,
        "choosable": may_choose(request),
        "model": {
            "problem": state.problem,
            "name": state.model,
            "small": settings.small_model,
            "fetchable": settings.uses_ollama and state.problem == "no_model",
            "ollama": settings.uses_ollama,
            "fetching": asdict(fetching) if fetching else None,
        },
    }


@router.get("/folders")
def folders(request: Request, language: PageLanguage, path: str = "") -> dict[str, Any]:
    """The folders inside one: of the home folder, and of where disks are mounted."""
    _require_choice(request)
    found = music_folders.listing(Path(path) if path else Path.home())
    if found is None:
        raise HTTPException(404, load("panel", language)["folder_gone"])
    return asdict(found)


@router.put("/folder")
def choose_folder(asked: ChosenFolder, request: Request, language: PageLanguage) -> dict[str, str]:
    """Choose the folder that is analysed from now on."""
    _require_choice(request)
    chosen = music_folders.allowed(Path(asked.path))
    if chosen is None:
        raise HTTPException(404, load("panel", language)["folder_gone"])
    music_folder.choose(chosen)
    return {"path": str(chosen)}


@router.post("/model", status_code=202)
async def fetch_model(language: PageLanguage) -> dict[str, Any]:
    """Fetch the small model onto the model server."""
    settings = current()
    state = await model_state(settings)
    if not settings.uses_ollama or state.problem != "no_model":
        raise HTTPException(409, load("panel", language)["model_not_fetchable"])
    return asdict(fetcher.begin(settings, settings.small_model))


def _music() -> dict[str, Any]:
    progress = library_status.read_progress()
    folder, origin = music_folder.served() or (None, None)
    return {
        "tracks": progress.tracks,
        "waiting": progress.waiting,
        "rendering": indexer_state.rendering(),
        "origin": origin,
        "folder": shown(str(folder)) if folder and current().loopback else None,
    }


def _require_choice(request: Request) -> None:
    if not may_choose(request):
        raise HTTPException(403, "The folder is chosen where the server is started.")
