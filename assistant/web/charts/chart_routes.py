"""/api/charts: single files of a drum chart's bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from assistant.web.contract.media import files_of
from assistant.web.row_id import RowId
from store.charts import drum_charts
from store.charts.lane_files import chart_file
from store.results import ChartDetail

router = APIRouter(prefix="/api/charts", tags=["charts"])

Part = Literal["midi", "notation", "tab"]
_FILES: Final[dict[Part, tuple[str, str]]] = {
    "midi": ("drums.mid", "audio/midi"),
    "notation": ("notation.svg", "image/svg+xml"),
    "tab": ("tab.txt", "text/plain; charset=utf-8"),
}


_PARTS: Final = files_of("audio/midi", "image/svg+xml", "text/plain", ranges=True)


def stored_chart(chart_id: int) -> ChartDetail:
    """Return a chart; raise 404 where there is none."""
    chart = drum_charts.chart(chart_id)
    if chart is None:
        raise HTTPException(404, "There is no such chart.")
    return chart


def file_of(chart: ChartDetail, name: str) -> Path:
    """Return a file of a chart's folder; raise 404 where it is missing or lies outside."""
    file = chart_file(chart, name)
    if file is None:
        raise HTTPException(404, "This chart has no such file. Ask for the chart again.")
    return file


@router.get("/{chart_id}/{part}", response_class=FileResponse, responses=_PARTS)
def chart_part(chart_id: RowId, part: Part) -> FileResponse:
    """The drums as MIDI, as printable notation, or as a text tab, to download."""
    name, media_type = _FILES[part]
    file = file_of(stored_chart(chart_id), name)
    song = file.parent.name
    return FileResponse(file, media_type=media_type, filename=f"{song}{file.suffix}")
