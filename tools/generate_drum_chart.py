"""A drum chart of a track, made by the indexer as a job."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from store.charts import drum_charts
from store.charts.current_charts import current_chart, is_older, older_chart
from store.charts.exported_charts import PART_FILES
from store.jobs import indexer_state, job_queue, job_reports
from store.results import ChartDetail, JobRow
from store.search.query import Name
from store.settings import StoreSettings
from store.tracks import track_details
from store.vocabulary import LEVELS, Level
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.text.words import Language, failure_text, listed, say
from tools.tracks.track_facts import find_track, label

POLL_S: Final = 0.25
"""Time between looks at the job: progress moves smoothly, the database hardly notices."""


class GenerateDrumChartArguments(Arguments):
    """A track and the levels wanted."""

    track: Name = Field(description="Title, or artist and title, of the track to chart")
    levels: list[Level] = Field([], description="Levels to write; all when empty")


class GenerateDrumChart:
    """Queue a chart, wait a while, hand over the bundle or the job."""

    name = "generate_drum_chart"
    description = "Make a DTX drum chart of a track, to download and play."
    arguments = GenerateDrumChartArguments

    def run(self, arguments: GenerateDrumChartArguments, context: ToolContext) -> ToolResult:
        """Queue the job and wait up to `context.wait_s` for it.

        A chart of an older version is handed out at once, unless `context.remake` is set.
        """
        track_id = find_track(arguments.track, context)
        levels = [level for level in LEVELS if level in arguments.levels] or list(LEVELS)
        row = track_details.track_rows([track_id])[0]
        facts: dict[str, Any] = {
            "track_id": track_id,
            "name": label(row.title, row.artist),
            "levels": levels,
            "indexer_alive": indexer_state.indexer_alive(),
        }
        chart = existing_chart(track_id, levels, remake=context.remake)
        if chart is not None:
            facts |= {"job_id": None, "state": "done", "progress": 1.0, "step": ""}
            return ToolResult(facts={**facts, "chart": chart_fact(chart)}, track_ids=(track_id,))
        job = _wait(queue_chart(track_id, levels), context)
        chart = _chart_of(job, track_id, facts["name"], context.language)
        facts |= {
            "job_id": job.id,
            "state": job.state,
            "progress": round(job.progress, 2),
            "step": job.step,
            "chart": chart_fact(chart) if chart else None,
        }
        return ToolResult(facts=facts, track_ids=(track_id,), job_id=None if chart else job.id)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The bundle to download, or how far the job is."""
        facts, language = result.facts, context.language
        job_id = facts["job_id"]
        data = {**facts, "job_url": None if job_id is None else f"/api/jobs/{job_id}"}
        chart: Mapping[str, Any] | None = facts["chart"]
        if chart is None:
            key = (
                "generate_drum_chart.running"
                if facts["indexer_alive"]
                else "generate_drum_chart.no_indexer"
            )
            return Rendering(say(language, key, name=facts["name"]), "chart", data)
        levels = listed(language, [level for level in LEVELS if level in chart["levels"]])
        sentence = say(language, "generate_drum_chart.done", name=facts["name"], levels=levels)
        if chart["older"]:
            sentence += " " + say(language, "chart.older")
        return Rendering(sentence, "chart", {**data, **chart_data(chart)})


def chart_fact(chart: ChartDetail) -> dict[str, Any]:
    """A finished chart: its id, tempo, the notes of each level, its files, and whether an older
    version of Backbeat made it."""
    charts = StoreSettings().charts
    folder = charts / chart.folder
    return {
        "id": chart.id,
        "track_id": chart.track_id,
        "bpm": round(chart.bpm, 2),
        "levels": {level: dict(values) for level, values in chart.levels.items()},
        "older": is_older(chart, version=indexer_state.chart_version()),
        "has_picture": chart.picture is not None and (charts / chart.picture).is_file(),
        "parts": [part for part, file in PART_FILES.items() if (folder / file).is_file()],
    }


def chart_data(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Where a chart, its picture and its single files are."""
    picture = f"/api/charts/{chart['id']}/picture" if chart["has_picture"] else None
    return {
        "chart_id": chart["id"],
        "url": f"/api/charts/{chart['id']}.zip",
        "picture_url": picture,
        "files": {part: f"/api/charts/{chart['id']}/{part}" for part in chart["parts"]},
    }


def existing_chart(
    track_id: int, levels: Sequence[str], *, remake: bool = False
) -> ChartDetail | None:
    """Return the current chart of a track, else an older one unless it is to be made again."""
    version = indexer_state.chart_version()
    chart = current_chart(track_id, levels, version=version)
    return chart if chart or remake else older_chart(track_id, levels, version=version)


def queue_chart(
    track_id: int, levels: Sequence[str], *, priority: int = job_queue.CHART_PRIORITY
) -> JobRow:
    """Queue the chart of a track; return its job."""
    return job_queue.enqueue(
        "chart",
        f"{track_id}:{'+'.join(levels)}",
        priority=priority,
        track_id=track_id,
        payload={"levels": list(levels)},
    )


def _wait(job: JobRow, context: ToolContext) -> JobRow:
    """Follow the job until it is over or the time is up, passing on its progress."""
    until = time.monotonic() + context.wait_s
    told = None
    while job.state in ("queued", "running"):
        if (job.progress, job.step) != told:
            told = (job.progress, job.step)
            step = job.step or say(context.language, "generate_drum_chart.queued")
            context.progress(job.progress, step)
        if time.monotonic() >= until or (
            job.state == "queued" and not indexer_state.indexer_alive()
        ):
            break
        time.sleep(min(POLL_S, max(until - time.monotonic(), 0.0)))
        job = job_reports.job(job.id) or job
    return job


def _chart_of(job: JobRow, track_id: int, name: str, language: Language) -> ChartDetail | None:
    """The chart that a job made; None while it is at it.

    Raises:
        ToolError: It failed, or its chart is gone.
    """
    if job.state in ("failed", "cancelled"):
        raise ToolError(
            say(
                language,
                "generate_drum_chart.failed",
                name=name,
                reason=failure_reason(job, language),
            )
        )
    if job.state != "done":
        return None
    chart_id = job.result.get("chart_id")
    made = drum_charts.charts_of(track_id)
    chart = drum_charts.chart(chart_id) if isinstance(chart_id, int) else next(iter(made), None)
    if chart is None:
        raise ToolError(say(language, "generate_drum_chart.lost", name=name))
    return chart


def failure_reason(job: JobRow, language: Language) -> str:
    """Return why a job failed: by the code that the indexer gives, else in its own words."""
    code = "cancelled" if job.state == "cancelled" else str(job.result.get("code", ""))
    return failure_text(language, "chart_failures", code=code, reason=job.reason or job.state)


generate_drum_chart = GenerateDrumChart()
