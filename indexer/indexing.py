"""The loop of the indexer: scan, watch, settle, queue, look after the workers, keep vectors."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from indexer.intake import queue_outdated
from indexer.models.musicnn import ModelError, ensure_models
from indexer.pace import Pace
from indexer.progress import IndexEvent, IndexSummary, OnEvent, Tally
from indexer.queue import Pool, Report, environment
from indexer.scan import Look, ScanReport, Stamp, is_under, look, reconcile, request
from indexer.settings import IndexerSettings
from indexer.vector_keeper import VectorKeeper
from indexer.watch import FolderWatcher, Settling, look_at
from store import jobs, state, writing
from store.paths import decode_path, encode_path, shown_path
from store.records import KnownFile
from store.results import StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

TICK_S: Final = 0.1
COUNT_S: Final = 0.5
"""Between two looks at the number of jobs."""
COUNT_REST: Final = 20
"""Counting a long queue takes time; at most a twentieth goes into it."""
RESCAN_REST: Final = 10
"""After a scan that took t seconds, the next one waits at least ten times as long."""
SHOWN_FAILURES: Final = 3
"""Unreadable folders told one by one; the others are counted."""


class Indexer:
    """One folder and all that is done about it.

    Args:
        folder: Music, an absolute path.
        settings: Of the indexer.
        on_event: Gets steps, troubles and progress.
        stop: Ends the loop when set.
    """

    def __init__(
        self, folder: Path, settings: IndexerSettings, on_event: OnEvent, stop: threading.Event
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._on_event = on_event
        self._stop = stop
        self._summary = IndexSummary()
        self._tally = Tally()
        self._settling = Settling(settings.stable_s)
        self._left: dict[Look, str] = {}
        self._vectors = VectorKeeper(
            environment(StoreSettings()),
            on_trouble=self._trouble,
            on_step=self._step,
            stop=stop,
        )
        self._pool = Pool(settings=settings, on_report=self._hear)
        self._pace = Pace(settings)
        self._resting: state.PauseReason | None = None
        self._scan_at = 0.0
        self._scan_not_before = 0.0
        self._idle_told = False
        self._tagged = True
        self._queued = self._running = self._files_open = self._files_queued = 0
        self._count_at = 0.0

    def run(self, *, once: bool, retry_failed: bool) -> IndexSummary:
        """Scan, then work until all is done (`once`) or until told to stop."""
        began = time.monotonic()
        watcher = FolderWatcher(
            self._folder, polling=self._settings.polling, poll_s=self._settings.poll_s
        )
        try:
            jobs.requeue_orphans(())
            state.set_resting(None)
            if not once:
                state.set_watched_folders((encode_path(self._folder),))
                watcher.start()  # before the scan, so that nothing falls between them
            self._prepare_tagger()
            self._scan(retry_failed=retry_failed, first=True)
            self._loop(watcher, once=once)
        finally:
            watcher.stop()
            self._pool.stop()
            with suppress(StoreError):
                state.set_resting(None)
        self._vectors.finish(wait=once and not self._stop.is_set())
        self._summary.seconds = time.monotonic() - began
        return self._summary

    def _loop(self, watcher: FolderWatcher, *, once: bool) -> None:
        while not self._stop.is_set():
            if self._count():
                self._keep_pace()
                self._tell_progress()
            self._pool.tick(self._claimable())
            if not once:
                self._follow(watcher)
            if not (self._queued or self._running or self._pool.at_work):
                if once:
                    return
                self._rest()
            self._vectors.tick()
            self._stop.wait(TICK_S)

    def _count(self) -> bool:
        """Count the open jobs when it is time to; they may come from another process."""
        now = time.monotonic()
        if now < self._count_at:
            return False
        everything, files = jobs.counts(), jobs.counts("analyse")
        self._queued, self._running = everything.get("queued", 0), everything.get("running", 0)
        self._files_queued = files.get("queued", 0)
        self._files_open = self._files_queued + files.get("running", 0)
        took_s = time.monotonic() - now
        self._count_at = now + max(COUNT_S, COUNT_REST * took_s)
        return True

    def _keep_pace(self) -> None:
        """Rest when it is asked for, at quiet hours or when it is too hot; go on afterwards."""
        reason = self._pace.reason()
        if reason == self._resting:
            return
        self._resting = reason
        state.set_resting(reason)
        self._tally.rest(reason)
        if reason or self._files_open:
            self._step(self._pace.in_words(reason) if reason else "The analysis goes on.")

    def _claimable(self) -> int:
        """Queued jobs that a worker may take: while resting only charts, which somebody awaits."""
        return self._queued - self._files_queued if self._resting else self._queued

    def _prepare_tagger(self) -> None:
        """Convert the tagger's models at first start; without them analysis goes on."""
        problem: list[str] = []

        def prepare() -> None:
            try:
                ensure_models(StoreSettings().models, on_progress=self._step)
            except ModelError as error:
                problem.append(str(error))

        thread = threading.Thread(target=prepare, name="models", daemon=True)
        thread.start()
        while thread.is_alive() and not self._stop.is_set():
            thread.join(TICK_S)
        if problem:
            self._tagged = False
            self._trouble(f"{problem[0]} Music is analysed without genre and mood by sound.")

    def _scan(self, *, retry_failed: bool = False, first: bool = False) -> None:
        if self._stop.is_set():
            return
        if first:
            self._step(f"Looking through {self._folder} …")
        began = time.monotonic()
        report = reconcile(self._folder, retry_failed=retry_failed)
        took_s = time.monotonic() - began
        self._scan_at = time.monotonic()
        self._scan_not_before = self._scan_at + RESCAN_REST * took_s
        self._left.clear()
        self._tell_scan(report, first=first)
        if outdated := queue_outdated(tagged=self._tagged):
            self._step(f"{outdated} tracks are analysed again: the analysis has improved.")

    def _tell_scan(self, report: ScanReport, *, first: bool) -> None:
        if report.offline and report.offline != self._summary.scan.offline:
            self._trouble(report.offline)
        if report.unreadable != self._summary.scan.unreadable and not report.offline:
            places = list(report.unreadable.items())
            for place, why in places[:SHOWN_FAILURES]:
                self._trouble(f"{shown_path(place)} cannot be read: {why}.")
            if len(places) > SHOWN_FAILURES:
                self._trouble(f"{len(places) - SHOWN_FAILURES} more places cannot be read.")
        if first and not report.offline:
            given_up = f", {report.given_up} that failed before" if report.given_up else ""
            open_files = report.queued + report.waiting
            self._step(f"{report.found} audio files found, {open_files} to analyse{given_up}.")
        self._summary.scan = report

    def _follow(self, watcher: FolderWatcher) -> None:
        """Turn notices into jobs."""
        now = time.monotonic()
        due = now - self._scan_at > self._settings.rescan_hours * 3600
        if now > self._scan_not_before and (due or watcher.take_lost()):
            self._scan()
        notices = watcher.notices()
        if notices and self._folder.is_dir():
            touched = look_at(notices, root=self._folder)
            for path in touched.gone:
                self._gone(path)
            self._settling.touch(touched.files)
        at_hand = {report.key for report in self._pool.at_work}
        for path, stamp in self._settling.settled().items():
            if path in at_hand:  # it changed under the worker's hands: once more, later
                self._settling.touch([path])
            else:
                self._settle(path, stamp)

    def _gone(self, path: str) -> None:
        """A file or folder is not there any more: hide its tracks."""
        place = decode_path(path)
        gone: dict[str, KnownFile] = dict(writing.known_files(under=place))
        if file := writing.find_by_path(place):
            gone[path] = file
        for name, file in gone.items():
            if file.analysed:
                self._left[look(name, (file.size_bytes, file.mtime_ns))] = name
        if gone:
            writing.mark_missing([file.track_id for file in gone.values()])
        for failed in jobs.known_failures("analyse"):
            if is_under(failed, path):
                jobs.forget("analyse", failed)
        jobs.forget("analyse", path)

    def _settle(self, path: str, stamp: Stamp) -> None:
        """A file stands still: it moved, is back, is as it was, or has to be analysed."""
        file = writing.find_by_path(decode_path(path))
        if file is None and (old := self._left.pop(look(path, stamp), None)):
            mover = writing.find_by_path(decode_path(old))
            if mover and writing.move_track(decode_path(old), decode_path(path)):
                writing.mark_missing([mover.track_id], missing=False)
                return
        if file and file.analysed and (file.size_bytes, file.mtime_ns) == stamp:
            if file.missing:
                writing.mark_missing([file.track_id], missing=False)
            return
        jobs.enqueue_many([request(path, stamp)])
        self._idle_told, self._count_at = False, 0.0

    def _hear(self, report: Report) -> None:
        """A worker reports."""
        self._idle_told = False
        if report.kind != "analyse":
            return
        name = shown_path(report.key)
        if report.event == "began":
            self._tally.begin()
        elif report.event == "done":
            self._tally.count(failed=False)
            self._files_open = max(0, self._files_open - 1)
            self._summary.outcomes[report.outcome] += 1
            if report.reason:
                self._trouble(f"{name}: {report.reason}")
            if report.outcome in ("analysed", "copied"):
                self._vectors.need()
        elif report.event == "failed":
            self._tally.count(failed=True)
            self._files_open = max(0, self._files_open - 1)
            self._summary.failures.append((name, report.reason))
            self._on_event(IndexEvent("failed", f"{name}: {report.reason}"))
        self._tell_progress()

    def _tell_progress(self) -> None:
        progress = self._tally.progress(
            remaining=self._files_open,
            current=tuple(shown_path(r.key) for r in self._pool.at_work if r.kind == "analyse"),
        )
        if progress.total:
            self._on_event(IndexEvent("progress", progress=progress))

    def _rest(self) -> None:
        if self._idle_told:
            return
        self._idle_told = True
        self._vectors.due = True
        jobs.prune()
        self._on_event(IndexEvent("idle", "Everything is analysed; watching for changes."))

    def _step(self, message: str) -> None:
        self._on_event(IndexEvent("step", message))

    def _trouble(self, message: str) -> None:
        log.info("%s", message)
        self._summary.problems.append(message)
        self._on_event(IndexEvent("problem", message))
