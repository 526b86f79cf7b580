"""The pool: worker processes, watched by the process that started them.

The pool decides nothing about jobs but one thing: a job whose worker crashed or hangs counts as
tried, and after `CRASHES` of these it has failed. One whose worker was ended from outside does not.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from indexer.lock import IndexerError
from indexer.settings import IndexerSettings
from indexer.worker_death import came_from_outside, is_starved, why
from store import jobs
from store.results import JobRow, StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

CRASHES: Final = 2
"""A file that ended two workers is not given to a third."""
STILLBORN: Final = 3
"""So many workers in a row that end before their first job mean that none can work."""
STOP_S: Final = 4.0
"""How long a job may go on after the pool was told to stop; then it is put back."""

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


_CHATTER: Final = "INFO:"
"""Begins what the tagger's library says when all is well."""

OnReport = Callable[[Report], None]


def environment(settings: StoreSettings) -> dict[str, str]:
    """What a worker process is started with.

    Numeric libraries read their number of threads when they load: one, as the workers themselves
    are the parallel part. Two arenas keep glibc from holding on to freed memory.
    """
    cache = settings.folder / "cache" / "numba"
    cache.mkdir(parents=True, exist_ok=True)
    root = str(Path(__file__).resolve().parents[1])
    libraries = ("OMP", "OPENBLAS", "MKL", "NUMBA", "BLIS")
    return {
        **os.environ,
        **{f"{library}_NUM_THREADS": "1" for library in libraries},
        "VECLIB_MAXIMUM_THREADS": "1",
        "NUMBA_CACHE_DIR": str(cache),
        "MALLOC_ARENA_MAX": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "BACKBEAT_DATA": str(settings.folder),
        "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))),
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
        self._stillborn = 0
        self._busy_at = time.monotonic()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the workers that live."""
        return tuple(worker.name for worker in self._workers)

    @property
    def at_work(self) -> tuple[Report, ...]:
        """Jobs at hand."""
        return tuple(worker.job for worker in self._workers if worker.job)

    @property
    def processes(self) -> tuple[int, ...]:
        """Process ids of the workers that live."""
        return tuple(worker.process.pid for worker in self._workers)

    def tick(self, waiting: int) -> None:
        """Look after the workers; to be called a few times a second.

        Args:
            waiting: Jobs that are queued.

        Raises:
            IndexerError: Workers cannot be started on this machine.
        """
        for worker in list(self._workers):
            self._hear(worker)
            if worker.process.poll() is not None:
                self._bury(worker)
            elif worker.job and worker.job_s() > self._settings.job_minutes * 60:
                log.warning("Giving up %s: it takes too long", worker.job.key)
                worker.hangs = True
                worker.process.kill()
        self._adapt(waiting)

    def stop(self, *, patience_s: float = STOP_S) -> None:
        """Let each worker finish its job if that is soon; put back the others."""
        for worker in self._workers:
            worker.tell("stop")
        until = time.monotonic() + patience_s
        for worker in self._workers:
            try:
                worker.process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            worker.drain()
            self._hear(worker)
            self._hand_back(worker)
        self._workers.clear()

    def _hear(self, worker: _Process) -> None:
        for report in worker.reports():
            worker.take(report)
            if report.event != "ready":
                self._stillborn = 0
                self._on_report(report)

    def _adapt(self, waiting: int) -> None:
        """As many workers as there is work for; none after a while without."""
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

    def _bury(self, worker: _Process) -> None:
        """A worker ended: by our wish, for its memory, or because something went wrong."""
        worker.drain()
        self._hear(worker)
        self._workers.remove(worker)
        status = worker.process.returncode
        if status == EXIT_STORE:
            with contextlib.suppress(StoreError):  # what the worker met, this process meets too
                self._hand_back(worker)
            raise IndexerError(worker.last_words())
        if job := jobs.held_by(worker.name):
            self._blame(worker, job)
        elif worker.job is None and status not in (0, EXIT_RECYCLE):
            self._stillborn += 1
            if self._stillborn >= STILLBORN:
                raise IndexerError(
                    f"The workers that analyse music do not start: {worker.last_words()}"
                )

    def _hand_back(self, worker: _Process) -> None:
        if job := jobs.held_by(worker.name):
            jobs.hand_back(job.id)

    def _blame(self, worker: _Process, job: JobRow) -> None:
        """The job at hand when a worker died counts as tried, unless it was ended from outside."""
        status, words = worker.process.returncode, worker.last_words()
        if worker.hangs:
            reason = f"Analysis did not end within {self._settings.job_minutes:g} minutes."
            jobs.fail(job.id, reason, retry=False)
        elif came_from_outside(status):
            log.warning("Worker was ended (%s) at %s", status, job.key)
            jobs.interrupt(job.id, why(status, words, times=job.interruptions + 1))
        else:
            log.warning("Worker died (%s) at %s: %s", status, job.key, words)
            reason = why(status, words, times=job.attempts)
            code = {"code": "memory"} if is_starved(words) else None
            jobs.fail(job.id, reason, retry=job.attempts < CRASHES, result=code)
        after = jobs.job(job.id)
        if after and after.state == "failed":
            reason = after.reason or ""
            self._on_report(Report("failed", job.id, job.kind, job.key, reason=reason))


class _Process:
    """One worker process and the threads that listen to it."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self.job: Report | None = None
        self.hangs = False
        self._since = 0.0
        self._reports: deque[Report] = deque()
        self._words: deque[str] = deque(maxlen=20)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "indexer.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
        )
        self._listeners = [
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=self._overhear, daemon=True),
        ]
        for listener in self._listeners:
            listener.start()

    def tell(self, word: str) -> None:
        """Send one command; a worker that is gone does not mind."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()

    def reports(self) -> list[Report]:
        """What was reported since the last call."""
        found = []
        while self._reports:
            found.append(self._reports.popleft())
        return found

    def take(self, report: Report) -> None:
        """Follow which job is at hand."""
        self.job = report if report.event == "began" else None
        self._since = time.monotonic()

    def job_s(self) -> float:
        """How long the job at hand has taken."""
        return time.monotonic() - self._since

    def drain(self) -> None:
        """Wait for the last lines of a process that ended."""
        for listener in self._listeners:
            listener.join(timeout=2.0)

    def last_words(self) -> str:
        """The end of what it wrote to standard error."""
        words = [line for line in self._words if not line.startswith(_CHATTER)]
        return " ".join(words[-3:]) or f"status {self.process.returncode}"

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._reports.append(Report(**json.loads(line)))

    def _overhear(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._words.append(line.strip())
            log.info("%s: %s", self.name, line.rstrip())
