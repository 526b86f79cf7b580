"""One worker process, as its parent sees it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import threading
import time
from collections import deque
from typing import Final

from indexer.jobs.worker_report import Report
from store import processes
from store.settings import StoreSettings

log = logging.getLogger(__name__)

ERROR_LINES: Final = 20
"""Lines of standard error that are kept: those of a native crash, behind warnings of libraries."""
SHOWN_ERROR_LINES: Final = 3
"""Lines of these that are shown: the message of an error and where it comes from."""
JOIN_S: Final = 2.0
"""Seconds to wait for the output of an ended process, which another one may hold open."""
_INFO_PREFIX: Final = "INFO:"
"""Prefix of harmless lines of the tagger's library."""


def worker_environment(settings: StoreSettings) -> dict[str, str]:
    """Return the environment variables of a worker process.

    With two arenas glibc returns freed memory to the system.
    """
    cache = settings.folder / "cache" / "numba"
    cache.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        **processes.ONE_THREAD,
        "NUMBA_CACHE_DIR": str(cache),
        "MALLOC_ARENA_MAX": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "BACKBEAT_DATA": str(settings.folder),
        "PYTHONIOENCODING": "utf-8:surrogateescape",
    }


class WorkerProcess:
    """One worker process and the threads that read its output.

    Args:
        name: Under which the worker claims jobs.
        environment: Its environment variables.
    """

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name = name
        self.job: Report | None = None
        self.timed_out = False
        self._job_began_s = 0.0
        self._reports: deque[Report] = deque()
        self._error_lines: deque[str] = deque(maxlen=ERROR_LINES)
        self.process = subprocess.Popen(
            **processes.module("indexer.jobs.worker", name, environment=environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._readers = [
            threading.Thread(target=self._read_stdout, daemon=True),
            threading.Thread(target=self._read_stderr, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def send(self, command: str) -> None:
        """Send one command; ignored by a worker that has ended."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()

    def reports(self) -> list[Report]:
        """Return the reports since the last call."""
        found = []
        while self._reports:
            found.append(self._reports.popleft())
        return found

    def update_job(self, report: Report) -> None:
        """Set the current job by a report of the worker."""
        self.job = report if report.event == "began" else None
        self._job_began_s = time.monotonic()

    def job_s(self) -> float:
        """Return the seconds since the current job began."""
        return time.monotonic() - self._job_began_s

    def join_readers(self) -> None:
        """Wait until the output of an ended process is read."""
        for reader in self._readers:
            reader.join(timeout=JOIN_S)

    def stderr_tail(self) -> str:
        """Return the last lines of standard error."""
        lines = [line for line in self._error_lines if not line.startswith(_INFO_PREFIX)]
        return " ".join(lines[-SHOWN_ERROR_LINES:]) or f"status {self.process.returncode}"

    def _read_stdout(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._reports.append(Report(**json.loads(line)))

    def _read_stderr(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._error_lines.append(line.strip())
            log.info("%s: %s", self.name, line.rstrip())
