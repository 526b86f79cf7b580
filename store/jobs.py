"""The queue of work: queued → running → done, failed or cancelled.

Lower `priority` goes first, then older. There is one open (queued or running) job a kind and key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from store.results import FailedFile, JobRow

MAX_ATTEMPTS = 3
"""A file whose analysis ended its worker this often is not tried again."""

CHART_PRIORITY = 10
BULK_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A job to be queued."""

    kind: str
    key: str
    priority: int = BULK_PRIORITY
    track_id: int | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


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
    raise NotImplementedError


def enqueue_many(requests: Iterable[JobRequest]) -> int:
    """Queue many jobs; returns how many were new."""
    raise NotImplementedError


def claim(worker: str, kinds: Sequence[str] | None = None) -> JobRow | None:
    """Take the next job for `worker`; None when nothing waits."""
    raise NotImplementedError


def heartbeat(job_id: int) -> None:
    """The worker is alive and still at this job."""
    raise NotImplementedError


def progress(job_id: int, fraction: float, step: str) -> None:
    """How far a running job is, 0..1; written at most a few times a second."""
    raise NotImplementedError


def finish(job_id: int, result: Mapping[str, object] | None = None) -> None:
    """A running job is done."""
    raise NotImplementedError


def fail(job_id: int, reason: str, *, retry: bool) -> None:
    """A running job failed; with `retry` it waits again until MAX_ATTEMPTS are used up."""
    raise NotImplementedError


def requeue_orphans(alive_workers: Collection[str]) -> int:
    """Put back the running jobs whose worker is gone; returns how many were running."""
    raise NotImplementedError


def cancel(job_id: int) -> bool:
    """Stop a queued or running job (a worker sees it by `is_cancelled`); False when it is over."""
    raise NotImplementedError


def is_cancelled(job_id: int) -> bool:
    """Whether a worker should give a job up."""
    raise NotImplementedError


def forget(kind: str, key: str) -> None:
    """The file is gone: drop its queued and failed jobs."""
    raise NotImplementedError


def job(job_id: int) -> JobRow | None:
    """A job by id."""
    raise NotImplementedError


def counts(kind: str | None = None) -> dict[str, int]:
    """State → number of jobs."""
    raise NotImplementedError


def failures(limit: int = 20) -> tuple[FailedFile, ...]:
    """The last failed files with their reasons."""
    raise NotImplementedError


def known_failures(kind: str) -> dict[str, Mapping[str, object]]:
    """Key → payload of failed jobs: a scan skips files that have not changed since."""
    raise NotImplementedError


def prune(*, keep_days: float = 7.0) -> int:
    """Drop old done and cancelled jobs; returns how many."""
    raise NotImplementedError
