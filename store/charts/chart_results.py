"""How people played drum charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, inspect, select
from sqlmodel import col

from store.database.db import read, rows, write
from store.database.expressions import has_row, has_track
from store.results import StoreError
from store.stored_values import as_utc, now, plain
from store.tables.charts import ChartResult
from store.tables.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecord:
    """A level played to its end; see `store.tables.charts.ChartResult`."""

    level: str
    score: int
    accuracy: float
    speed: float
    longest_combo: int
    counts: Mapping[str, int]
    lanes: Mapping[str, Mapping[str, float | None]]
    mean_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedResult(ResultRecord):
    """A kept result."""

    played_at: datetime


def save_result(person_id: int, track_id: int, record: ResultRecord) -> None:
    """Keep a result.

    Raises:
        StoreError: The person or the track is not there.
    """
    row = ChartResult(person_id=person_id, track_id=track_id, played_at=now(), **_values(record))
    with write() as session:
        if not has_track(session, track_id):
            raise StoreError(f"There is no track {track_id} in the library.")
        if not has_row(session, select(col(Person.id)).where(col(Person.id) == person_id)):
            raise StoreError(f"There is no person with the number {person_id}.")
        session.add(row)


def best_results(person_id: int, track_id: int) -> Mapping[str, PlayedResult]:
    """Return level → a person's best result of a track.

    At full speed or faster counts more than any result at a slower speed; then the score counts.
    """
    statement = select(*inspect(ChartResult).columns).where(
        col(ChartResult.person_id) == person_id, col(ChartResult.track_id) == track_id
    )
    with read() as session:
        found = rows(session, statement.order_by(col(ChartResult.id)))
    best: dict[str, PlayedResult] = {}
    for one in map(_result, found):
        kept = best.get(one.level)
        if kept is None or _rank(one) > _rank(kept):
            best[one.level] = one
    return best


def _rank(result: PlayedResult) -> tuple[bool, int]:
    return (result.speed >= 1, result.score)


def _values(record: ResultRecord) -> dict[str, Any]:
    return {name: plain(value) for name, value in asdict(record).items()}


def _result(row: Row[Any]) -> PlayedResult:
    return PlayedResult(
        level=row.level,
        score=row.score,
        accuracy=row.accuracy,
        speed=row.speed,
        longest_combo=row.longest_combo,
        counts=row.counts,
        lanes=row.lanes,
        mean_ms=row.mean_ms,
        played_at=as_utc(row.played_at),
    )
