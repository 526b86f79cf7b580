"""The queue of work: queued → running → done, failed or cancelled.

Lower `priority` goes first, then older; interrupted jobs run last and alone
(`store.jobs.job_order`).
There is one open (queued or running) job a kind and key.

An attempt counts when the worker fails by itself at the job, which its living parent sees. A job
that was cut off by something else (all processes were killed, the power went, the system ended the
worker) is no attempt but an interruption.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row
from sqlmodel import Session

from store.database.db import read, rows, write
from store.jobs.job_order import BULK_PRIORITY, NEXT, NEXT_OF_KINDS
from store.paths import encode_path, shown_path
from store.results import FailedFile, JobRow
from store.stored_values import clean, moment, plain, stamp

MAX_ATTEMPTS: Final = 3
"""A file whose analysis ended its worker this often is not tried again."""
ALONE_LIMIT: Final = 5
"""A job that is cut off so often with nothing beside it is not tried again: by then it is likely
that the job itself ends the machine, and each time costs the person a restart."""

CHART_PRIORITY: Final = 10
"""Somebody waits for it in the chat."""
PROGRESS_EVERY_S: Final = 0.5
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


_RETURNING: Final = (
    "RETURNING id, kind, key, state, priority, attempts, reason, progress, step, track_id, "
    "payload, result, worker, created_at, finished_at, interruptions"
)
_COLUMNS: Final = _RETURNING.removeprefix("RETURNING ")
_INSERT: Final = f"""
INSERT INTO job (kind, key, state, priority, attempts, progress, step, track_id, payload, result,
    created_at)
