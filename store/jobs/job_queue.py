"""Queue of jobs: queued → running → done, failed or cancelled.

Lower `priority` goes first, then older; interrupted jobs run last and alone
(`store.jobs.job_order`). There is one open (queued or running) job a kind and key.

An attempt counts when the worker fails by itself at the job, which its living parent sees; for
jobs that were cut off by something else see `store.jobs.job_interruptions`.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import TextualSelect, Update, bindparam, case, delete, func, null, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col

from store.database.db import read, rows, write
from store.jobs.job_order import BULK_PRIORITY, NEXT, NEXT_OF_KINDS
from store.jobs.job_rows import JOB_COLUMNS, OPEN_STATES, job_row
from store.paths import encode_path
from store.results import JobRow
from store.stored_values import clean, now, plain
from store.tables.jobs import Job

MAX_ATTEMPTS: Final = 3
"""Attempts after which a job that may be retried has failed."""
CHART_PRIORITY: Final = 10
"""Priority of a job that a person waits for in the chat."""
PROGRESS_EVERY_S: Final = 0.5
"""Shortest interval in s between two writes of the progress of one step: each takes the lock."""
BATCH: Final = 500
"""Jobs queued in one transaction: short enough that other writers are not held up."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_reported: dict[int, tuple[float, str]] = {}


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A job to be queued."""

    kind: str
    key: str
    priority: int = BULK_PRIORITY
    track_id: int | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


# Statements that run once a file are built once: building one takes longer than running it.
_DELETE_FAILED: Final = delete(Job).where(
    col(Job.kind) == bindparam("kind"),
    col(Job.key) == bindparam("key"),
    col(Job.state) == "failed",
)
_NEW: Final = insert(Job)
_ADD: Final = _NEW.on_conflict_do_update(
    index_elements=["kind", "key"],
    index_where=col(Job.state).in_(OPEN_STATES),
    set_={"priority": func.min(col(Job.priority), _NEW.excluded.priority)},
).returning(*JOB_COLUMNS)


def enqueue(
    kind: str,
    key: str,
    *,
    priority: int = BULK_PRIORITY,
    track_id: int | None = None,
    payload: Mapping[str, object] | None = None,
) -> JobRow:
    """Queue a job, or return the open one of this kind and key, with the lower priority of both.

    An older failed job of this kind and key is deleted.
    """
    request = JobRequest(kind, key, priority, track_id, payload or {})
    with write() as session:
        return _add(session, request)


def enqueue_many(requests: Iterable[JobRequest]) -> int:
    """Queue many jobs; return how many were new."""
    waiting = iter(requests)
    new = 0
    while batch := list(itertools.islice(waiting, BATCH)):
        with write() as session:
            before = _open_jobs(session)
            for request in batch:
                _add(session, request)
            new += _open_jobs(session) - before
    return new


def _open_jobs(session: Session) -> int:
    statement = select(func.count().label("open")).where(col(Job.state).in_(OPEN_STATES))
    return rows(session, statement)[0].open


def _add(session: Session, request: JobRequest) -> JobRow:
    key = _text_key(request.key)
    rows(session, _DELETE_FAILED, kind=request.kind, key=key)
    added = rows(
        session,
        _ADD,
        kind=request.kind,
        key=key,
        state="queued",
        priority=request.priority,
        attempts=0,
        progress=0.0,
        step="",
        track_id=request.track_id,
        payload=plain(request.payload),
        result={},
        created_at=now(),
    )
    return job_row(added[0])


def _text_key(key: str) -> str:
    """Return a key that SQLite accepts: bytes of a file name that are not UTF-8 are escaped."""
    return key if key.isascii() or not _SURROGATE.search(key) else encode_path(key)


def claim(worker: str, kinds: Sequence[str] | None = None) -> JobRow | None:
    """Start the next job for `worker`; None when none is queued, or none may begin now."""
    query, start = (NEXT, _START) if kinds is None else (NEXT_OF_KINDS, _START_OF_KINDS)
    chosen = {} if kinds is None else {"kinds": json.dumps(list(kinds))}
    with read() as session:  # an idle worker does not take the write lock
        if not rows(session, query, **chosen):
            return None
    with write() as session:
        started = rows(session, start, worker=worker, heartbeat_at=now(), **chosen)
    return job_row(started[0]) if started else None


def _start(query: TextualSelect) -> ReturningUpdate:
    started = update(Job).where(col(Job.id) == query.scalar_subquery())
    changed = started.values(state="running", attempts=col(Job.attempts) + 1, progress=0.0, step="")
    return changed.returning(*JOB_COLUMNS)


_START: Final = _start(NEXT)
_START_OF_KINDS: Final = _start(NEXT_OF_KINDS)


def record_heartbeat(job_id: int) -> None:
    """Record that the worker of a running job is alive."""
    _update(_running(job_id).values(heartbeat_at=now()))


def record_progress(job_id: int, fraction: float, step: str) -> None:
    """Record the progress of a running job, 0..1: when the step changes, or twice a second."""
    now_s = time.monotonic()
    last_s, last_step = _reported.get(job_id, (-PROGRESS_EVERY_S, None))
    if step == last_step and now_s - last_s < PROGRESS_EVERY_S:
        return
    _reported.clear()  # a worker has one job at a time
    _reported[job_id] = (now_s, step)
    _update(
        _running(job_id).values(
            progress=min(max(fraction, 0.0), 1.0), step=clean(step) or "", heartbeat_at=now()
        )
    )


def finish(job_id: int, result: Mapping[str, object] | None = None) -> None:
    """Mark a running job as done."""
    _update(
        _running(job_id).values(
            state="done",
            progress=1.0,
            result=plain(result or {}),
            reason=None,
            finished_at=now(),
        )
    )


def fail(
    job_id: int, reason: str, *, retry: bool, result: Mapping[str, object] | None = None
) -> None:
    """Mark a running job as failed; with `retry` queue it again until MAX_ATTEMPTS are used up.

    `result` is stored for programs, as that of a finished job.
    """
    used_up = col(Job.attempts) >= (MAX_ATTEMPTS if retry else 0)
    _update(
        _running(job_id).values(
            state=case((used_up, "failed"), else_="queued"),
            finished_at=case((used_up, now()), else_=null()),
            reason=clean(reason) or "no reason given",
            result=plain(result or {}),
            worker=None,
        )
    )


def hand_back(job_id: int) -> None:
    """Queue a running job again without an attempt: its worker was stopped."""
    attempts = col(Job.attempts) - 1
    _update(_running(job_id).values(state="queued", worker=None, attempts=attempts))


def cancel(job_id: int) -> bool:
    """Cancel a queued or running job (its worker polls `is_cancelled`); False when it is over."""
    cancelled = update(Job).values(state="cancelled", finished_at=now())
    is_open = (col(Job.id) == job_id, col(Job.state).in_(OPEN_STATES))
    with write() as session:
        return bool(rows(session, cancelled.where(*is_open).returning(col(Job.id))))


def delete_jobs(kind: str, key: str) -> None:
    """Delete the queued and failed jobs of a key, whose file is missing."""
    of_key = (col(Job.kind) == kind, col(Job.key) == _text_key(key))
    with write() as session:
        rows(session, delete(Job).where(*of_key, col(Job.state).in_(("queued", "failed"))))


def prune(*, keep_days: float = 7.0) -> int:
    """Delete old done and cancelled jobs; return how many."""
    before = now() - timedelta(days=keep_days)
    is_over = col(Job.state).in_(("done", "cancelled"))
    old = delete(Job).where(is_over, col(Job.finished_at) < before)
    with write() as session:
        return len(rows(session, old.returning(col(Job.id))))


def _running(job_id: int) -> Update:
    return update(Job).where(col(Job.id) == job_id, col(Job.state) == "running")


def _update(statement: Update) -> None:
    with write() as session:
        rows(session, statement)
