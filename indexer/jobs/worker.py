"""A worker process: claim jobs, run them one after another and report the results.

    python -m indexer.jobs.worker NAME

It reads one command from standard input, "stop", which ends it after the current job; at the end of
the input, when its parent has ended, it ends at once. To standard output it writes one JSON object
a line, see `indexer.jobs.worker_report.Report`. An interrupted job stays `running` in the store;
the next parent queues it again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Final, TextIO

import psutil

from indexer.drums.types import DrumsError
from indexer.files.audio.audio_types import AudioError
from indexer.ingest.intake import MissingFileError, ingest_file
from indexer.ingest.pipeline import TaggerSource
from indexer.jobs.limits.cpu_throttle import CpuThrottle
from indexer.jobs.limits.memory_limit import NOT_ENOUGH, limit_memory
from indexer.jobs.pool import EXIT_RECYCLE, EXIT_STORE, Report
from indexer.jobs.settings import IndexerSettings
from indexer.mir.types import AnalysisError
from store.jobs import indexer_state, job_queue, job_reports
from store.results import JobRow, StoreError

log = logging.getLogger(__name__)

HEARTBEAT_S: Final = 5.0
"""Interval in s of the heartbeats of a job, each a write to the database."""
QUEUE_POLL_S: Final = 0.5
"""Interval in s of the polls of an empty queue: a chart is asked for in the chat."""
CANCEL_POLL_S: Final = 0.5
"""Interval in s of the polls whether the owner cancelled the job, who waits for that."""
KINDS: Final = ("analyse", "chart", "moods")
"""Kinds of jobs that a worker runs."""
URGENT_KINDS: Final = ("chart",)
"""Kinds that run even while the indexer rests, and at full speed: a person waits for them."""


class CancelledError(Exception):
    """The owner cancelled the job."""


class Worker:
    """Claims and runs jobs, one at a time.

    Args:
        name: Under which it claims.
        settings: Of the indexer.
        on_report: Sends a report to the parent.
    """

    def __init__(
        self, name: str, *, settings: IndexerSettings, on_report: Callable[[Report], None]
    ) -> None:
        self._name = name
        self._settings = settings
        self._on_report = on_report
        self._tagger = TaggerSource()
        self.stopping = threading.Event()
        self._throttle = CpuThrottle(settings.duty, sleep=self.stopping.wait)
        self._job_id: int | None = None
        self._out_of_memory = False
        self._warnings: list[str] = []

    def run(self) -> int:
        """Run jobs until stopped; return the exit status."""
        threading.Thread(target=self._record_heartbeats, name="heartbeat", daemon=True).start()
        self._on_report(Report("ready"))
        while not self.stopping.is_set():
            job = job_queue.claim(
                self._name, URGENT_KINDS if indexer_state.indexing_pause() else KINDS
            )
            if job is None:
                self.stopping.wait(QUEUE_POLL_S)
                continue
            self._job_id = job.id
            self._run(job)
            self._job_id = None
            if self._out_of_memory or resident_mb() > self._settings.worker_memory_mb:
                return EXIT_RECYCLE
        return 0

    def _run(self, job: JobRow) -> None:
        self._on_report(Report("began", job.id, job.kind, job.key))
        self._warnings.clear()
        try:
            outcome, result = self._process(job)
        except MemoryError:  # before OSError: that of libav is both
            self._out_of_memory = True
            self._fail(job, NOT_ENOUGH, code="memory")
        except (AudioError, AnalysisError, DrumsError) as error:
            self._fail(job, str(error), code="" if isinstance(error, AnalysisError) else error.code)
        except MissingFileError:
            job_queue.finish(job.id, {"outcome": "gone"})
            self._on_report(Report("done", job.id, job.kind, job.key, "gone"))
        except CancelledError:
            self._on_report(Report("done", job.id, job.kind, job.key, "cancelled"))
        except OSError as error:
            reason = f"The file cannot be read ({error.strerror or error})."
            self._fail(job, reason, code="unreadable")
        except StoreError:
            raise  # a full disk or a damaged database fails every job
        except Exception as error:  # one bad file must not stop the analysis of the others
            log.exception("Job %s (%s) failed", job.id, job.key)
            self._fail(job, f"Backbeat made a mistake with this file: {error!r}.")
        else:
            job_queue.finish(job.id, result)
            warnings = " ".join(self._warnings)
            self._on_report(Report("done", job.id, job.kind, job.key, outcome, reason=warnings))

    def _process(self, job: JobRow) -> tuple[str, Mapping[str, object]]:
        if job.kind == "chart":
            from indexer.charts.chart_job import make_chart  # heavy, and few workers make charts

            try:
                return "chart", make_chart(job, on_progress=self._progress_recorder(job))
            finally:
                self._throttle.reset()
        if job.kind == "moods":
            from indexer.moods.mood_job import run_mood_job  # scikit-learn, seldom needed

            return "moods", run_mood_job(job.key, on_progress=self._progress_recorder(job))
        outcome = ingest_file(
            job.key,
            tagger=self._tagger.get(),
            throttle=self._throttle.throttle,
            warn=self._warnings.extend,
            min_length_s=self._settings.min_length_s,
        )
        return outcome, {"outcome": outcome, "warnings": list(self._warnings)}

    def _fail(self, job: JobRow, reason: str, *, code: str = "") -> None:
        job_queue.fail(job.id, reason, retry=False, result={"code": code} if code else None)
        self._on_report(Report("failed", job.id, job.kind, job.key, reason=reason))

    def _progress_recorder(self, job: JobRow) -> Callable[[float, str], None]:
        last = 0.0

        def record(fraction: float, step: str) -> None:
            nonlocal last
            if time.monotonic() - last > CANCEL_POLL_S:
                last = time.monotonic()
                if job_reports.is_cancelled(job.id):
                    raise CancelledError
            job_queue.record_progress(job.id, fraction, step)

        return record

    def _record_heartbeats(self) -> None:
        while not self.stopping.wait(HEARTBEAT_S):
            job_id = self._job_id
            if job_id is not None:
                with contextlib.suppress(StoreError):
                    job_queue.record_heartbeat(job_id)


def resident_mb() -> float:
    """Return the resident memory of this process in MB (10^6 bytes)."""
    return psutil.Process().memory_info().rss / 1e6


def read_commands(commands: TextIO, stopping: threading.Event) -> None:
    """Read commands: "stop" sets `stopping`; the end of the input ends this process."""
    for line in commands:
        if line.strip() == "stop":
            stopping.set()
    os._exit(0)


def lower_priority(niceness: int) -> None:
    """Lower the priority of this process for the processor, by `niceness`, and for the disk."""
    with contextlib.suppress(OSError):
        os.nice(niceness)
    if hasattr(psutil, "IOPRIO_CLASS_IDLE"):
        with contextlib.suppress(psutil.Error, OSError):
            psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


def main(name: str) -> int:
    """Run jobs for the parent that started this process; return the exit status."""
    # standard output carries only reports: what libraries print goes to standard error
    reports = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    # Ctrl-C reaches the whole process group; the parent stops its workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = IndexerSettings()
    lower_priority(settings.niceness)
    limit_memory(settings.worker_hard_memory_mb)

    def send(report: Report) -> None:
        reports.write(json.dumps(asdict(report)) + "\n")

    worker = Worker(name, settings=settings, on_report=send)
    threading.Thread(target=read_commands, args=(sys.stdin, worker.stopping), daemon=True).start()
    try:
        return worker.run()
    except StoreError as error:
        print(error, file=sys.stderr)
        return EXIT_STORE


if __name__ == "__main__":
    status = main(sys.argv[1])
    sys.stdout.flush()
    # the interpreter cannot end while a thread reads standard input
    os._exit(status)
