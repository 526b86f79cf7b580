"""/api/playlists: a person's playlists, and changes of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.web.library_routes import download
from assistant.web.panel.page_language import PageLanguage
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from prompts import load
from store.playlists import playlist_changes, playlist_reading
from store.results import PlaylistDetail
from store.search.query import Name
from store.tracks import track_details
from tools import edit_playlist
from tools.base import ToolContext, ToolError
from tools.export_playlist import export_bytes
from tools.playlist.candidates import LONGEST
from tools.saved_playlists import playlist_charts
from tools.saved_playlists.arranging import arrange
from tools.saved_playlists.edit_actions import Action
from tools.saved_playlists.filling import opened
from tools.text.untrusted import shown
from tools.tracks.track_facts import track_data, track_fact

router = APIRouter(prefix="/api/playlists", tags=["playlists"])

TrackId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewName(_Body):
    """The name a playlist gets."""

    name: Name


class TrackOrder(_Body):
    """All tracks of a playlist in their new order."""

    tracks: list[TrackId] = Field(max_length=10 * LONGEST)


class TrackLock(_Body):
    """Whether a track keeps its place when others are replaced."""

    locked: bool


@router.get("")
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


@router.get("/changes")
def changes(request: Request) -> dict[str, str]:
    """A mark that is another one after each change of the person's playlists."""
    return {"mark": playlist_changes.changes_mark(person=person_of(request))}


@router.get("/{playlist_id}")
def playlist(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """A playlist in its order, filled anew first when it is due."""
    return _shown(opened(_own(request, playlist_id), _context(request, playlist_id, language)))


@router.patch("/{playlist_id}")
def rename(
    playlist_id: RowId, asked: NewName, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Rename a playlist."""
    return _edited(request, playlist_id, language, "rename", name=asked.name)


@router.delete("/{playlist_id}")
def delete(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Delete a playlist; it can be brought back by `undo`."""
    return _edited(request, playlist_id, language, "delete")


@router.post("/{playlist_id}/undo")
def undo(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Undo the last change, also the deletion."""
    return _edited(request, playlist_id, language, "undo")


@router.post("/{playlist_id}/refill")
def refill(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Put other tracks in place of those that are not locked."""
    return _edited(request, playlist_id, language, "refill")


@router.put("/{playlist_id}/tracks")
def order(
    playlist_id: RowId, asked: TrackOrder, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Put the tracks into another order; 409 where they are not those of the playlist any more."""
    saved = arrange(_own(request, playlist_id), asked.tracks, language)
    if saved is None:
        raise HTTPException(409, load("panel", language)["changed_meanwhile"])
    return _shown(saved)


@router.delete("/{playlist_id}/tracks/{track_id}")
def remove(
    playlist_id: RowId, track_id: RowId, request: Request, language: PageLanguage
) -> dict[str, Any]:
    """Remove a track."""
    return _edited(request, playlist_id, language, "remove", tracks=[f"#{track_id}"])


@router.patch("/{playlist_id}/tracks/{track_id}")
def lock(
    playlist_id: RowId,
    track_id: RowId,
    asked: TrackLock,
    request: Request,
    language: PageLanguage,
) -> dict[str, Any]:
    """Lock a track in its place, or release it."""
    detail = _own(request, playlist_id)
    locks = [entry.locked for entry in detail.entries if entry.track.id == track_id]
    if locks and all(locks) == asked.locked:
        return _shown(detail)
    return _edited(request, playlist_id, language, "lock", tracks=[f"#{track_id}"])


@router.get("/{playlist_id}/charts")
def charts(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """How far the drum charts of its tracks are."""
    return playlist_charts.chart_progress(_own(request, playlist_id), language)


@router.post("/{playlist_id}/charts")
def make_charts(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Queue the drum charts of the tracks that have none."""
    detail = _own(request, playlist_id)
    playlist_charts.queue_charts(detail)
    return playlist_charts.chart_progress(detail, language)


@router.delete("/{playlist_id}/charts")
def stop_charts(playlist_id: RowId, request: Request, language: PageLanguage) -> dict[str, Any]:
    """Cancel the drum charts that are not made yet."""
    detail = _own(request, playlist_id)
    playlist_charts.cancel_charts(detail)
    return playlist_charts.chart_progress(detail, language)


@router.get("/{playlist_id}/export.{format}")
def export(playlist_id: RowId, format: str, request: Request) -> Response:
    """A playlist as a file: m3u8, xspf, nsp, rekordbox or csv."""
    _own(request, playlist_id)
    name, media_type, content = export_bytes(playlist_id, format)
    return Response(content, media_type=media_type, headers=download(name))


def _own(request: Request, playlist_id: int, *, deleted: bool = False) -> PlaylistDetail:
    """Return a playlist of the person; 404 for one of somebody else."""
    found = playlist_reading.playlist(playlist_id, deleted=deleted)
    if found is None or found.person != person_of(request):
        raise HTTPException(404, "There is no such playlist.")
    return found


def _context(request: Request, playlist_id: int, language: str) -> ToolContext:
    return ToolContext(language=language, person=person_of(request), playlist_id=playlist_id)


def _edited(
    request: Request, playlist_id: int, language: str, action: Action, **arguments: Any
) -> dict[str, Any]:
    """Change a playlist as the conversation does; return it with the sentence said there."""
    _own(request, playlist_id, deleted=action == "undo")
    context = _context(request, playlist_id, language)
    try:
        result = edit_playlist.run(edit_playlist.arguments(action=action, **arguments), context)
    except ToolError as error:
        raise HTTPException(409, str(error)) from error
    said = {"said": edit_playlist.render(result, context).sentence}
    now = playlist_reading.playlist(playlist_id)
    return said if now is None else {**_shown(now), **said}


def _shown(detail: PlaylistDetail) -> dict[str, Any]:
    return {
        "id": detail.id,
        "name": shown(detail.name),
        "duration_s": detail.duration_s,
        "request": dict(detail.request),
        "undo": playlist_changes.last_change(detail.id),
        "entries": [
            {
                "position": entry.position,
                "reason": entry.reason,
                "locked": entry.locked,
                "track": track_data(track_fact(entry.track)),
            }
            for entry in detail.entries
        ],
    }
