"""A pool of worker processes, supervised by the process that starts them.

A job whose worker crashed or hung counts as tried, and after `CRASHES` of these it has failed. A
job whose worker was ended from outside does not count.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from indexer.jobs.lock import IndexerError
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.worker_exit import came_from_outside, exit_reason, is_out_of_memory
from store import processes
from store.jobs import job_interruptions, job_queue, job_reports
from store.results import JobRow, StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

CRASHES: Final = 2
"""Workers that a job may crash before it has failed."""
FAILED_STARTS: Final = 3
"""After so many workers in a row that ended before their first job, no more are started."""
STOP_S: Final = 4.0
"""Seconds that a job may go on after `Pool.stop`; then it is queued again."""

EXIT_RECYCLE: Final = 75
"""Exit status of a worker that asks to be replaced because it holds too much memory."""
EXIT_STORE: Final = 74
"""Exit status of a worker that cannot use the store: a full disk, a damaged database."""


@dataclass(frozen=True, slots=True)
class Report:
    """One line to the parent.

    Attributes:
        event: The job began, is done or failed, or the worker is ready for its first job.
        outcome: What came of the file: analysed, retagged, moved, copied, gone, chart.
        reason: Why it failed; of a job that is done, what was ignored, in words.
    """

    event: Literal["ready", "began", "done", "failed"]
    job_id: int = 0
    kind: str = ""
    key: str = ""
    outcome: str = ""
    reason: str = ""


_INFO_PREFIX: Final = "INFO:"
"""Prefix of harmless lines of the tagger's library."""

OnReport = Callable[[Report], None]


def environment(settings: StoreSettings) -> dict[str, str]:
    """What a worker process is started with.

    Numeric libraries read their number of threads when they load: one, as the workers themselves
    are the parallel part. Two arenas keep glibc from holding on to freed memory.
    """
    cache = settings.folder / "cache" / "numba"
    cache.mkdir(parents=True, exist_ok=True)
    libraries = ("OMP", "OPENBLAS", "MKL", "NUMBA", "BLIS")
    return {
        **os.environ,
        **{f"{library}_NUM_THREADS": "1" for library in libraries},
        "VECLIB_MAXIMUM_THREADS": "1",
        "NUMBA_CACHE_DIR": str(cache),
        "MALLOC_ARENA_MAX": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "BACKBEAT_DATA": str(settings.folder),
        "PYTHONIOENCODING": "utf-8:surrogateescape",
    }