VALUES (:kind, :key, 'queued', :priority, 0, 0.0, '', :track_id, :payload, '{{}}', :now)
ON CONFLICT (kind, key) WHERE state IN ('queued', 'running')
DO UPDATE SET priority = min(priority, excluded.priority) {_RETURNING}"""
_FORGET_FAILED: Final = "DELETE FROM job WHERE kind = :kind AND key = :key AND state = 'failed'"
BATCH: Final = 500
"""Jobs queued in one transaction: short enough that nobody waits for the turn to write."""


def enqueue(
    kind: str,
    key: str,
    *,
    priority: int = BULK_PRIORITY,
    track_id: int | None = None,
    payload: Mapping[str, object] | None = None,
) -> JobRow:
    """Queue a job, or return the open one of this kind and key, hurried if `priority` is lower.

    An older failed job of this kind and key is forgotten.
    """
    request = JobRequest(kind, key, priority, track_id, payload or {})
    with write() as session:
        return _insert(session, request)


def enqueue_many(requests: Iterable[JobRequest]) -> int:
    """Queue many jobs; returns how many were new."""
    waiting = iter(requests)
    new = 0
    while batch := list(itertools.islice(waiting, BATCH)):
        with write() as session:
            before = _open_jobs(session)
            for request in batch:
                _insert(session, request)
            new += _open_jobs(session) - before
    return new


def _open_jobs(session: Session) -> int:
    sql = "SELECT count(*) AS open FROM job WHERE state IN ('queued', 'running')"
    return int(rows(session, sql)[0].open)


def _insert(session: Session, request: JobRequest) -> JobRow:
    key = text_key(request.key)
    rows(session, _FORGET_FAILED, kind=request.kind, key=key)
    made = rows(
        session,
        _INSERT,
        kind=request.kind,
        key=key,
        priority=request.priority,
        track_id=request.track_id,
        payload=json.dumps(plain(request.payload)),
        now=stamp(),
    )
    return _job_row(made[0])


def text_key(key: str) -> str:
    """A key that SQLite takes: one made of a raw file name has its odd bytes escaped."""
    return key if key.isascii() or not _SURROGATE.search(key) else encode_path(key)


def claim(worker: str, kinds: Sequence[str] | None = None) -> JobRow | None:
    """Take the next job for `worker`; None when nothing waits, or what does has to wait."""
    wanted = {} if kinds is None else {"kinds": json.dumps(list(kinds))}
    with read() as session:  # an idle worker takes nobody's turn to write
        if not rows(session, NEXT if kinds is None else NEXT_OF_KINDS, **wanted):
            return None
    with write() as session:
        taken = rows(
            session,
            _CLAIM if kinds is None else _CLAIM_KINDS,
            worker=worker,
            now=stamp(),
            **wanted,
        )
    return _job_row(taken[0]) if taken else None


_TAKE: Final = """
UPDATE job SET state = 'running', worker = :worker, attempts = attempts + 1, heartbeat_at = :now,
    progress = 0.0, step = '' WHERE id = """
_CLAIM: Final = f"{_TAKE} ({NEXT}) {_RETURNING}"
_CLAIM_KINDS: Final = f"{_TAKE} ({NEXT_OF_KINDS}) {_RETURNING}"


def heartbeat(job_id: int) -> None:
    """The worker is alive and still at this job."""
    with write() as session:
        rows(
            session,
            "UPDATE job SET heartbeat_at = :now WHERE id = :id AND state = 'running'",
            now=stamp(),
            id=job_id,
        )


def progress(job_id: int, fraction: float, step: str) -> None:
    """How far a running job is, 0..1; written when the step changes, or twice a second at most."""
    now = time.monotonic()
    last_s, last_step = _reported.get(job_id, (-PROGRESS_EVERY_S, None))
    if step == last_step and now - last_s < PROGRESS_EVERY_S:
        return
    _reported.clear()  # a worker has one job at a time: nothing to keep of the others
    _reported[job_id] = (now, step)
    with write() as session:
        rows(
            session,
            "UPDATE job SET progress = :fraction, step = :step, heartbeat_at = :now "
            "WHERE id = :id AND state = 'running'",
            fraction=min(max(fraction, 0.0), 1.0),
            step=clean(step) or "",
            now=stamp(),
            id=job_id,
        )


def finish(job_id: int, result: Mapping[str, object] | None = None) -> None:
    """A running job is done."""
    with write() as session:
        rows(
            session,
            "UPDATE job SET state = 'done', progress = 1.0, result = :result, reason = NULL, "
            "finished_at = :now WHERE id = :id AND state = 'running'",
            result=json.dumps(plain(result or {})),
            now=stamp(),
            id=job_id,
        )


def fail(
    job_id: int, reason: str, *, retry: bool, result: Mapping[str, object] | None = None
) -> None:
    """A running job failed; with `retry` it waits again until MAX_ATTEMPTS are used up.

    `result` is kept for programs, as that of a finished job.
    """
    with write() as session:
        rows(
            session,
            _FAIL,
            result=json.dumps(plain(result or {})),
            reason=clean(reason) or "no reason given",
            retry=retry,
            most=MAX_ATTEMPTS,
            now=stamp(),
            id=job_id,
        )


_FAIL: Final = """
UPDATE job SET state = CASE WHEN :retry AND attempts < :most THEN 'queued' ELSE 'failed' END,
    finished_at = CASE WHEN :retry AND attempts < :most THEN NULL ELSE :now END,
    reason = :reason, result = :result, worker = NULL WHERE id = :id AND state = 'running'"""


def hand_back(job_id: int) -> None:
    """A running job waits again as if it had not been begun: its worker was told to stop."""
    with write() as session:
        rows(
            session,
            "UPDATE job SET state = 'queued', worker = NULL, attempts = attempts - 1 "
            "WHERE id = :id AND state = 'running'",
            id=job_id,
        )


def held_by(worker: str) -> JobRow | None:
    """The running job of a worker."""
    with read() as session:
        found = rows(
            session,
            f"SELECT {_COLUMNS} FROM job WHERE state = 'running' AND worker = :worker",
            worker=worker,
        )
    return _job_row(found[0]) if found else None


_INTERRUPT: Final = f"""
UPDATE job SET state = CASE WHEN interruptions < :most THEN 'queued' ELSE 'failed' END,
    finished_at = CASE WHEN interruptions < :most THEN NULL ELSE :now END,
    reason = CASE WHEN interruptions < :most THEN NULL ELSE :reason || (
        CASE kind WHEN 'chart' THEN :chart_again ELSE :again END) END,
    interruptions = interruptions + 1, attempts = max(attempts - 1, 0), worker = NULL
