"""/api/tracks: details, sound, cover, lyrics. Requests name files by id."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import FileResponse

from assistant.web.audio_conversion import NotPlayableError, flac_copy
from assistant.web.contract.detail_shapes import Lyrics, LyricsLineReply, TrackDetails
from assistant.web.contract.media import AUDIO, PICTURE
from assistant.web.player.lyrics_files import lyrics_of
from assistant.web.row_id import RowId
from store.results import StoreError, TrackDetail, UnavailableError
from store.tracks import track_details
from tools.text.lyrics import parse_lyrics

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


@router.get("/{track_id}")
def details(track_id: RowId) -> TrackDetails:
    """Return everything known of a track, but where its file is."""
    return TrackDetails.model_validate(asdict(_detail(track_id)))


@router.get("/{track_id}/audio", response_class=FileResponse, responses=AUDIO)
def audio(track_id: RowId, as_flac: bool = False) -> FileResponse:
    """The sound as it lies on the disk, in ranges where asked; `as_flac` for any browser.

    A track that is a part of a file comes as FLAC.
    """
    try:
        sound = track_details.track_sound(track_id)
    except UnavailableError:
        raise
    except StoreError as error:  # its message contains the path, which must not be disclosed
        raise HTTPException(404, "This track or its file is not there any more.") from error
    file: Path = sound.path
    if as_flac or sound.is_part:
        try:
            file = flac_copy(sound, track_id)
        except NotPlayableError as error:
            raise HTTPException(415, str(error)) from error
    media_type = MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream")
    return FileResponse(file, media_type=media_type, headers={"Cache-Control": "private"})


@router.get("/{track_id}/cover", response_class=Response, responses=PICTURE)
def cover(track_id: RowId) -> Response:
    """The picture embedded in the file."""
    found = track_details.cover(track_id)
    if found is None or found[0] not in _PICTURES:
        raise HTTPException(404, "This track has no cover.")
    mime, data = found
    return Response(data, media_type=mime, headers={"Cache-Control": _CACHE_ONE_DAY})


@router.get("/{track_id}/lyrics")
def lyrics(track_id: RowId) -> Lyrics:
    """Return the lyrics from the file beside the track or from its tags, line by line."""
    try:
        text = lyrics_of(track_details.track_file(track_id))
    except UnavailableError:
        raise
    except StoreError as error:
        raise HTTPException(404, "This track or its file is not there any more.") from error
    lines = parse_lyrics(text or "")
    listed = [LyricsLineReply(time_s=line.time_s, text=line.text) for line in lines]
    return Lyrics(lines=listed)


def _detail(track_id: int) -> TrackDetail:
    detail = track_details.track(track_id)
    if detail is None:
        raise HTTPException(404, "There is no such track.")
    return detail
