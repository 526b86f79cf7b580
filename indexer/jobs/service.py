"""The indexer process: reconcile the folder, watch it and run the jobs.

    python -m indexer.jobs.service FOLDER

One process a data folder. Only it writes vectors to LanceDB; its workers only write to SQLite.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

from indexer.demo.background_rendering import rendering
from indexer.drums.version import chart_version
from indexer.jobs.folder_indexer import FolderIndexer
from indexer.jobs.lock import BusyError, IndexerError, indexer_lock
from indexer.jobs.pool import Pool
from indexer.jobs.progress import IndexEvent, IndexSummary, OnEvent
from indexer.jobs.settings import IndexerSettings
from indexer.moods.mood_job import queue_unfinished
from store.jobs import indexer_state, job_interruptions, job_reports
from store.library.corrections import correcting
from store.results import StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

HEARTBEAT_S: Final = 4.0
"""Interval in s of the heartbeats: three fit into `indexer_state.ALIVE_WITHIN_S`."""
QUEUE_POLL_S: Final = 0.2
"""Interval in s at which `serve_jobs` counts the queued jobs: a person waits for them."""
JOIN_S: Final = 2.0
"""Seconds to wait for the thread of the heartbeats, which the database may block."""
EXIT_BUSY: Final = 3
"""Exit status when another indexer runs on the same data."""


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
        on_event: Gets steps, problems and progress.
        stop: Ends the indexer when set.
        settings: From the environment by default.

    Raises:
        IndexerError: The folder is missing, another indexer runs, or no worker can start.
        StoreError: The data folder cannot be used.
    """
    folder = folder.expanduser().absolute()
    if once and not folder.is_dir():
        raise IndexerError(f"There is no folder {folder}; give the folder that holds your music.")
    stop = stop or threading.Event()
    with indexer_lock(StoreSettings().folder), _stopping_on_signals(stop), _heartbeats():
        correcting.apply_waiting()
        queue_unfinished()
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
def serve_jobs(kind: str = "chart") -> Iterator[None]:
    """Run the jobs of a kind while inside, unless an indexer runs already and does so.

    Raises:
        IndexerError: The data folder cannot be locked.
    """
    try:
        with ExitStack() as stack:
            stack.enter_context(indexer_lock(StoreSettings().folder))
            job_interruptions.requeue_orphans(())
            stack.enter_context(_heartbeats())
            stack.enter_context(_job_thread(kind))
            yield
    except BusyError:
        yield


@contextmanager
def _job_thread(kind: str) -> Iterator[None]:
    """Run jobs with one worker, started by a thread when a job of `kind` is queued."""
    ended = threading.Event()

    def run_jobs() -> None:
        pool = Pool(settings=IndexerSettings(), workers=1)
        try:
            while not ended.wait(QUEUE_POLL_S):
                pool.tick(job_reports.counts(kind).get("queued", 0))
        except (StoreError, IndexerError) as error:
            log.warning("%s", error)
        finally:
            pool.stop()

    thread = threading.Thread(target=run_jobs, name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _heartbeats() -> Iterator[None]:
    """Record heartbeats, by which other processes see that an indexer runs."""
    ended = threading.Event()

    def record() -> None:
        has_version = False
        while not ended.is_set():
            try:
                if not has_version:
                    indexer_state.record_chart_version(chart_version())
                    has_version = True
                indexer_state.record_heartbeat()
            except StoreError as error:
                log.warning("%s", error)
            ended.wait(HEARTBEAT_S)

    thread = threading.Thread(target=record, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=JOIN_S)
        with suppress(StoreError):
            indexer_state.clear_heartbeat()


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Set `stop` on SIGINT and SIGTERM; other threads than the main one cannot handle signals."""
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
    """Print the message of an event as one line; progress is not printed."""
    if event.kind != "progress" and event.message:
        print(event.message, flush=True)


def main(arguments: list[str]) -> int:
    """Index and watch a folder.

    With `--attached`, until standard input ends; with `--demo`, the demo library is rendered there.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    flags = {argument for argument in arguments if argument in ("--attached", "--demo")}
    folders = [argument for argument in arguments if argument not in flags]
    if len(folders) != 1:
        print("Expected one folder: python -m indexer.jobs.service FOLDER", file=sys.stderr)
        return 2
    stop = threading.Event()
    folder = Path(folders[0])
    if "--attached" in flags:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    try:
        with rendering(folder, stop) if "--demo" in flags else nullcontext():
            run_indexer(folder, on_event=show, stop=stop)
    except BusyError as error:
        print(error, file=sys.stderr)
        return EXIT_BUSY
    except (IndexerError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _stop_at_end_of_input(stop: threading.Event) -> None:
    """Set `stop` when the pipe closes: the process that started this one has ended."""
    # not sys.stdin: the interpreter cannot end while a thread reads it
    while os.read(0, 1):
        pass
    stop.set()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
