"""Jobs that were cut off from outside: all processes were killed, the power failed, …

That is no attempt but an interruption: the job is queued again, to run last and alone
(`store.jobs.job_order`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, case, func, null, select, update
from sqlmodel import col

from store.database.db import rows, write
from store.database.expressions import value_table
from store.stored_values import clean, now
from store.tables.jobs import Job

ALONE_LIMIT: Final = 5
"""Interruptions, with nothing beside it, after which a job has failed: by then it is likely that
the job itself ends the machine, and each time costs the owner a restart."""

ENDED: Final = f"Backbeat ended {ALONE_LIMIT} times while this, and nothing else, was being done."
AGAIN: Final = " To try it again: backbeat index FOLDER --retry."
CHART_AGAIN: Final = " To try it again, ask for the chart again."


def interrupt(job_id: int, reason: str) -> None:
    """Queue a running job again, to run last and alone.

    After ALONE_LIMIT times alone it has failed, for `reason`.
    """
    _interrupt(col(Job.id) == job_id, reason)


def requeue_orphans(alive_workers: Collection[str]) -> int:
    """Interrupt the running jobs whose worker ended with its parent; return how many."""
    alive = select(value_table(alive_workers).c.value)
    return _interrupt(func.coalesce(col(Job.worker), "").not_in(alive), ENDED)


def _interrupt(which: ColumnElement[bool], reason: str) -> int:
    text = clean(reason) or "no reason given"
    given_up = col(Job.interruptions) >= ALONE_LIMIT
    advice = case((col(Job.kind) == "chart", text + CHART_AGAIN), else_=text + AGAIN)
    changed = update(Job).values(
        state=case((given_up, "failed"), else_="queued"),
        finished_at=case((given_up, now()), else_=null()),
        reason=case((given_up, advice), else_=null()),
        interruptions=col(Job.interruptions) + 1,
        attempts=func.max(col(Job.attempts) - 1, 0),
        worker=None,
    )
    with write() as session:
        running = changed.where(col(Job.state) == "running", which)
        return len(rows(session, running.returning(col(Job.id))))
