"""LanceDB kept up with SQLite while files are analysed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from store import state, vectors
from store.results import StoreError

VECTORS_S: Final = 300.0
"""During a long first indexing, neighbours are brought up to date so often."""
VECTORS_NAME: Final = "vectors"
UP_TO_DATE: Final = "up to date"


class VectorKeeper:
    """Brings LanceDB up to date from a thread of its own, one at a time.

    Args:
        on_trouble: Gets a sentence when it cannot.

    Attributes:
        due: The queue ran empty: now is a good moment.
    """

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        self.due = False
        self._needed = state.get(VECTORS_NAME) != UP_TO_DATE
        self._on_trouble = on_trouble
        self._thread: threading.Thread | None = None
        self._last = time.monotonic()

    def need(self) -> None:
        """A vector was added; remembered in the store, should this process be killed."""
        if not self._needed:
            self._needed = True
            state.put(VECTORS_NAME, "behind")

    def tick(self) -> None:
        """Start when it is time."""
        long_ago = time.monotonic() - self._last > VECTORS_S
        if self._needed and (self.due or long_ago) and not self._busy():
            self._start()

    def finish(self, *, wait: bool) -> None:
        """End; with `wait`, not before everything is up to date."""
        if wait:
            self._join(None)
            if self._needed:
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
        self._needed = self.due = False
        state.put(VECTORS_NAME, UP_TO_DATE)
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._synchronise, name="vectors", daemon=True)
        self._thread.start()

    def _synchronise(self) -> None:
        try:
            vectors.synchronise()
        except StoreError as error:
            state.put(VECTORS_NAME, "behind")
            self._on_trouble(f"Similar tracks are found slowly for now: {error}")