WHERE state = 'running' AND {{which}} {_RETURNING}"""
ENDED: Final = f"Backbeat ended {ALONE_LIMIT} times while this, and nothing else, was being done."
AGAIN: Final = " To try it again: backbeat index FOLDER --retry."
CHART_AGAIN: Final = " To try it again, ask for the chart again."


def interrupt(job_id: int, reason: str) -> None:
    """A running job was cut off from outside: it waits again, to be done last and alone.

    After ALONE_LIMIT times alone it has failed, for `reason`.
    """
    _interrupt("id = :id", reason, id=job_id)


def requeue_orphans(alive_workers: Collection[str]) -> int:
    """Put back the running jobs whose worker is gone with its parent; returns how many.

    Each was cut off, as by `interrupt`.
    """
    which = "coalesce(worker, '') NOT IN (SELECT value FROM json_each(:alive))"
    return _interrupt(which, ENDED, alive=json.dumps(list(alive_workers)))


def _interrupt(which: str, reason: str, **values: object) -> int:
    with write() as session:
        found = rows(
            session,
            _INTERRUPT.format(which=which),
            most=ALONE_LIMIT,
            reason=clean(reason) or "no reason given",
            again=AGAIN,
            chart_again=CHART_AGAIN,
            now=stamp(),
            **values,
        )
    return len(found)


def cancel(job_id: int) -> bool:
    """Stop a queued or running job (a worker sees it by `is_cancelled`); False when it is over."""
    with write() as session:
        return bool(
            rows(
                session,
                "UPDATE job SET state = 'cancelled', finished_at = :now "
                "WHERE id = :id AND state IN ('queued', 'running') RETURNING id",
                now=stamp(),
                id=job_id,
            )
        )


def is_cancelled(job_id: int) -> bool:
    """Whether a worker should give a job up."""
    found = job(job_id)
    return found is None or found.state == "cancelled"


def forget(kind: str, key: str) -> None:
    """The file is gone: drop its queued and failed jobs."""
    with write() as session:
        rows(
            session,
            "DELETE FROM job WHERE kind = :kind AND key = :key AND state IN ('queued', 'failed')",
            kind=kind,
            key=text_key(key),
        )


def job(job_id: int) -> JobRow | None:
    """A job by id."""
    with read() as session:
        found = rows(session, f"SELECT {_COLUMNS} FROM job WHERE id = :id", id=job_id)
    return _job_row(found[0]) if found else None


def counts(kind: str | None = None) -> dict[str, int]:
    """State → number of jobs."""
    with read() as session:
        found = rows(
            session,
            "SELECT state, count(*) AS jobs FROM job "
            "WHERE :kind IS NULL OR kind = :kind GROUP BY state",
            kind=kind,
        )
    return {row.state: int(row.jobs) for row in found}


def failures(limit: int = 20) -> tuple[FailedFile, ...]:
    """The last files whose analysis failed, with the reasons."""
    with read() as session:
        found = rows(
            session,
            "SELECT key, reason, attempts FROM job WHERE state = 'failed' AND kind = 'analyse' "
            "ORDER BY finished_at DESC, id DESC LIMIT :limit",
            limit=limit,
        )
    return tuple(FailedFile(shown_path(row.key), row.reason or "", row.attempts) for row in found)


def known_failures(kind: str) -> dict[str, Mapping[str, object]]:
    """Key → payload of failed jobs: a scan skips files that have not changed since."""
    with read() as session:
        found = rows(
            session,
            "SELECT key, payload FROM job WHERE state = 'failed' AND kind = :kind",
            kind=kind,
        )
    return {row.key: json.loads(row.payload) for row in found}


def prune(*, keep_days: float = 7.0) -> int:
    """Drop old done and cancelled jobs; returns how many."""
    with write() as session:
        found = rows(
            session,
            "DELETE FROM job WHERE state IN ('done', 'cancelled') AND finished_at < :before "
            "RETURNING id",
            before=stamp(datetime.now(UTC) - timedelta(days=keep_days)),
        )
    return len(found)


def _job_row(row: Row[Any]) -> JobRow:
    return JobRow(
        id=row.id,
        kind=row.kind,
        state=row.state,
        progress=row.progress,
        step=row.step,
        reason=row.reason,
        attempts=row.attempts,
        track_id=row.track_id,
        payload=json.loads(row.payload),
        result=json.loads(row.result),
        created_at=moment(row.created_at),
        key=row.key,
        priority=row.priority,
        worker=row.worker,
        finished_at=moment(row.finished_at) if row.finished_at else None,
        interruptions=row.interruptions,
    )
