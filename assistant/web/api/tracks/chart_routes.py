"""/api/tracks/…/chart: the drum chart of a track: made, followed, downloaded."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import FileResponse
from pydantic import Field

from assistant.web.contract.job_shapes import Chart
from assistant.web.contract.media import ZIP
from assistant.web.contract.shapes import Body, Reply
from assistant.web.library_routes import chart_zip
from assistant.web.row_id import RowId
from store.charts import drum_charts
from store.jobs import indexer_state, job_reports
from store.results import ChartDetail, JobRow
from store.tracks import track_details
from store.vocabulary import LEVELS, Level
from tools.generate_drum_chart import chart_data, chart_fact, existing_chart, queue_chart

router = APIRouter(prefix="/api/tracks", tags=["charts"])

State = Literal["none", "queued", "running", "done", "failed", "cancelled"]


class ChartRequest(Body):
    """What to make: all levels where none is named; `remake` replaces one that is there."""

    levels: list[Level] = Field(default=[], max_length=len(LEVELS))
    remake: bool = False


class ChartProgress(Reply):
    """How far the chart of a track is; `chart` is the newest finished one."""

    track_id: int
    state: State
    progress: float
    step: str
    reason: str | None
    job_id: int | None
    job_url: str | None
    indexer_alive: bool
    chart: Chart | None


@router.get("/{track_id}/chart")
def progress(track_id: RowId) -> ChartProgress:
    """Return how far the drum chart of a track is."""
    _require(track_id)
    return _progress(track_id)


@router.post("/{track_id}/chart", status_code=202, responses={200: {"model": ChartProgress}})
def start(track_id: RowId, asked: ChartRequest, response: Response) -> ChartProgress:
    """Queue the drum chart of a track; 200 where it is there already."""
    _require(track_id)
    levels = [level for level in LEVELS if level in asked.levels] or list(LEVELS)
    if existing_chart(track_id, levels, remake=asked.remake) is None:
        return _progress(track_id, queue_chart(track_id, levels))
    response.status_code = 200
    return _progress(track_id)


@router.get("/{track_id}/chart/download", response_class=FileResponse, responses=ZIP)
def download(track_id: RowId) -> FileResponse:
    """Return the newest drum chart of a track as a zip file."""
    _require(track_id)
    chart = _newest(track_id)
    if chart is None:
        raise HTTPException(404, "This track has no chart yet: POST to its chart address first.")
    return chart_zip(chart.id)


def _require(track_id: int) -> None:
    if not track_details.track_rows([track_id]):
        raise HTTPException(404, "There is no such track.")


def _progress(track_id: int, job: JobRow | None = None) -> ChartProgress:
    job = job or job_reports.newest_of_tracks("chart", [track_id]).get(track_id)
    chart = _newest(track_id)
    fact = chart_fact(chart) if chart else None
    over = job is None or (job.state == "done")
    state = ("done" if chart else "none") if over or job is None else job.state
    return ChartProgress.model_validate(
        {
            "track_id": track_id,
            "state": state,
            "progress": 1.0 if state == "done" else job.progress if job else 0.0,
            "step": job.step if job else "",
            "reason": job.reason if job else None,
            "job_id": job.id if job else None,
            "job_url": f"/api/jobs/{job.id}" if job else None,
            "indexer_alive": indexer_state.indexer_alive(),
            "chart": fact and {**fact, **chart_data(fact)},
        }
    )


def _newest(track_id: int) -> ChartDetail | None:
    return next(iter(drum_charts.charts_of(track_id)), None)
