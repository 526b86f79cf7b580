"""State of single jobs, counts by state, and failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlmodel import Session, col

from store.database.db import read, rows
from store.database.expressions import among
from store.jobs.job_rows import JOB_COLUMNS, OPEN_STATES, job_row
from store.paths import shown_path
from store.results import FailedFile, JobRow
from store.tables.jobs import Job


def job(job_id: int) -> JobRow | None:
    """Return a job by id."""
    with read() as session:
        found = rows(session, select(*JOB_COLUMNS).where(col(Job.id) == job_id))
    return job_row(found[0]) if found else None


def is_cancelled(job_id: int) -> bool:
    """Return whether a job was cancelled or deleted."""
    found = job(job_id)
    return found is None or found.state == "cancelled"


def held_by(worker: str) -> JobRow | None:
    """Return the running job of a worker."""
    statement = select(*JOB_COLUMNS).where(col(Job.state) == "running", col(Job.worker) == worker)
    with read() as session:
        found = rows(session, statement)
    return job_row(found[0]) if found else None


def newest_of_tracks(kind: str, track_ids: Sequence[int]) -> dict[int, JobRow]:
    """Return track → its newest job of a kind, of the tracks that have one."""
    of_tracks = select(*JOB_COLUMNS).where(
        col(Job.kind) == kind, among(col(Job.track_id), track_ids)
    )
    with read() as session:
        found = [job_row(row) for row in rows(session, of_tracks.order_by(col(Job.id)))]
    return {job.track_id: job for job in found if job.track_id is not None}


def waited_for(*, since: datetime, limit: int = 200) -> list[JobRow]:
    """Return the jobs that people asked for: those open, and those that ended after `since`.

    Those running come first, then those that ended, then those queued in the order of their turn.
    """
    over = col(Job.finished_at) >= since
    wanted = select(*JOB_COLUMNS).where(
        col(Job.kind) != "analyse", or_(col(Job.state).in_(OPEN_STATES), over)
    )
    turn = case((col(Job.state) == "running", 0), (col(Job.state) == "queued", 2), else_=1)
    with read() as session:
        order = (turn, col(Job.priority), col(Job.id))
        found = rows(session, wanted.order_by(*order).limit(limit))
    return [job_row(row) for row in found]


def counts(kind: str | None = None) -> dict[str, int]:
    """Return state → number of jobs, of one kind or of all."""
    with read() as session:
        return counts_of(session, kind)


def counts_of(session: Session, kind: str | None = None) -> dict[str, int]:
    """Return what `counts` does, within the caller's session."""
    statement = select(col(Job.state), func.count().label("jobs")).group_by(col(Job.state))
    if kind is not None:
        statement = statement.where(col(Job.kind) == kind)
    return {row.state: row.jobs for row in rows(session, statement)}


def failures(limit: int = 20) -> tuple[FailedFile, ...]:
    """Return the files whose analysis failed last, with the reasons."""
    with read() as session:
        return failures_of(session, limit)


def failures_of(session: Session, limit: int) -> tuple[FailedFile, ...]:
    """Return what `failures` does, within the caller's session."""
    statement = (
        select(col(Job.key), col(Job.reason), col(Job.attempts), col(Job.result))
        .where(col(Job.state) == "failed", col(Job.kind) == "analyse")
        .order_by(col(Job.finished_at).desc(), col(Job.id).desc())
        .limit(limit)
    )
    return tuple(
        FailedFile(
            shown_path(row.key), row.reason or "", row.attempts, str(row.result.get("code", ""))
        )
        for row in rows(session, statement)
    )


def known_failures(kind: str) -> dict[str, Mapping[str, object]]:
    """Return key → payload of the failed jobs: a scan skips files unchanged since."""
    statement = select(col(Job.key), col(Job.payload)).where(
        col(Job.state) == "failed", col(Job.kind) == kind
    )
    with read() as session:
        found = rows(session, statement)
    return {row.key: row.payload for row in found}
