"""The demo library is rendered beside the indexer, so that the chat need not wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.demo.demo_library import render_library
from store.jobs import indexer_state
from store.results import StoreError

log = logging.getLogger(__name__)


@contextmanager
def rendering(folder: Path, stop: threading.Event) -> Iterator[None]:
    """Render what is missing while inside; how far it is stands in `indexer_state`.

    Args:
        folder: Of the demo library.
        stop: Set when the indexer ends.
    """

    def render() -> None:
        try:
            render_library(
                folder,
                on_progress=lambda done, total, title: indexer_state.record_rendering(done, total),
                stop=stop,
            )
        except (OSError, StoreError) as error:
            log.warning("The demo library could not be rendered: %s", error)

    thread = threading.Thread(target=render, name="demo")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
