"""Vectors kept up while files are analysed: of tracks in words, and LanceDB with SQLite.

    python -m indexer.ingest.vector_writer

LanceDB holds 200 MB once it is loaded, so each update is a short process of its own. The indexer
starts one at a time: LanceDB has one writer.
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

from indexer.ingest.text_vectors import TextVectorError, describe_tracks
from store.jobs import indexer_state
from store.results import StoreError
from store.vectors.model_server import ModelServerSettings

VECTORS_S: Final = 300.0
"""During a long first indexing, neighbours are brought up to date so often; a text model that was
fetched meanwhile is found within that time, too."""
VECTORS_NAME: Final = "vectors"
UP_TO_DATE: Final = "up to date"


class VectorKeeper:
    """Brings the vectors up to date now and then, one process at a time.

    Args:
        environment: Of the process.
        on_trouble: Gets a sentence when it cannot.
        on_step: Gets a sentence when tracks were described.
        stop: Ends describing when set.

    Attributes:
        due: The queue ran empty: now is a good moment.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        on_trouble: Callable[[str], None],
        on_step: Callable[[str], None],
        stop: threading.Event,
    ) -> None:
        self._environment = environment
        self.due = False
        self._needed = indexer_state.get(VECTORS_NAME) != UP_TO_DATE
        self._on_trouble = on_trouble
        self._on_step = on_step
        self._stop = stop
        self._thread: threading.Thread | None = None
        self._last = time.monotonic()
        self._marking = threading.Lock()
        self._told = ""

    def need(self) -> None:
        """A vector was added; remembered in the store, should this process be killed."""
        with self._marking:
            if not self._needed:
                self._needed = True
                indexer_state.put(VECTORS_NAME, "behind")

    def tick(self) -> None:
        """Start when it is time."""
        long_ago = time.monotonic() - self._last > VECTORS_S
        if (self.due or long_ago) and not self._busy():
            self._start()

    def finish(self, *, wait: bool) -> None:
        """End; with `wait`, not before everything is up to date."""
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
        self._thread = threading.Thread(target=self._work, name="vectors", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            while (not self._needed or self._synchronise()) and self._describe():
                pass
        except StoreError as error:
            self._on_trouble(str(error))

    def _describe(self) -> bool:
        """Make missing text vectors for a while; whether there were any."""
        until = time.monotonic() + VECTORS_S
        try:
            settings = ModelServerSettings()
            made = describe_tracks(
                settings, stopped=lambda: self._stop.is_set() or time.monotonic() > until
            )
        except (TextVectorError, ValidationError) as error:
            self._tell_once(str(error))
            return False
        if made:
            self.need()
            self._on_step(f"{made} tracks described in words by {settings.embed_model}.")
        return made > 0

    def _tell_once(self, trouble: str) -> None:
        if trouble != self._told:
            self._told = trouble
            self._on_trouble(trouble)

    def _synchronise(self) -> bool:
        """Bring LanceDB up; whether it could be."""
        self._needed = False
        done = subprocess.run(
            [sys.executable, "-m", "indexer.ingest.vector_writer"],
            env=dict(self._environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,  # Ctrl-C is for the indexer, which waits for the update
        )
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            self._on_trouble(f"Similar tracks are found slowly for now: {why}")
            return False
        with self._marking:
            if not self._needed:  # nothing was added meanwhile
                with suppress(StoreError):  # then all is looked at again at the next start
                    indexer_state.put(VECTORS_NAME, UP_TO_DATE)
        return True


def main() -> int:
    """Bring LanceDB up to SQLite once."""
    from store.vectors import vector_tables

    try:
        vector_tables.synchronise()
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
