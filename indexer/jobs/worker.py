"""A worker process: claim a job, do it, say how it went, until told to stop.

    python -m indexer.jobs.worker NAME

It reads one word from standard input, "stop", which ends it after the job at hand; when the input
ends, its parent is gone and it goes too. To standard output it writes one JSON object a line, see
`indexer.jobs.pool.Report`. A job that was cut off stays `running` in the store; the next parent
puts it back, and does not count it.
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
LOOK_S: Final = 0.5
"""Between two looks into an empty queue."""
CANCEL_S: Final = 0.5
"""Between two looks whether the owner cancelled the job."""
KINDS: Final = ("analyse", "chart")
ASKED_FOR: Final = ("chart",)
"""Done even while the indexer rests, and at full speed: somebody waits for it."""


class CancelledError(Exception):
    """The owner cancelled the job."""


class Worker:
    """Claims and does jobs, one at a time.

    Args:
        name: Under which it claims.
        settings: Of the indexer.
        say: Takes reports to the parent.
    """

    def __init__(
        self, name: str, *, settings: IndexerSettings, say: Callable[[Report], None]
    ) -> None:
        self._name = name
        self._settings = settings
        self._say = say
        self._tagger = TaggerSource()
        self.stopping = threading.Event()
        self._pacer = CpuThrottle(settings.duty, sleep=self.stopping.wait)
        self._job_id: int | None = None
        self._starved = False
        self._warnings: list[str] = []

    def run(self) -> int:
        """Work until told to stop; the exit status."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        self._say(Report("ready"))
        while not self.stopping.is_set():
            job = job_queue.claim(
                self._name, ASKED_FOR if indexer_state.indexing_pause() else KINDS
            )
            if job is None:
                self.stopping.wait(LOOK_S)
                continue
            self._job_id = job.id
            self._do(job)
            self._job_id = None
            if self._starved or resident_mb() > self._settings.worker_memory_mb:
                return EXIT_RECYCLE
        return 0

    def _do(self, job: JobRow) -> None:
        self._say(Report("began", job.id, job.kind, job.key))
        self._warnings.clear()
        try:
            outcome, result = self._work(job)
        except MemoryError:  # before OSError, which that of libav is too
            self._starved = True
            self._fail(job, NOT_ENOUGH, code="memory")
        except (AudioError, AnalysisError, DrumsError) as error:
            self._fail(job, str(error), code="" if isinstance(error, AnalysisError) else error.code)
        except MissingFileError:
            job_queue.finish(job.id, {"outcome": "gone"})
            self._say(Report("done", job.id, job.kind, job.key, "gone"))
        except CancelledError:
            self._say(Report("done", job.id, job.kind, job.key, "cancelled"))
        except OSError as error:
            reason = f"The file cannot be read ({error.strerror or error})."
            self._fail(job, reason, code="unreadable")
        except StoreError:
            raise  # a full disk or a damaged database is no fault of the file
        except Exception as error:  # one bad file must not stop the others
            log.exception("Job %s (%s) failed", job.id, job.key)
            self._fail(job, f"Backbeat made a mistake with this file: {error!r}.")
        else:
            job_queue.finish(job.id, result)
            warnings = " ".join(self._warnings)
            self._say(Report("done", job.id, job.kind, job.key, outcome, reason=warnings))

    def _work(self, job: JobRow) -> tuple[str, Mapping[str, object]]:
        if job.kind == "chart":
            from indexer.charts.chart_job import make_chart  # few workers ever chart

            try:
                return "chart", make_chart(job, on_progress=self._progress_of(job))
            finally:
                self._pacer.reset()
        outcome = ingest_file(
            job.key,
            tagger=self._tagger.get(),
            throttle=self._pacer.throttle,
            warn=self._warnings.extend,
        )
        return outcome, {"outcome": outcome, "warnings": list(self._warnings)}

    def _fail(self, job: JobRow, reason: str, *, code: str = "") -> None:
        job_queue.fail(job.id, reason, retry=False, result={"code": code} if code else None)
        self._say(Report("failed", job.id, job.kind, job.key, reason=reason))

    def _progress_of(self, job: JobRow) -> Callable[[float, str], None]:
        last = 0.0

        def tell(fraction: float, step: str) -> None:
            nonlocal last
            if time.monotonic() - last > CANCEL_S:
                last = time.monotonic()
                if job_reports.is_cancelled(job.id):
                    raise CancelledError
            job_queue.record_progress(job.id, fraction, step)

        return tell

    def _beat(self) -> None:
        while not self.stopping.wait(HEARTBEAT_S):
            job_id = self._job_id
            if job_id is not None:
                with contextlib.suppress(StoreError):
                    job_queue.record_heartbeat(job_id)


def resident_mb() -> float:
    """Memory that this process holds now, MB."""
    return psutil.Process().memory_info().rss / 1e6


def listen(commands: TextIO, stopping: threading.Event) -> None:
    """Obey the parent: "stop" ends the worker after its job, the end of the input at once."""
    for line in commands:
        if line.strip() == "stop":
            stopping.set()
    os._exit(0)


def be_modest(niceness: int) -> None:
    """Let every other program go first, at the processor and at the disk."""
    with contextlib.suppress(OSError):
        os.nice(niceness)
    if hasattr(psutil, "IOPRIO_CLASS_IDLE"):
        with contextlib.suppress(psutil.Error, OSError):
            psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


def main(name: str) -> int:
    """Work for the parent that started this process."""
    # libraries print; what they print must not come between the reports
    reports = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    # Ctrl-C reaches the whole group; the parent decides what happens
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = IndexerSettings()
    be_modest(settings.niceness)
    limit_memory(settings.worker_hard_memory_mb)

    def say(report: Report) -> None:
        reports.write(json.dumps(asdict(report)) + "\n")

    worker = Worker(name, settings=settings, say=say)
    threading.Thread(target=listen, args=(sys.stdin, worker.stopping), daemon=True).start()
    try:
        return worker.run()
    except StoreError as error:
        print(error, file=sys.stderr)
        return EXIT_STORE


if __name__ == "__main__":
    status = main(sys.argv[1])
    sys.stdout.flush()
    # the thread that waits for commands would hold the interpreter back
    os._exit(status)
