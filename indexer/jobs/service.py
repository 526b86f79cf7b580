"""The indexer process: reconcile the folder, watch it, keep the workers going.

    python -m indexer.jobs.service FOLDER

One process a data folder. It alone writes vectors to LanceDB; the workers only write SQLite.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from indexer.drums.version import chart_version
from indexer.jobs.folder_indexer import FolderIndexer
from indexer.jobs.lock import BusyError, IndexerError, indexer_lock
from indexer.jobs.pool import Pool
from indexer.jobs.progress import IndexEvent, IndexSummary, OnEvent
from indexer.jobs.settings import IndexerSettings
from store.jobs import indexer_state, job_interruptions, job_reports
from store.results import StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

BEAT_S: Final = 4.0
LOOK_S: Final = 0.2
EXIT_BUSY: Final = 3
"""Exit status when another indexer is at work on the same data."""


def run_indexer(
    folder: Path,
    *,
    once: bool = False,
    retry_failed: bool = False,
    on_event: OnEvent = lambda event: None,
    stop: threading.Event | None = None,
    settings: IndexerSettings | None = None,
) -> IndexSummary:
    """Index a folder and keep it indexed until SIGINT, SIGTERM or `stop`.

    Args:
        folder: Music.
        once: End when everything is analysed, and do not watch.
        retry_failed: Try files again that failed before.
        on_event: Gets steps, troubles and progress.
        stop: Ends the indexer when set.
        settings: From the environment by default.

    Raises:
        IndexerError: The folder is not there, another indexer is at work, or nothing can work.
        StoreError: The data folder cannot be used.
    """
    folder = folder.expanduser().absolute()
    if once and not folder.is_dir():
        raise IndexerError(f"There is no folder {folder}; give the folder that holds your music.")
    stop = stop or threading.Event()
    with indexer_lock(StoreSettings().folder), _stopping_on_signals(stop), _beating():
        indexer = FolderIndexer(folder, settings or IndexerSettings(), on_event, stop)
        return indexer.run(once=once, retry_failed=retry_failed)


def index_once(
    folder: Path,
    on_event: OnEvent = lambda event: None,
    *,
    retry_failed: bool = False,
    stop: threading.Event | None = None,
    settings: IndexerSettings | None = None,
) -> IndexSummary:
    """Index a folder and return; see `run_indexer`."""
    return run_indexer(
        folder,
        once=True,
        retry_failed=retry_failed,
        on_event=on_event,
        stop=stop,
        settings=settings,
    )


@contextmanager
def working(kind: str = "chart") -> Iterator[None]:
    """While inside, jobs of a kind are done: here, unless an indexer that is alive does them.

    Raises:
        IndexerError: The data folder cannot be locked.
    """
    try:
        with ExitStack() as stack:
            stack.enter_context(indexer_lock(StoreSettings().folder))
            job_interruptions.requeue_orphans(())
            stack.enter_context(_beating())
            stack.enter_context(_tending(kind))
            yield
    except BusyError:
        yield


@contextmanager
def _tending(kind: str) -> Iterator[None]:
    """A thread that keeps a worker for the open jobs of a kind; none starts without any."""
    over = threading.Event()

    def tend() -> None:
        pool = Pool(settings=IndexerSettings(), workers=1)
        try:
            while not over.wait(LOOK_S):
                pool.tick(job_reports.counts(kind).get("queued", 0))
        except (StoreError, IndexerError) as error:
            log.warning("%s", error)
        finally:
            pool.stop()

    thread = threading.Thread(target=tend, name="tend", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _beating() -> Iterator[None]:
    """Tell the other processes that an indexer is alive."""
    over = threading.Event()

    def beat() -> None:
        recorded = False
        while not over.is_set():
            try:
                if not recorded:
                    indexer_state.record_chart_version(chart_version())
                    recorded = True
                indexer_state.record_heartbeat()
            except StoreError as error:
                log.warning("%s", error)
            over.wait(BEAT_S)

    thread = threading.Thread(target=beat, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=2.0)
        with suppress(StoreError):
            indexer_state.clear_heartbeat()


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into a clean stop; only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def show(event: IndexEvent) -> None:
    """Print an event as one line; progress is left to those who can draw it."""
    if event.kind != "progress" and event.message:
        print(event.message, flush=True)


def main(arguments: list[str]) -> int:
    """Index and watch the folder that is named; with `--attached`, until standard input ends."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    attached = arguments[:1] == ["--attached"]
    folders = arguments[attached:]
    if len(folders) != 1:
        print("Expected one folder: python -m indexer.jobs.service FOLDER", file=sys.stderr)
        return 2
    stop = threading.Event()
    if attached:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    try:
        run_indexer(Path(folders[0]), on_event=show, stop=stop)
    except BusyError as error:
        print(error, file=sys.stderr)
        return EXIT_BUSY
    except (IndexerError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _stop_at_end_of_input(stop: threading.Event) -> None:
    """Whoever started this process is gone, however it died, when its end of the pipe closes."""
    # not sys.stdin: the interpreter cannot end while a thread waits inside of it
    while os.read(0, 1):
        pass
    stop.set()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