class Pool:
    """Worker processes that come with the work and go when there is none.

    Args:
        settings: Of the indexer.
        on_report: Gets what the workers report, from `tick`.
        workers: How many at most; `settings.active_workers` by default.
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
        self._environment = environment(StoreSettings())
        self._workers: list[_Process] = []
        self._numbers = itertools.count(1)
        self._failed_starts = 0
        self._busy_at = time.monotonic()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the workers that live."""
        return tuple(worker.name for worker in self._workers)

    @property
    def at_work(self) -> tuple[Report, ...]:
        """Current jobs."""
        return tuple(worker.job for worker in self._workers if worker.job)

    @property
    def processes(self) -> tuple[int, ...]:
        """Process ids of the workers that live."""
        return tuple(worker.process.pid for worker in self._workers)

    def tick(self, waiting: int) -> None:
        """Take reports, replace and stop workers; called a few times a second.

        Args:
            waiting: Jobs that are queued.

        Raises:
            IndexerError: Workers cannot be started on this machine.
        """
        for worker in list(self._workers):
            self._take_reports(worker)
            if worker.process.poll() is not None:
                self._handle_exit(worker)
            elif worker.job and worker.job_s() > self._settings.job_minutes * 60:
                log.warning("Giving up %s: it takes too long", worker.job.key)
                worker.hangs = True
                worker.process.kill()
        self._adapt(waiting)

    def stop(self, *, patience_s: float = STOP_S) -> None:
        """Let each worker finish its job within `patience_s`; queue the other jobs again."""
        for worker in self._workers:
            worker.tell("stop")
        until = time.monotonic() + patience_s
        for worker in self._workers:
            try:
                worker.process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            worker.join_readers()
            self._take_reports(worker)
            self._hand_back(worker)
        self._workers.clear()

    def _take_reports(self, worker: _Process) -> None:
        for report in worker.reports():
            worker.take(report)
            if report.event != "ready":
                self._failed_starts = 0
                self._on_report(report)

    def _adapt(self, waiting: int) -> None:
        """Start as many workers as there are jobs; stop all of them after a while without."""
        now = time.monotonic()
        busy = len(self.at_work)
        if waiting or busy:
            self._busy_at = now
        wanted = min(self._limit, busy + waiting)
        while len(self._workers) < wanted:
            name = f"{os.getpid()}-{next(self._numbers)}"
            self._workers.append(_Process(name, self._environment))
        if now - self._busy_at > self._settings.idle_s:
            for worker in self._workers:
                worker.tell("stop")

    def _handle_exit(self, worker: _Process) -> None:
        """Handle the end of a worker: as told, for its memory, or by a failure."""
        worker.join_readers()
        self._take_reports(worker)
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

    def _hand_back(self, worker: _Process) -> None:
        if job := job_reports.held_by(worker.name):
            job_queue.hand_back(job.id)

    def _record_failure(self, worker: _Process, job: JobRow) -> None:
        """Count the job of a dead worker as tried, unless the worker was ended from outside."""
        status, error_text = worker.process.returncode, worker.stderr_tail()
        if worker.hangs:
            reason = f"Analysis did not end within {self._settings.job_minutes:g} minutes."
            job_queue.fail(job.id, reason, retry=False)
        elif came_from_outside(status):
            log.warning("Worker was ended (%s) at %s", status, job.key)
            job_interruptions.interrupt(
                job.id, exit_reason(status, error_text, times=job.interruptions + 1)
            )
        else:
            log.warning("Worker died (%s) at %s: %s", status, job.key, error_text)
            reason = exit_reason(status, error_text, times=job.attempts)
            code = {"code": "memory"} if is_out_of_memory(error_text) else None
            job_queue.fail(job.id, reason, retry=job.attempts < CRASHES, result=code)
        after = job_reports.job(job.id)
        if after and after.state == "failed":
            reason = after.reason or ""
            self._on_report(Report("failed", job.id, job.kind, job.key, reason=reason))


class _Process:
    """One worker process and the threads that read its output."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self.job: Report | None = None
        self.hangs = False
        self._since = 0.0
        self._reports: deque[Report] = deque()
        self._error_lines: deque[str] = deque(maxlen=20)
        self.process = subprocess.Popen(
            **processes.module("indexer.jobs.worker", name, environment=environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._listeners = [
            threading.Thread(target=self._read_stdout, daemon=True),
            threading.Thread(target=self._read_stderr, daemon=True),
        ]
        for listener in self._listeners:
            listener.start()

    def tell(self, word: str) -> None:
        """Send one command; ignored by a worker that has ended."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()

    def reports(self) -> list[Report]:
        """Return the reports since the last call."""
        found = []
        while self._reports:
            found.append(self._reports.popleft())
        return found

    def take(self, report: Report) -> None:
        """Update the current job."""
        self.job = report if report.event == "began" else None
        self._since = time.monotonic()

    def job_s(self) -> float:
        """Return the seconds since the current job began."""
        return time.monotonic() - self._since

    def join_readers(self) -> None:
        """Wait until the output of an ended process is read."""
        for listener in self._listeners:
            listener.join(timeout=2.0)

    def stderr_tail(self) -> str:
        """Return the last lines of standard error."""
        lines = [line for line in self._error_lines if not line.startswith(_INFO_PREFIX)]
        return " ".join(lines[-3:]) or f"status {self.process.returncode}"

    def _read_stdout(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._reports.append(Report(**json.loads(line)))

    def _read_stderr(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._error_lines.append(line.strip())
            log.info("%s: %s", self.name, line.rstrip())
