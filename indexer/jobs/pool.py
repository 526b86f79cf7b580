"""A pool of worker processes, supervised by the process that starts them.

A crash of its worker counts as an attempt at the job, which has failed after `CRASHES` of these or
when it exceeds the time limit. A worker that was ended from outside counts as an interruption.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import subprocess
import time
from collections.abc import Callable
from typing import Final

from indexer.jobs.lock import IndexerError
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.worker_exit import came_from_outside, exit_reason, is_out_of_memory
from indexer.jobs.worker_process import WorkerProcess, worker_environment
from indexer.jobs.worker_report import EXIT_RECYCLE, EXIT_STORE, Report
from store.jobs import job_interruptions, job_queue, job_reports
from store.results import JobRow, StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

CRASHES: Final = 2
"""Crashes of workers after which a job has failed: one might be due to the worker's past jobs."""
FAILED_STARTS: Final = 3
"""Workers in a row that ended before their first job, after which no more are started."""
STOP_S: Final = 4.0
"""Seconds that a job may go on after `Pool.stop`; then it is queued again. Services are killed 10 s
after SIGTERM by Docker."""

OnReport = Callable[[Report], None]


class Pool:
    """Worker processes, started when jobs are queued and stopped when there are none.

    Args:
        settings: Of the indexer.
        on_report: Gets the reports of the workers, called by `tick`.
        workers: Highest number of workers; `settings.active_workers` by default.
    """

    def __init__(
        self,
        *,
        settings: IndexerSettings,
        on_report: OnReport = lambda report: None,
        workers: int | None = None,
    ) -> None:
        self._settings = settings
        self._on_report = on_report
        self._limit = workers or settings.active_workers
        self._environment = worker_environment(StoreSettings())
        self._workers: list[WorkerProcess] = []
        self._numbers = itertools.count(1)
        self._failed_starts = 0
        self._busy_at = time.monotonic()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the workers that run."""
        return tuple(worker.name for worker in self._workers)

    @property
    def at_work(self) -> tuple[Report, ...]:
        """Reports of the beginning of the current jobs."""
        return tuple(worker.job for worker in self._workers if worker.job)

    @property
    def processes(self) -> tuple[int, ...]:
        """Process ids of the workers that run."""
        return tuple(worker.process.pid for worker in self._workers)

    def tick(self, waiting: int) -> None:
        """Handle reports, replace and stop workers; to be called a few times a second.

        Args:
            waiting: Jobs that are queued.

        Raises:
            IndexerError: Workers cannot be started on this machine.
        """
        for worker in list(self._workers):
            self._handle_reports(worker)
            if worker.process.poll() is not None:
                self._handle_exit(worker)
            elif worker.job and worker.job_s() > self._settings.job_minutes * 60:
                log.warning("Giving up %s: it takes too long", worker.job.key)
                worker.timed_out = True
                worker.process.kill()
        self._adapt_workers(waiting)

    def stop(self, *, patience_s: float = STOP_S) -> None:
        """Let each worker finish its job within `patience_s`; queue the other jobs again."""
        for worker in self._workers:
            worker.send("stop")
        until = time.monotonic() + patience_s
        for worker in self._workers:
            try:
                worker.process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            worker.join_readers()
            self._handle_reports(worker)
            self._hand_back(worker)
        self._workers.clear()

    def _handle_reports(self, worker: WorkerProcess) -> None:
        for report in worker.reports():
            worker.update_job(report)
            if report.event != "ready":
                self._failed_starts = 0
                self._on_report(report)

    def _adapt_workers(self, waiting: int) -> None:
        """Start as many workers as there are jobs; stop all of them after `idle_s` without jobs."""
        now = time.monotonic()
        busy = len(self.at_work)
        if waiting or busy:
            self._busy_at = now
        wanted = min(self._limit, busy + waiting)
        while len(self._workers) < wanted:
            name = f"{os.getpid()}-{next(self._numbers)}"
            self._workers.append(WorkerProcess(name, self._environment))
        if now - self._busy_at > self._settings.idle_s:
            for worker in self._workers:
                worker.send("stop")

    def _handle_exit(self, worker: WorkerProcess) -> None:
        """Handle the end of a worker: stopped, too large, or failed."""
        worker.join_readers()
        self._handle_reports(worker)
        self._workers.remove(worker)
        status = worker.process.returncode
        if status == EXIT_STORE:
            with contextlib.suppress(StoreError):  # this process cannot use the store either
                self._hand_back(worker)
            raise IndexerError(worker.stderr_tail())
        if job := job_reports.held_by(worker.name):
            self._record_failure(worker, job)
        elif worker.job is None and status not in (0, EXIT_RECYCLE):
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise IndexerError(
                    f"The workers that analyse music do not start: {worker.stderr_tail()}"
                )

    def _hand_back(self, worker: WorkerProcess) -> None:
        if job := job_reports.held_by(worker.name):
            job_queue.hand_back(job.id)

    def _record_failure(self, worker: WorkerProcess, job: JobRow) -> None:
        """Record a failed attempt or an interruption of the job of an ended worker."""
        status, error_text = worker.process.returncode, worker.stderr_tail()
        if worker.timed_out:
            reason = f"Analysis did not end within {self._settings.job_minutes:g} minutes."
            job_queue.fail(job.id, reason, retry=False, result={"code": "too_slow"})
        elif came_from_outside(status):
            log.warning("Worker was ended (%s) at %s", status, job.key)
            job_interruptions.interrupt(
                job.id, exit_reason(status, error_text, times=job.interruptions + 1)
            )
        else:
            log.warning("Worker died (%s) at %s: %s", status, job.key, error_text)
            reason = exit_reason(status, error_text, times=job.attempts)
            code = "memory" if is_out_of_memory(error_text) else "crashed"
            retry = job.attempts < CRASHES
            job_queue.fail(job.id, reason, retry=retry, result={"code": code})
        after = job_reports.job(job.id)
        if after and after.state == "failed":
            reason = after.reason or ""
            self._on_report(Report("failed", job.id, job.kind, job.key, reason=reason))
