"""/api/charts: single files of a drum chart's bundle."""

from __future__ import annotations

from typing import Final, Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from assistant.web.row_id import RowId
from store.charts import drum_charts
from store.settings import StoreSettings

router = APIRouter(prefix="/api/charts", tags=["charts"])

Part = Literal["midi", "notation", "tab"]
_FILES: Final[dict[Part, tuple[str, str]]] = {
    "midi": ("drums.mid", "audio/midi"),
    "notation": ("notation.svg", "image/svg+xml"),
    "tab": ("tab.txt", "text/plain; charset=utf-8"),
}


@router.get("/{chart_id}/{part}")
def chart_part(chart_id: RowId, part: Part) -> FileResponse:
    """The drums as MIDI, as printable notation, or as a text tab, to download."""
    chart = drum_charts.chart(chart_id)
    if chart is None:
        raise HTTPException(404, "There is no such chart.")
    name, media_type = _FILES[part]
    charts = StoreSettings().charts.resolve()
    file = (charts / chart.folder / name).resolve()
    if not file.is_relative_to(charts) or not file.is_file():
        raise HTTPException(404, "This chart has no such file. Ask for the chart again.")
    song = file.parent.name
    return FileResponse(file, media_type=media_type, filename=f"{song}{file.suffix}")
