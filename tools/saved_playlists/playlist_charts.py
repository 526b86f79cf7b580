"""Drum charts of all tracks of a playlist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from store.charts import drum_charts
from store.charts.current_charts import shown_charts
from store.jobs import indexer_state, job_queue, job_reports
from store.results import JobRow, PlaylistDetail
from store.vocabulary import LEVELS
from tools.generate_drum_chart import existing_chart, failure_reason, queue_chart
from tools.text.words import Language

PLAYLIST_PRIORITY: Final = job_queue.CHART_PRIORITY + 10
"""A single chart that a person waits for goes before those of a playlist."""
_OPEN: Final = ("queued", "running")


def queue_charts(detail: PlaylistDetail) -> int:
    """Queue the charts of the tracks that have none; return how many."""
    tracks = dict.fromkeys(entry.track.id for entry in detail.entries)
    missing = [number for number in tracks if existing_chart(number, LEVELS) is None]
    for number in missing:
        queue_chart(number, LEVELS, priority=PLAYLIST_PRIORITY)
    return len(missing)


def cancel_charts(detail: PlaylistDetail) -> int:
    """Cancel the charts of a playlist that are not made yet; return how many."""
    jobs = job_reports.newest_of_tracks("chart", [entry.track.id for entry in detail.entries])
    waiting = [job for job in jobs.values() if job.state in _OPEN]
    return sum(job_queue.cancel(job.id) for job in waiting)


def chart_progress(detail: PlaylistDetail, language: Language) -> dict[str, Any]:
    """Return how far the charts of a playlist are, each by its track."""
    ids = [entry.track.id for entry in detail.entries]
    jobs, charts = job_reports.newest_of_tracks("chart", ids), _charts(ids)
    tracks = {
        number: state
        for number in dict.fromkeys(ids)
        if (state := _state(jobs.get(number), charts.get(number), language))
    }
    states = [state["state"] for state in tracks.values()]
    return {
        "tracks": tracks,
        "total": len(set(ids)),
        "done": states.count("done"),
        "open": sum(state in _OPEN for state in states),
        "failed": states.count("failed"),
        "indexer_alive": indexer_state.indexer_alive(),
    }


def _charts(track_ids: Sequence[int]) -> dict[int, int]:
    """Return track → its chart of all levels, else one of fewer."""
    version = indexer_state.chart_version()
    found = {
        number: existing_chart(number, LEVELS)
        or next(iter(shown_charts(number, version=version)), None)
        for number in drum_charts.charted(track_ids)
    }
    return {number: chart.id for number, chart in found.items() if chart is not None}


def _state(job: JobRow | None, chart: int | None, language: Language) -> dict[str, Any] | None:
    if job is not None and job.state in _OPEN:
        return {"state": job.state, "progress": round(job.progress, 2)}
    if chart is not None:
        return {"state": "done", "url": f"/api/charts/{chart}.zip"}
    if job is not None and job.state == "failed":
        return {"state": "failed", "reason": failure_reason(job, language)}
    return None
