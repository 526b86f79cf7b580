"""/api/playlists: a person's playlists, and changes of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import Field

from assistant.web.contract.media import files_of
from assistant.web.contract.playlist_shapes import (
    ChangedPlaylist,
    ChangesMark,
    ListedPlaylist,
    PlaylistCharts,
    PlaylistReply,
)
from assistant.web.contract.shapes import Body, TrackId
from assistant.web.library_routes import download
from assistant.web.panel.own_playlists import (
    edited_playlist,
    own_playlist,
    playlist_context,
    shown_playlist,
)
from assistant.web.panel.page_language import PageLanguage
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from prompts import load
from store.playlists import playlist_changes, playlist_reading
from store.search.query import Name
from store.tracks import track_details
from tools.export_playlist import Format, export_bytes
from tools.playlist.candidates import LONGEST
from tools.saved_playlists import playlist_charts
from tools.saved_playlists.arranging import arrange
from tools.saved_playlists.filling import opened
from tools.tracks.track_facts import track_data, track_fact

router = APIRouter(prefix="/api/playlists", tags=["playlists"])

_CHANGED: Final[dict[str, Any]] = {
    "response_model": ChangedPlaylist,
    "response_model_exclude_unset": True,
}
_CHARTS: Final[dict[str, Any]] = {
    "response_model": PlaylistCharts,
    "response_model_exclude_unset": True,
}
_FILES: Final = files_of(
    "audio/x-mpegurl", "application/xspf+xml", "application/json", "application/xml", "text/csv"
)


class NewName(Body):
    """The name a playlist gets."""

    name: Name


class TrackOrder(Body):
    """All tracks of a playlist in their new order."""

    tracks: list[TrackId] = Field(max_length=10 * LONGEST)


class TrackLock(Body):
    """Whether a track keeps its place when others are replaced."""

    locked: bool


@router.get("", response_model=list[ListedPlaylist])
def playlists(request: Request) -> list[dict[str, Any]]:
    """The playlists of the person, the newest first, each with its first tracks."""
    found = playlist_reading.playlists(person=person_of(request))
    first = playlist_changes.first_tracks([each.id for each in found])
    numbers = {number for tracks in first.values() for number in tracks}
    rows = {row.id: track_data(track_fact(row)) for row in track_details.track_rows([*numbers])}
    covers = {
        playlist: [
            {name: rows[number][name] for name in ("id", "title", "cover_url")}
            for number in tracks
            if number in rows
        ]
        for playlist, tracks in first.items()
    }
    return [{**asdict(each), "covers": covers.get(each.id, [])} for each in found]


@router.get("/changes", response_model=ChangesMark)
def changes(request: Request) -> dict[str, str]:
    """A mark that is another one after each change of the person's playlists."""
    return {"mark": playlist_changes.changes_mark(person=person_of(request))}


@router.get("/{playlist_id}", response_model=PlaylistReply)
def playlist(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """A playlist in its order, filled anew first when it is due."""
    context = playlist_context(request, playlist_id, language)
    return shown_playlist(opened(own_playlist(request, playlist_id), context), language)


@router.patch("/{playlist_id}", **_CHANGED)
def rename(
    playlist_id: RowId, asked: NewName, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Rename a playlist."""
    return edited_playlist(request, playlist_id, language, "rename", name=asked.name)


@router.delete("/{playlist_id}", **_CHANGED)
def delete(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Delete a playlist; it can be brought back by `undo`."""
    return edited_playlist(request, playlist_id, language, "delete")


@router.post("/{playlist_id}/undo", **_CHANGED)
def undo(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Undo the last change, also the deletion."""
    return edited_playlist(request, playlist_id, language, "undo")


@router.post("/{playlist_id}/refill", **_CHANGED)
def refill(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Put other tracks in place of those that are not locked."""
    return edited_playlist(request, playlist_id, language, "refill")


@router.put("/{playlist_id}/tracks", response_model=PlaylistReply)
def order(
    playlist_id: RowId, asked: TrackOrder, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Put the tracks into another order; 409 where they are not those of the playlist any more."""
    saved = arrange(own_playlist(request, playlist_id), asked.tracks, language)
    if saved is None:
        raise HTTPException(409, load("panel", language)["changed_meanwhile"])
    return shown_playlist(saved, language)


@router.delete("/{playlist_id}/tracks/{track_id}", **_CHANGED)
def remove(
    playlist_id: RowId, track_id: RowId, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Remove a track."""
    return edited_playlist(request, playlist_id, language, "remove", tracks=[f"#{track_id}"])


@router.patch("/{playlist_id}/tracks/{track_id}", **_CHANGED)
def lock(
    playlist_id: RowId,
    track_id: RowId,
    asked: TrackLock,
    request: Request,
    language: PageLanguage,
) -> dict[str, Any]:
    """Lock a track in its place, or release it."""
    detail = own_playlist(request, playlist_id)
    locks = [entry.locked for entry in detail.entries if entry.track.id == track_id]
    if locks and all(locks) == asked.locked:
        return shown_playlist(detail, language)
    return edited_playlist(request, playlist_id, language, "lock", tracks=[f"#{track_id}"])


@router.get("/{playlist_id}/charts", **_CHARTS)
def charts(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """How far the drum charts of its tracks are."""
    return playlist_charts.chart_progress(own_playlist(request, playlist_id), language)


@router.post("/{playlist_id}/charts", **_CHARTS)
def make_charts(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Queue the drum charts of the tracks that have none."""
    detail = own_playlist(request, playlist_id)
    playlist_charts.queue_charts(detail)
    return playlist_charts.chart_progress(detail, language)


@router.delete("/{playlist_id}/charts", **_CHARTS)
def stop_charts(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Cancel the drum charts that are not made yet."""
    detail = own_playlist(request, playlist_id)
    playlist_charts.cancel_charts(detail)
    return playlist_charts.chart_progress(detail, language)


@router.get("/{playlist_id}/export.{format}", response_class=Response, responses=_FILES)
def export(playlist_id: RowId, format: Format, request: Request) -> Response:
    """A playlist as a file: m3u8, xspf, nsp, rekordbox or csv."""
    own_playlist(request, playlist_id)
    name, media_type, content = export_bytes(playlist_id, format)
    return Response(content, media_type=media_type, headers=download(name))
