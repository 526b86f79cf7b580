"""A drum chart of a track: the work is queued for the indexer, which has the means."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from store import jobs, queries, state
from store.query import Name
from store.results import ChartDetail, JobRow
from store.vocabulary import LEVELS, Level
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.track_facts import find_track, label
from tools.untrusted import shown
from tools.words import listed, say

PARTS: Final = ("midi", "notation", "tab")
"""Files of a bundle that can be had one by one."""
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
        """Queue the job and wait up to `context.wait_s` for it."""
        track_id = find_track(arguments.track, context.language)
        levels = [level for level in LEVELS if level in arguments.levels] or list(LEVELS)
        row = queries.track_rows([track_id])[0]
        name = label(row.title, row.artist)
        job = jobs.enqueue(
            "chart",
            f"{track_id}:{'+'.join(levels)}",
            priority=jobs.CHART_PRIORITY,
            track_id=track_id,
            payload={"levels": levels},
        )
        job = _wait(job, context)
        if job.state in ("failed", "cancelled"):
            reason = shown(job.reason or job.state, limit=300)
            raise ToolError(say(context.language, "chart.failed", name=name, reason=reason))
        facts: dict[str, Any] = {
            "track_id": track_id,
            "name": name,
            "levels": levels,
            "job_id": job.id,
            "state": job.state,
            "progress": round(job.progress, 2),
            "step": job.step,
            "indexer_alive": state.indexer_alive(),
            "chart": None,
        }
        if job.state == "done":
            chart = _finished(job, track_id)
            if chart is None:
                raise ToolError(say(context.language, "chart.lost", name=name))
            facts["chart"] = chart_fact(chart)
            return ToolResult(facts=facts, track_ids=(track_id,))
        return ToolResult(facts=facts, track_ids=(track_id,), job_id=job.id)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The bundle to download, or how far the job is."""
        facts, language = result.facts, context.language
        data = {**facts, "job_url": f"/api/jobs/{facts['job_id']}"}
        chart: Mapping[str, Any] | None = facts["chart"]
        if chart is None:
            key = "chart.running" if facts["indexer_alive"] else "chart.no_indexer"
            return Rendering(say(language, key, name=facts["name"]), "chart", data)
        levels = listed(language, [level for level in LEVELS if level in chart["levels"]])
        sentence = say(language, "chart.done", name=facts["name"], levels=levels)
        return Rendering(sentence, "chart", {**data, **chart_data(chart)})


def chart_fact(chart: ChartDetail) -> dict[str, Any]:
    """A finished chart: its id, tempo and the notes of each level."""
    return {
        "id": chart.id,
        "track_id": chart.track_id,
        "bpm": round(chart.bpm, 2),
        "levels": {level: dict(values) for level, values in chart.levels.items()},
        "has_picture": chart.picture is not None,
    }


def chart_data(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Where a chart, its picture and its single files are."""
    picture = f"/api/charts/{chart['id']}/picture" if chart["has_picture"] else None
    return {
        "chart_id": chart["id"],
        "url": f"/api/charts/{chart['id']}.zip",
        "picture_url": picture,
        "files": {part: f"/api/charts/{chart['id']}/{part}" for part in PARTS},
    }


def _wait(job: JobRow, context: ToolContext) -> JobRow:
    """Follow the job until it is over or the time is up, passing on its progress."""
    until = time.monotonic() + context.wait_s
    told = None
    while job.state in ("queued", "running"):
        if (job.progress, job.step) != told:
            told = (job.progress, job.step)
            step = job.step or say(context.language, "chart.queued")
            context.progress(job.progress, step)
        if time.monotonic() >= until or (job.state == "queued" and not state.indexer_alive()):
            break
        time.sleep(min(POLL_S, max(until - time.monotonic(), 0.0)))
        job = jobs.job(job.id) or job
    return job


def _finished(job: JobRow, track_id: int) -> ChartDetail | None:
    chart_id = job.result.get("chart_id")
    if isinstance(chart_id, int):
        return queries.chart(chart_id)
    charts = queries.charts_of(track_id)
    return charts[0] if charts else None


generate_drum_chart = GenerateDrumChart()
