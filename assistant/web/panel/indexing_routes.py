"""/api/indexing: the analysis as it goes on, its pause, what failed and is tried again."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, Final, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict

from assistant.settings import current
from assistant.web.contract.state_shapes import Indexing
from assistant.web.panel.folder_access import may_choose
from assistant.web.panel.page_language import PageLanguage
from assistant.web.row_id import RowId
from prompts import Language
from store.jobs import indexer_state
from store.jobs.indexing_progress import FailedJob, read_indexing, retry_failed
from store.paths import shown_path
from store.tracks.away_tracks import away_folders, confirm_gone
from tools.library.away_note import away_facts
from tools.library.folder_notes import folder_notes
from tools.text.untrusted import shown
from tools.text.words import failure_text

router = APIRouter(prefix="/api/indexing", tags=["indexing"])

FAILURES: Final = 50
"""Failed files that are listed; more are counted."""


class PauseRequest(BaseModel):
    """Whether the analysis rests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["pause", "resume"]


@router.get("", response_model=Indexing, response_model_exclude_unset=True)
def indexing(request: Request, language: PageLanguage) -> dict[str, Any]:
    """How far the analysis is, what is analysed now, and what failed."""
    found = read_indexing(failures=FAILURES)
    paused = indexer_state.pause_to_tell()
    return {
        "tracks": found.tracks,
        "analysed": found.analysed,
        "queued": found.queued,
        "running": found.running,
        "failed": found.failed,
        "paused": paused,
        "indexer_alive": found.indexer_alive,
        "rate_per_minute": None if paused else found.rate_per_minute,
        "eta_s": None if paused else found.eta_s,
        "rendering": indexer_state.rendering(),
        "now": [_name(path) for path in found.now],
        "folders": _folders(),
        "choosable": may_choose(request),
        "failures": [_failure(each, language) for each in found.failures],
        "away": away_facts(),
        "notes": folder_notes(language),
    }


@router.post("", response_model=Indexing, response_model_exclude_unset=True)
def pause(asked: PauseRequest, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Pause the analysis, or let it go on; charts that somebody waits for are made either way."""
    if asked.action == "pause":
        indexer_state.pause_indexing()
    else:
        indexer_state.resume_indexing()
    return indexing(request, language)


@router.post("/retry", response_model=Indexing)
def retry_all(request: Request, language: PageLanguage) -> dict[str, Any]:
    """Queue all failed files again."""
    count = retry_failed()
    return {**indexing(request, language), "retried": count}


@router.post("/retry/{job_id}", response_model=Indexing)
def retry(job_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Queue a failed file again."""
    if not retry_failed(job_id):
        raise HTTPException(404, "There is no such failed file.")
    return {**indexing(request, language), "retried": 1}


@router.post("/gone/{folder_id}", response_model=Indexing, response_model_exclude_unset=True)
def gone(folder_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Take the tracks of a folder that cannot be seen as deleted; its number is in `away`."""
    folder = next((each for each in away_folders() if each.id == folder_id), None)
    if folder is None:
        raise HTTPException(404, "No such folder is away.")
    count = confirm_gone(folder.path)
    return {**indexing(request, language), "gone": count}


def _failure(failed: FailedJob, language: Language) -> dict[str, Any]:
    return {
        "job": failed.id,
        "name": _name(failed.path),
        "folder": shown(PurePath(shown_path(failed.path)).parent.name),
        "reason": failure_text(language, "file_failures", code=failed.code, reason=failed.reason),
    }


def _name(path: str) -> str:
    return shown(PurePath(shown_path(path)).name)


def _folders() -> list[str]:
    """Return the music folders, on this machine alone: the house need not know its paths."""
    if not current().loopback:
        return []
    return [shown(shown_path(folder)) for folder in indexer_state.watched_folders()]
