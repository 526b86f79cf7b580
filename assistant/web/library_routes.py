"""/api: playlists, charts, jobs, the state of the library, health."""

from __future__ import annotations

import asyncio
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from assistant.model.ollama_models import model_state
from assistant.settings import current
from assistant.web.row_id import RowId
from store.charts import drum_charts
from store.jobs import job_reports, library_status
from store.results import ChartDetail, StoreError
from store.settings import StoreSettings
from tools.generate_drum_chart import chart_data, chart_fact
from tools.library_status import status_facts

router = APIRouter(prefix="/api", tags=["library"])

_PICTURES: Final = {".png": "image/png", ".svg": "image/svg+xml", ".webp": "image/webp"}


@router.get("/health")
async def health(request: Request) -> dict[str, Any]:
    """Whether the chat works; with the password (or where none is set) also how it is doing."""
    brief: dict[str, Any] = {"status": "ok", "version": app_version()}
    if not getattr(request.state, "signed_in", True):
        return brief
    return {**brief, **await _health_details()}


@router.get("/status")
def status() -> dict[str, Any]:
    """Counts, progress and failures."""
    values = status_facts()
    failures = [{**failure, "path": failure["name"]} for failure in values["failures"]]
    return {**values, "failures": failures}


@router.get("/charts/{chart_id}.zip")
def chart_zip(chart_id: RowId) -> FileResponse:
    """A drum chart as a bundle."""
    chart = _chart(chart_id)
    file = _inside_charts(chart.zip_file)
    return FileResponse(file, media_type="application/zip", headers=download(file.name))


@router.get("/charts/{chart_id}/picture")
def chart_picture(chart_id: RowId) -> FileResponse:
    """The first bars of a drum chart."""
    chart = _chart(chart_id)
    if chart.picture is None:
        raise HTTPException(404, "This chart has no picture.")
    file = _inside_charts(chart.picture)
    return FileResponse(file, media_type=_PICTURES.get(file.suffix.lower(), "image/png"))


@router.get("/jobs/{job_id}")
def job(job_id: RowId) -> dict[str, Any]:
    """How far a job is; a finished chart with its addresses."""
    row = job_reports.job(job_id)
    if row is None:
        raise HTTPException(404, "There is no such job.")
    values: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "progress": row.progress,
        "step": row.step,
        "reason": row.reason,
        "code": row.result.get("code"),
        "track_id": row.track_id,
    }
    chart_id = row.result.get("chart_id")
    if isinstance(chart_id, int) and (chart := drum_charts.chart(chart_id)) is not None:
        fact = chart_fact(chart)
        values["chart"] = {**fact, **chart_data(fact)}
    return values


def app_version() -> str:
    """Return the version of Backbeat."""
    try:
        return version("backbeat")
    except PackageNotFoundError:
        return "0"


async def _health_details() -> dict[str, Any]:
    try:
        library = await asyncio.to_thread(library_status.read_status, failures=0)
    except StoreError as error:  # its message contains the path, which must not be disclosed
        raise HTTPException(503, "The library cannot be read: run backbeat doctor.") from error
    model = await model_state(current())
    return {
        "tracks": library.tracks,
        "analysed": library.analysed,
        "queued": library.queued + library.running,
        "failed": library.failed,
        "indexer_alive": library.indexer_alive,
        "model": {"name": model.model, "usable": model.usable, "problem": model.problem},
    }


def _chart(chart_id: int) -> ChartDetail:
    chart = drum_charts.chart(chart_id)
    if chart is None:
        raise HTTPException(404, "There is no such chart.")
    return chart


def _inside_charts(relative: str) -> Path:
    """Return a file of a chart; raise 404 where the name leads out of the charts folder."""
    folder = StoreSettings().charts.resolve()
    file = (folder / relative).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise HTTPException(404, "The file of this chart is gone. Ask for the chart again.")
    return file


def download(name: str) -> dict[str, str]:
    """Return the headers of a file that is saved under this name."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"Content-Disposition": disposition}
