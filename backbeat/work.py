"""Jobs asked for on the command line are done even when no indexer runs beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assistant.events import TurnEvent

_STOP_S: Final = 10.0
_WORK_TOOLS: Final = frozenset({"generate_drum_chart"})


class JobWork:
    """Starts a process for the open jobs when a tool that needs one begins."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def notice(self, event: TurnEvent) -> None:
        """Look at an event of a turn and start the work that it waits for."""
        from assistant.events import ToolStarted

        if isinstance(event, ToolStarted) and event.call.name in _WORK_TOOLS:
            self.start()

    def start(self) -> None:
        """Start the process, unless an indexer is at work already."""
        from store import state

        if self._process is None and not state.indexer_alive():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "indexer.service", "--jobs", "chart"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env=os.environ,
            )

    def stop(self) -> None:
        """End the process that was started here."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()


@contextmanager
def indexer_for_jobs() -> Iterator[JobWork]:
    """While a request runs: someone who does the jobs that it asks for."""
    work = JobWork()
    try:
        yield work
    finally:
        work.stop()
