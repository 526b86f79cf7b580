"""/api/charts: tempo and offset of a chart, corrected by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from assistant.web.charts.chart_routes import stored_chart
from assistant.web.row_id import RowId
from store.charts.chart_timing import Timing, set_timing, timing_of
from store.charts.current_charts import current_chart, newest_correction
from store.jobs import indexer_state, job_queue
from store.results import ChartDetail
from store.vocabulary import LEVELS
from tools.generate_drum_chart import chart_data, chart_fact

router = APIRouter(prefix="/api/charts", include_in_schema=False)

_SLOWEST_BPM: Final = 20.0
_FASTEST_BPM: Final = 400.0
"""As the chart code accepts them."""
_CORRECTED: Final = "This chart was corrected as a file; its tempo and bars come from there."


class PostedTiming(BaseModel):
    """An even tempo, or a factor of the tempo found; how much later all bars begin."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    bpm: float | None = Field(None, ge=_SLOWEST_BPM, le=_FASTEST_BPM)
    factor: float = Field(1.0, ge=0.25, le=4)
    shift_s: float = Field(0.0, ge=-10, le=10)


@router.get("/{chart_id}/timing")
def timing(chart_id: RowId) -> dict[str, Any]:
    """The timing of the chart's track, whether it can be changed, and the chart it leads to."""
    chart = stored_chart(chart_id)
    now = _current(chart)
    fact = chart_fact(now) if now else None
    return {
        "timing": asdict(timing_of(chart.track_id)),
        "fixed": newest_correction(chart.track_id) is not None,
        "chart": fact and {**fact, **chart_data(fact)},
        "indexer_alive": indexer_state.indexer_alive(),
    }


@router.post("/{chart_id}/timing", status_code=202)
def correct(chart_id: RowId, posted: PostedTiming) -> dict[str, Any]:
    """Keep another timing of the chart's track and chart it anew; where the job can be followed."""
    chart = stored_chart(chart_id)
    if newest_correction(chart.track_id) is not None:
        raise HTTPException(409, _CORRECTED)
    before = timing_of(chart.track_id)
    wanted = Timing(**posted.model_dump())
    found_bpm = chart.bpm / before.factor
    if wanted.bpm is None and not _SLOWEST_BPM <= found_bpm * wanted.factor <= _FASTEST_BPM:
        raise HTTPException(422, "That is no tempo to play.")
    set_timing(chart.track_id, wanted)
    levels = _levels(chart)
    job = job_queue.enqueue(
        "chart",
        ":".join((str(chart.track_id), "+".join(levels), wanted.mark)),
        priority=job_queue.CHART_PRIORITY,
        track_id=chart.track_id,
        payload={"levels": levels},
    )
    return {"job_url": f"/api/jobs/{job.id}", "timing": asdict(wanted)}


def _levels(chart: ChartDetail) -> list[str]:
    return [level for level in LEVELS if level in chart.levels]


def _current(chart: ChartDetail) -> ChartDetail | None:
    version = indexer_state.chart_version()
    return current_chart(chart.track_id, _levels(chart), version=version)
