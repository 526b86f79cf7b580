"""/api/charts: how a person played a chart."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.web.charts.chart_routes import stored_chart
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from store.charts import chart_results
from store.charts.chart_results import ResultRecord
from store.vocabulary import Level

router = APIRouter(prefix="/api/charts", include_in_schema=False)

Judgement = Literal["perfect", "great", "good", "miss"]
Lane = Literal["LC", "HH", "LP", "SD", "HT", "BD", "LT", "FT", "CY", "RD"]
Count = Annotated[int, Field(ge=0, le=100_000)]
Milliseconds = Annotated[float, Field(ge=-1000, le=1000)]


class _Posted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PostedLane(_Posted):
    """Hits of one lane; `mean_ms` is positive where they were late."""

    hits: Count
    misses: Count
    mean_ms: Milliseconds | None = None


class PostedResult(_Posted):
    """A level played to its end."""

    level: Level
    score: int = Field(ge=0, le=1_000_000)
    accuracy: float = Field(ge=0, le=1)
    speed: float = Field(ge=0.5, le=1.25)
    longest_combo: Count
    counts: dict[Judgement, Count]
    lanes: dict[Lane, PostedLane]
    mean_ms: Milliseconds | None = None


@router.post("/{chart_id}/results", status_code=201)
def keep(request: Request, chart_id: RowId, posted: PostedResult) -> dict[str, Any]:
    """Keep a result; the person's best results after it."""
    chart = stored_chart(chart_id)
    notes = chart.levels.get(posted.level, {}).get("notes")
    if not isinstance(notes, int):
        raise HTTPException(422, f"This chart has no level {posted.level}.")
    if sum(posted.counts.values()) > notes or posted.longest_combo > notes:
        raise HTTPException(422, f"This level has {notes} notes; the result has more.")
    record = ResultRecord(**posted.model_dump())
    person = person_of(request)
    chart_results.save_result(person, chart.track_id, record)
    return _best(person, chart.track_id)


@router.get("/{chart_id}/results")
def best(request: Request, chart_id: RowId) -> dict[str, Any]:
    """The best result of each level by the person of the session."""
    return _best(person_of(request), stored_chart(chart_id).track_id)


def _best(person: int, track_id: int) -> dict[str, Any]:
    results = chart_results.best_results(person, track_id)
    return {"best": {level: asdict(result) for level, result in results.items()}}
