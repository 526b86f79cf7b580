"""/api: charts, jobs, the state of the library."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from assistant.web.contract.job_shapes import JobReply, StatusReply, job_values
from assistant.web.contract.media import PICTURE, ZIP
from assistant.web.row_id import RowId
from store.charts import drum_charts
from store.jobs import job_reports
from store.results import ChartDetail
from store.settings import StoreSettings
from tools.generate_drum_chart import chart_data, chart_fact
from tools.library_status import status_facts

router = APIRouter(prefix="/api", tags=["library"])

_PICTURES: Final = {".png": "image/png", ".svg": "image/svg+xml", ".webp": "image/webp"}


@router.get("/status")
def status() -> StatusReply:
    """Return counts, progress and failures."""
    values = status_facts()
    failures = [{**failure, "path": failure["name"]} for failure in values["failures"]]
    return StatusReply.model_validate({**values, "failures": failures})


@router.get("/charts/{chart_id}.zip", response_class=FileResponse, responses=ZIP)
def chart_zip(chart_id: RowId) -> FileResponse:
    """A drum chart as a bundle."""
    chart = _chart(chart_id)
    file = _inside_charts(chart.zip_file)
    return FileResponse(file, media_type="application/zip", headers=download(file.name))


@router.get("/charts/{chart_id}/picture", response_class=FileResponse, responses=PICTURE)
def chart_picture(chart_id: RowId) -> FileResponse:
    """The first bars of a drum chart."""
    chart = _chart(chart_id)
    if chart.picture is None:
        raise HTTPException(404, "This chart has no picture.")
    file = _inside_charts(chart.picture)
    return FileResponse(file, media_type=_PICTURES.get(file.suffix.lower(), "image/png"))


@router.get("/jobs/{job_id}", response_model_exclude_unset=True)
def job(job_id: RowId) -> JobReply:
    """Return how far a job is; a finished chart with its addresses."""
    row = job_reports.job(job_id)
    if row is None:
        raise HTTPException(404, "There is no such job.")
    values = job_values(row)
    chart_id = row.result.get("chart_id")
    if isinstance(chart_id, int) and (chart := drum_charts.chart(chart_id)) is not None:
        fact = chart_fact(chart)
        values["chart"] = {**fact, **chart_data(fact)}
    return JobReply.model_validate(values)


def app_version() -> str:
    """Return the version of Backbeat."""
    try:
        return version("backbeat")
    except PackageNotFoundError:
        return "0"


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
