"""/api/tracks: search, details, sound, cover, analysis. Requests name files by id."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse

from assistant.web.audio_conversion import NotPlayableError, flac_copy
from assistant.web.browser_language import language_of
from assistant.web.player.lyrics_files import lyrics_of
from assistant.web.row_id import RowId
from store.library import mir_exchange
from store.results import StoreError, TrackDetail
from store.search.query import TrackQuery
from store.tracks import track_details
from tools.base import ToolContext
from tools.search_tracks import search_tracks
from tools.text.lyrics import parse_lyrics
from tools.tracks import summary

router = APIRouter(prefix="/api/tracks", tags=["tracks"])

MEDIA_TYPES: Final = {
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".wma": "audio/x-ms-wma",
}
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_CACHE_ONE_DAY: Final = "private, max-age=86400"


@router.get("")
def search(query: Annotated[TrackQuery, Query()]) -> dict[str, Any]:
    """Tracks that fit a query given in the address."""
    return _found(query)


@router.post("")
def search_by_body(query: TrackQuery) -> dict[str, Any]:
    """Tracks that fit a query given as JSON."""
    return _found(query)


@router.get("/{track_id}")
def details(track_id: RowId) -> dict[str, Any]:
    """Everything known of a track, but where its file is."""
    values = asdict(_detail(track_id))
    del values["path"]
    return values


@router.get("/{track_id}/audio")
def audio(track_id: RowId, as_flac: bool = False) -> FileResponse:
    """The sound as it lies on the disk, in ranges where asked; `as_flac` for any browser."""
    try:
        file: Path = track_details.track_file(track_id)
    except StoreError as error:  # its message contains the path, which must not be disclosed
        raise HTTPException(404, "This track or its file is not there any more.") from error
    if as_flac:
        try:
            file = flac_copy(file, track_id)
        except NotPlayableError as error:
            raise HTTPException(415, str(error)) from error
    media_type = MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream")
    return FileResponse(file, media_type=media_type, headers={"Cache-Control": "private"})


@router.get("/{track_id}/cover")
def cover(track_id: RowId) -> Response:
    """The picture embedded in the file."""
    found = track_details.cover(track_id)
    if found is None or found[0] not in _PICTURES:
        raise HTTPException(404, "This track has no cover.")
    mime, data = found
    return Response(data, media_type=mime, headers={"Cache-Control": _CACHE_ONE_DAY})


@router.get("/{track_id}/lyrics")
def lyrics(track_id: RowId) -> dict[str, Any]:
    """The lyrics from the file beside the track or from its tags, line by line."""
    try:
        text = lyrics_of(track_details.track_file(track_id))
    except StoreError as error:
        raise HTTPException(404, "This track or its file is not there any more.") from error
    lines = parse_lyrics(text or "")
    return {"lines": [{"time_s": line.time_s, "text": line.text} for line in lines]}


@router.get("/{track_id}/mir-summary")
def mir_summary(
    track_id: RowId,
    lang: str | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> dict[str, Any]:
    """What the track sounds like, in a sentence, with the context for a conversation."""
    return summary.mir_summary(_detail(track_id), language_of(lang, accept_language))


@router.get("/{track_id}/mir")
def mir(track_id: RowId) -> dict[str, object]:
    """The analysis in the exchange format."""
    exchange = mir_exchange.mir_exchange(track_id)
    if exchange is None:
        raise HTTPException(404, "There is no such track.")
    return exchange


@router.post("/{track_id}/mir", status_code=204)
async def store_mir(track_id: RowId, request: Request) -> None:
    """Take over an analysis in the exchange format."""
    try:
        exchange = await request.json()
    except ValueError as error:
        raise HTTPException(422, "Expected JSON in the exchange format.") from error
    if not isinstance(exchange, dict):
        raise HTTPException(422, "Expected an object in the exchange format.")
    mir_exchange.store_mir(track_id, exchange)


def _detail(track_id: int) -> TrackDetail:
    detail = track_details.track(track_id)
    if detail is None:
        raise HTTPException(404, "There is no such track.")
    return detail


def _found(query: TrackQuery) -> dict[str, Any]:
    context = ToolContext()
    result = search_tracks.run(query, context)
    return {"facts": dict(result.facts), **search_tracks.render(result, context).data}
