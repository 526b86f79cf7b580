"""Vectors brought up to date while files are analysed: text vectors, LanceDB and the map.

    python -m indexer.ingest.vector_writer

LanceDB holds 200 MB once it is loaded, so each update is a short process of its own, and so is that
of the map (`indexer.ingest.map_writer`). The indexer starts one at a time, as LanceDB allows one
writer.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from indexer.ingest.text_vectors import TextVectorError, make_text_vectors
from store import processes
from store.jobs import indexer_state
from store.results import StoreError
from store.vectors import map_positions
from store.vectors.model_server import ModelServerSettings

VECTORS_S: Final = 300.0
"""Between two updates during a long indexing; a text model that was fetched meanwhile is found
within that time, too."""
VECTORS_NAME: Final = "vectors"
UP_TO_DATE: Final = "up to date"


class VectorWriter:
    """Brings the vectors up to date at intervals, one process at a time.

    Args:
        environment: Of the process.
        on_problem: Gets a message when it cannot.
        on_step: Gets a message when text vectors were made.
        stop: Ends the making of text vectors when set.

    Attributes:
        due: Whether to update at the next tick, as the queue is empty.
        resting: Whether the analysis rests, so that the map waits too.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        on_problem: Callable[[str], None],
        on_step: Callable[[str], None],
        stop: threading.Event,
    ) -> None:
        self._environment = environment
        self.due = False
        self.resting = False
        self._outdated = indexer_state.get(VECTORS_NAME) != UP_TO_DATE
        self._map_outdated = self._outdated or not map_positions.is_there()
        self._on_problem = on_problem
        self._on_step = on_step
        self._stop = stop
        self._thread: threading.Thread | None = None
        self._last = time.monotonic()
        self._state_lock = threading.Lock()
        self._reported = ""

    def mark_outdated(self) -> None:
        """Record that a vector was added, in the store, in case this process is killed."""
        with self._state_lock:
            self._map_outdated = True
            if not self._outdated:
                self._outdated = True
                indexer_state.put(VECTORS_NAME, "behind")

    def tick(self) -> None:
        """Start an update when one is due."""
        long_ago = time.monotonic() - self._last > VECTORS_S
        if (self.due or long_ago) and not self._busy():
            self._start()

    def finish(self, *, wait: bool) -> None:
        """Stop; with `wait`, not before everything is up to date."""
        if wait:
            self._join(None)
            self._start()
            self._join(None)
        else:
            self._join(5.0)

    def _busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _join(self, timeout_s: float | None) -> None:
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _start(self) -> None:
        self.due = False
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._update, name="vectors", daemon=True)
        self._thread.start()

    def _update(self) -> None:
        try:
            while (not self._outdated or self._update_lancedb()) and self._make_text_vectors():
                pass
        except StoreError as error:
            self._on_problem(str(error))
        if self._map_outdated and not self.resting:
            self._map_outdated = False
            if why := self._run("indexer.ingest.map_writer"):
                self._on_problem(f"The map of the library is not up to date: {why}")

    def _make_text_vectors(self) -> bool:
        """Make missing text vectors for up to `VECTORS_S`; return whether any were made."""
        until = time.monotonic() + VECTORS_S
        try:
            settings = ModelServerSettings()
            made = make_text_vectors(
                settings, stopped=lambda: self._stop.is_set() or time.monotonic() > until
            )
        except (TextVectorError, ValidationError) as error:
            self._report_once(str(error))
            return False
        if made:
            self.mark_outdated()
            self._on_step(f"{made} tracks described in words by {settings.embed_model}.")
        return made > 0

    def _report_once(self, problem: str) -> None:
        if problem != self._reported:
            self._reported = problem
            self._on_problem(problem)

    def _update_lancedb(self) -> bool:
        """Bring LanceDB up to date; return whether it succeeded."""
        self._outdated = False
        if why := self._run("indexer.ingest.vector_writer"):
            self._on_problem(f"Similar tracks are found slowly for now: {why}")
            return False
        with self._state_lock:
            if not self._outdated:  # nothing was added meanwhile
                with suppress(StoreError):  # then all vectors are compared again at the next start
                    indexer_state.put(VECTORS_NAME, UP_TO_DATE)
        return True

    def _run(self, name: str) -> str:
        """Run one of our modules as a process; return why it failed, "" if it did not."""
        done = subprocess.run(
            **processes.module(name, environment=self._environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,  # Ctrl-C is for the indexer, which waits for the update
        )
        if not done.returncode:
            return ""
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]


def main() -> int:
    """Bring LanceDB up to date with SQLite once."""
    from store.vectors import vector_tables

    try:
        vector_tables.synchronise()
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
