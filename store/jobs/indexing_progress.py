"""The analysis of the library as it goes on: what is done, what runs, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, null, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.jobs import indexer_state, job_reports
from store.jobs.job_rows import OPEN_STATES
from store.jobs.library_status import count_progress, rate_per_minute
from store.tables.jobs import Job

_KIND: Final = "analyse"


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A file that could not be analysed; `path` is stored path text, `code` may be empty."""

    id: int
    path: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class IndexingProgress:
    """The analysis at one moment.

    Attributes:
        tracks: In the library.
        analysed: Of these.
        now: Stored path texts of the files that are being analysed.
        failures: The last of them.
        rate_per_minute: Files a minute lately; None where nothing was finished.
        eta_s: Seconds that what waits takes at this rate.
    """

    tracks: int
    analysed: int
    queued: int
    running: int
    failed: int
    now: tuple[str, ...]
    failures: tuple[FailedJob, ...]
    rate_per_minute: float | None
    eta_s: float | None
    indexer_alive: bool


def read_indexing(*, failures: int) -> IndexingProgress:
    """Return how far the analysis is, with the last `failures` failed files."""
    with read() as session:
        progress = count_progress(session)
        states = job_reports.counts_of(session, _KIND)
        running = rows(session, _of_state(col(Job.key), state="running").order_by(col(Job.id)))
        failed = _failed(session, failures)
        rate = rate_per_minute(session)
    waiting = states.get("queued", 0) + states.get("running", 0)
    return IndexingProgress(
        tracks=progress.tracks,
        analysed=progress.analysed,
        queued=states.get("queued", 0),
        running=states.get("running", 0),
        failed=states.get("failed", 0),
        now=tuple(row.key for row in running),
        failures=failed,
        rate_per_minute=rate,
        eta_s=60.0 * waiting / rate if rate and waiting else None,
        indexer_alive=indexer_state.indexer_alive(),
    )


def failed_jobs(*, offset: int, limit: int) -> tuple[FailedJob, ...]:
    """Return failed files from the place `offset` on, the last that failed first."""
    with read() as session:
        return _failed(session, limit, offset=offset)


def retry_failed(job_id: int | None = None) -> int:
    """Queue a failed analysis again, or all of them, with all attempts; return how many."""
    other = aliased(Job)
    is_open = (
        select(col(other.id))
        .where(
            and_(
                col(other.kind) == col(Job.kind),
                col(other.key) == col(Job.key),
                col(other.state).in_(OPEN_STATES),
            )
        )
        .exists()
    )
    again = (
        update(Job)
        .where(col(Job.kind) == _KIND, col(Job.state) == "failed", ~is_open)
        .values(
            state="queued", attempts=0, interruptions=0, progress=0.0, step="",
            reason=null(), result={}, worker=null(), finished_at=null(),
        )
    )  # fmt: skip
    if job_id is not None:
        again = again.where(col(Job.id) == job_id)
    with write() as session:
        return len(rows(session, again.returning(col(Job.id))))


def _failed(session: Session, limit: int, *, offset: int = 0) -> tuple[FailedJob, ...]:
    columns = (col(Job.id), col(Job.key), col(Job.reason), col(Job.result))
    newest = _of_state(*columns, state="failed").order_by(
        col(Job.finished_at).desc(), col(Job.id).desc()
    )
    return tuple(
        FailedJob(row.id, row.key, row.reason or "", str((row.result or {}).get("code", "")))
        for row in rows(session, newest.limit(limit).offset(offset))
    )


def _of_state(*columns: Any, state: str) -> Select:
    return select(*columns).where(col(Job.kind) == _KIND, col(Job.state) == state)
