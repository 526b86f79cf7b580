"""/api/browse/folders and /failed: the folders of the music, and files that could not be read.

Paths begin at the top folder of the music: where that is on the machine is not told.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query

from assistant.web.browse.list_routes import Limit, Offset
from assistant.web.browse.shown_entries import shown_tracks
from assistant.web.panel.page_language import PageLanguage
from store.browse import folder_list
from store.jobs import job_reports
from store.jobs.indexing_progress import failed_jobs
from store.paths import shown_path
from tools.text.untrusted import shown
from tools.text.words import failure_text

router = APIRouter(prefix="/api/browse", include_in_schema=False)

PLAYED_AT_ONCE: Final = 1000
"""Tracks of a folder that become the queue."""
FolderPath = Annotated[str, Query(max_length=4096)]


@router.get("/folders")
def folder(path: FolderPath = "") -> dict[str, Any]:
    """A folder and those directly inside, each with its path and its number of tracks."""
    found = folder_list.folder_entry(path)
    if found is None and path:
        raise HTTPException(404, "There is no such folder.")
    top = folder_list.top_folder()
    name = PurePath(path or top or "").name
    return {
        "path": path,
        "name": shown(shown_path(name)),
        "tracks": found.tracks if found else 0,
        "files": found.files if found else 0,
        "folders": [
            {
                "path": f"{path}/{one.name}" if path else one.name,
                "name": shown(shown_path(one.name)),
                "tracks": one.tracks,
            }
            for one in (found.folders if found else ())
        ],
    }


@router.get("/folders/tracks")
def folder_tracks(
    language: PageLanguage, path: FolderPath = "", offset: Offset = 0, limit: Limit = 100
) -> list[dict[str, Any]]:
    """Tracks directly in a folder, by file name."""
    found = folder_list.folder_tracks(path, offset=offset, limit=limit)
    return shown_tracks(found, language)


@router.get("/folders/below")
def below(path: FolderPath = "") -> list[int]:
    """Ids of the first tracks in a folder and below, by path: what "play" plays."""
    return list(folder_list.track_ids_below(path, limit=PLAYED_AT_ONCE))


@router.get("/failed")
def failed(language: PageLanguage, offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
    """Files that could not be analysed, the last first, with the reasons."""
    return {
        "total": job_reports.counts("analyse").get("failed", 0),
        "entries": [
            {
                "job": one.id,
                "name": shown(PurePath(shown_path(one.path)).name),
                "folder": shown(
                    str(PurePath(shown_path(str(folder_list.path_from_top(one.path)))).parent),
                    limit=200,
                ),
                "reason": failure_text(language, "file_failures", code=one.code, reason=one.reason),
            }
            for one in failed_jobs(offset=offset, limit=limit)
        ],
    }
