"""/api/browse/tracks: what the page of a track shows, its waveform, tracks like it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.web.audio_conversion import NotPlayableError, sound_file
from assistant.web.browse.track_view import track_view
from assistant.web.browse.waveform import NoWaveformError, waveform
from assistant.web.panel.page_language import PageLanguage
from assistant.web.results.track_rows import shown_row
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from prompts import load
from store.library.track_sheet import track_places, track_sheet
from store.results import StoreError, UnavailableError
from store.tracks import track_details
from tools.base import ToolContext, ToolError
from tools.find_similar import find_similar

router = APIRouter(prefix="/api/browse/tracks", include_in_schema=False)

SIMILAR: Final = 10


@router.get("/{track_id}")
def track(track_id: RowId, language: PageLanguage, request: Request) -> dict[str, Any]:
    """Everything the page of a track shows, but its waveform and the tracks like it."""
    detail, sheet = track_details.track(track_id), track_sheet(track_id)
    if detail is None or sheet is None:
        raise HTTPException(404, "There is no such track.")
    return track_view(detail, sheet, language, person=person_of(request))


@router.get("/{track_id}/places")
def places(track_id: RowId) -> dict[str, int | None]:
    """The artist and the album of a track."""
    found = track_places(track_id)
    if found is None:
        raise HTTPException(404, "There is no such track.")
    return asdict(found)


@router.get("/{track_id}/waveform")
async def track_waveform(
    track_id: RowId, response: Response, language: PageLanguage
) -> dict[str, Any]:
    """Peaks and levels from beginning to end, 0..255; computed on the first request."""
    texts = load("library", language)
    try:
        file = await run_in_threadpool(sound_file, track_id)
        peaks, levels = await waveform(file, track_id)
    except UnavailableError:
        raise
    except StoreError as error:  # its message contains the path, which must not be disclosed
        raise HTTPException(404, texts["file_gone"]) from error
    except (NoWaveformError, NotPlayableError, OSError) as error:
        raise HTTPException(422, texts["no_waveform"]) from error
    response.headers["Cache-Control"] = "private, max-age=3600"
    return {"peaks": peaks, "levels": levels}


@router.get("/{track_id}/similar")
def similar(track_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Tracks that sound like it, each with the reasons; or why there are none."""
    name = f"#{track_id}"
    context = ToolContext(language=language, person=person_of(request), entities={name: track_id})
    arguments = find_similar.arguments(track=name, limit=SIMILAR)
    try:
        result = find_similar.run(arguments, context)
    except ToolError as error:
        return {"rows": [], "none": str(error)}
    rendering = find_similar.render(result, context)
    rows = [shown_row(row, language) for row in rendering.data.get("tracks", ())]
    return {"rows": rows, "none": None if rows else rendering.sentence}
