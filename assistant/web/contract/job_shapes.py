"""Replies about jobs, charts and the state of the library."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from assistant.web.contract.shapes import Reply
from store.results import JobRow


class Chart(Reply):
    """A finished drum chart, and where its files are; `levels` have notes and difficulty."""

    id: int
    chart_id: int
    track_id: int
    bpm: float
    levels: dict[str, dict[str, Any]]
    older: bool = Field(description="Whether an older version of Backbeat made it")
    has_picture: bool
    parts: list[str]
    url: str
    picture_url: str | None
    files: dict[str, str]


class JobReply(Reply):
    """How far a job is; `chart` where it made one."""

    id: int
    kind: str
    state: str
    progress: float
    step: str
    reason: str | None
    code: str | None
    track_id: int | None
    chart: Chart | None = None


class FailedFileReply(Reply):
    """A file that could not be analysed."""

    name: str
    path: str
    reason: str
    attempts: int


class AwayFolderReply(Reply):
    """A folder that cannot be seen, and the tracks that are away with it."""

    id: int
    folder: str
    tracks: int


class StatusReply(Reply):
    """Counts, progress and failures of the library; `genres` and `moods` are name → tracks.

    `notes` are sentences on what is away or left out.
    """

    tracks: int
    artists: int
    albums: int
    playlists: int
    charts: int
    duration_s: int
    analysed: int
    queued: int
    running: int
    failed: int
    failures: list[FailedFileReply]
    genres: dict[str, int]
    moods: dict[str, int]
    away: list[AwayFolderReply]
    notes: list[str]
    indexer_alive: bool
    paused: str | None
    rate_per_minute: float | None
    eta_s: float | None


def job_values(job: JobRow) -> dict[str, Any]:
    """Return a job as JSON-able values."""
    code = job.result.get("code")
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "progress": job.progress,
        "step": job.step,
        "reason": job.reason,
        "code": None if code is None else str(code),
        "track_id": job.track_id,
    }
