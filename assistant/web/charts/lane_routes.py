"""/api/charts: what the lanes of a chart need: notes with their times, music, sounds, texts."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Path
from fastapi.responses import FileResponse

from assistant.settings import current
from assistant.web.browser_language import language_of
from assistant.web.charts.chart_routes import file_of, stored_chart
from assistant.web.row_id import RowId
from prompts import load
from store.charts.lane_files import lanes_file

router = APIRouter(prefix="/api/charts", include_in_schema=False)

SoundName = Annotated[str, Path(pattern=r"^[a-z_]{1,30}\.ogg$")]


@router.get("/{chart_id}/lanes")
def lanes(chart_id: RowId) -> dict[str, Any]:
    """The notes of all levels with their times in seconds of the recording, bars, beats, music.

    `music` are the whole recording and the same with its drums turned down, each with the
    recording time of its first sample.
    """
    chart = stored_chart(chart_id)
    file = lanes_file(chart)
    if file is None:
        raise HTTPException(404, "The notes of this chart are not prepared yet.")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    sounds = f"/api/charts/{chart_id}/sounds"
    music = {"full": {"url": f"/api/tracks/{chart.track_id}/audio", "start_s": 0.0}}
    bgm_s = found.pop("bgm_s")
    if bgm_s is not None:
        music["reduced"] = {"url": f"{sounds}/bgm.ogg", "start_s": bgm_s}
    return {
        "id": chart.id,
        "track_id": chart.track_id,
        "title": chart.title,
        "artist": chart.artist,
        "bpm": chart.bpm,
        "music": music,
        **found,
        "sounds": {name.removesuffix(".ogg"): f"{sounds}/{name}" for name in found["sounds"]},
    }


@router.get("/{chart_id}/sounds/{name}")
def sound(chart_id: RowId, name: SoundName) -> FileResponse:
    """A sound of the bundle: the music or a drum."""
    file = file_of(stored_chart(chart_id), name)
    headers = {"Cache-Control": "private, max-age=3600"}
    return FileResponse(file, media_type="audio/ogg", headers=headers)


@router.get("/lanes/texts")
def texts(
    lang: str | None = None, accept_language: Annotated[str | None, Header()] = None
) -> dict[str, Any]:
    """The texts of the lanes in the language of the settings, else of the browser."""
    locale = current().locale
    language = language_of(lang, accept_language) if locale == "auto" else locale
    return dict(load("lanes", language))
