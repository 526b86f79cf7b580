"""/api/charts: single files of a drum chart's bundle."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Literal

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import FileResponse, StreamingResponse

from assistant.web.contract.media import files_of
from assistant.web.row_id import RowId
from store.charts import drum_charts
from store.charts.exported_charts import PACKED, PART_FILES, write_game_zip
from store.charts.lane_files import chart_file
from store.results import ChartDetail

router = APIRouter(prefix="/api/charts", tags=["charts"])

Part = Literal["midi", "notation", "tab", "musicxml", "chart-file", "clone-hero"]
_MEDIA_TYPES: Final[dict[Part, str]] = {
    "midi": "audio/midi",
    "notation": "image/svg+xml",
    "tab": "text/plain; charset=utf-8",
    "musicxml": "application/vnd.recordare.musicxml+xml",
    "chart-file": "text/plain; charset=utf-8",
    "clone-hero": "application/zip",
}


_PARTS: Final = files_of(
    *(media_type.partition(";")[0] for media_type in dict.fromkeys(_MEDIA_TYPES.values())),
    ranges=True,
)


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
def chart_part(chart_id: RowId, part: Part) -> Response:
    """The drums for another program, to download: MIDI, printable notation, a text tab, MusicXML,
    `.chart`, or the song folder of Clone Hero and YARG.
    """
    media_type = _MEDIA_TYPES[part]
    file = file_of(stored_chart(chart_id), PART_FILES[part])
    song = file.parent.name
    if part != PACKED:
        return FileResponse(file, media_type=media_type, filename=f"{song}{file.suffix}")
    packed = TemporaryFile()  # noqa: SIM115 (closed when it is sent)
    write_game_zip(file.parent, packed)
    size = packed.tell()
    packed.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{song}-{part}.zip"',
               "Content-Length": str(size)}  # fmt: skip
    return StreamingResponse(packed, media_type=media_type, headers=headers)
