"""/api/stats: the library in numbers."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.web.contract.shapes import Reply
from store.jobs import job_reports, library_status
from store.library.counting import By, groups
from store.search.query import TrackQuery
from tools.text.untrusted import shown

router = APIRouter(prefix="/api", tags=["library"])

GROUPS_AT_MOST = 100


class Stats(Reply):
    """The library in numbers: name → tracks, the most first, but decades in their order."""

    tracks: int
    artists: int
    albums: int
    playlists: int
    charts: int
    duration_s: float
    analysed: int
    failed: int
    jobs: dict[str, int]
    genres: dict[str, int]
    moods: dict[str, int]
    decades: dict[str, int]
    keys: dict[str, int]
    formats: dict[str, int]


@router.get("/stats")
def stats() -> Stats:
    """Return the library in numbers."""
    status = library_status.read_status(failures=0)
    return Stats(
        tracks=status.tracks,
        artists=status.artists,
        albums=status.albums,
        playlists=status.playlists,
        charts=status.charts,
        duration_s=round(status.duration_s, 1),
        analysed=status.analysed,
        failed=status.failed,
        jobs=job_reports.counts(),
        genres=_counted("genre"),
        moods=dict(status.moods),
        decades=dict(sorted(_counted("decade").items())),
        keys=_counted("key"),
        formats=_counted("format"),
    )


def _counted(by: By) -> dict[str, int]:
    found = groups(TrackQuery(), by)[:GROUPS_AT_MOST]
    return {shown(group.name): group.tracks for group in found}
