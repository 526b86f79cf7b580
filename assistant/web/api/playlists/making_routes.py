"""/api/playlists: playlists made of tracks or from a file, and tracks added to them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import Field

from assistant.web.contract.playlist_shapes import (
    ChangedPlaylist,
    ImportedPlaylist,
    PlaylistReply,
)
from assistant.web.contract.shapes import Body, TrackId
from assistant.web.panel.own_playlists import edited_playlist, shown_playlist
from assistant.web.panel.page_language import PageLanguage
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from store.playlists import playlist_writing
from store.search.query import Name
from store.tracks import track_details
from tools.playlist.candidates import LONGEST
from tools.saved_playlists.file_matching import matched
from tools.saved_playlists.file_reading import ImportFormat, PlaylistFileError, read_playlist
from tools.saved_playlists.filling import entries_of
from tools.text.untrusted import shown

router = APIRouter(prefix="/api/playlists", tags=["playlists"])

LARGEST_FILE: Final = 4 * 1024 * 1024
"""Bytes; some 20,000 entries."""
_FILE: Final = {
    "requestBody": {
        "required": True,
        "description": "The playlist file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Tracks = Annotated[list[TrackId], Field(max_length=10 * LONGEST)]


class NewPlaylist(Body):
    """A name and the tracks in their order; an empty playlist can be filled later."""

    name: Name
    tracks: Tracks = Field(default=[])


class AddedTracks(Body):
    """Tracks to add, at the end or at a place (1 is the first)."""

    tracks: Annotated[list[TrackId], Field(min_length=1, max_length=200)]
    position: Annotated[int, Field(ge=1, le=1000)] | None = None


@router.post("", status_code=201, response_model=PlaylistReply)
def create(asked: NewPlaylist, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Make a playlist of tracks; a name that there is already gets a number."""
    return _saved(asked.name, asked.tracks, request, language)


@router.post("/import", status_code=201, response_model=ImportedPlaylist, openapi_extra=_FILE)
async def import_file(
    request: Request,
    language: PageLanguage,
    format: ImportFormat = "m3u8",
    name: Annotated[str, Query(max_length=200, description="Else the name in the file")] = "",
) -> dict[str, Any]:
    """Make a playlist from an M3U or XSPF file, of its tracks that the library has.

    They are found by file name and folders, else by artist and title; no path is opened.
    """
    content = await _body(request)
    return await asyncio.to_thread(_imported, content, format, name, request, language)


@router.post(
    "/{playlist_id}/tracks", response_model=ChangedPlaylist, response_model_exclude_unset=True
)
def add(
    playlist_id: RowId, asked: AddedTracks, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Add tracks that are not in the playlist yet."""
    _require(asked.tracks)
    names = [f"#{number}" for number in asked.tracks]
    return edited_playlist(
        request, playlist_id, language, "add", tracks=names, position=asked.position
    )


def _saved(name: str, tracks: list[int], request: Request, language: str) -> dict[str, Any]:
    _require(tracks)
    entries = entries_of([(number, False) for number in tracks], language)
    saved = playlist_writing.save_playlist(
        name,
        [(entry.track_id, entry.reason) for entry in entries],
        {},
        person=person_of(request),
    )
    return shown_playlist(saved)


def _imported(
    content: bytes, format: ImportFormat, name: str, request: Request, language: str
) -> dict[str, Any]:
    try:
        found = read_playlist(content, format)
    except PlaylistFileError as error:
        raise HTTPException(422, str(error)) from error
    ids, missing = matched(found.entries)
    if not ids:
        raise HTTPException(422, "None of these tracks is in the library.")
    saved = _saved(name or found.name or "Playlist", ids, request, language)
    return {**saved, "matched": len(ids), "missing": [shown(label) for label in missing]}


def _require(tracks: list[int]) -> None:
    wanted = set(tracks)
    if len(track_details.track_rows(sorted(wanted))) < len(wanted):
        raise HTTPException(404, "There is no such track.")


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LARGEST_FILE:
            raise HTTPException(413, f"A playlist file has {LARGEST_FILE} bytes at most.")
    return bytes(content)
