"""Main loop of the indexer: scan, watch, queue, run workers, update vectors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from indexer.charts.stored.chart_lanes import write_missing_lanes
from indexer.files.network_mounts import NetworkMount, network_mounts
from indexer.ingest.album_upgrade import regroup_outdated_albums
from indexer.ingest.intake import queue_outdated
from indexer.ingest.vector_writer import VectorWriter
from indexer.jobs.pool import Pool
from indexer.jobs.progress import IndexEvent, IndexSummary, OnEvent, ProgressCounter
from indexer.jobs.rest_policy import RestPolicy
from indexer.jobs.settings import IndexerSettings
from indexer.jobs.watching.folder_changes import FolderChanges
from indexer.jobs.watching.folder_watcher import FolderWatcher
from indexer.jobs.watching.scan import reconcile
from indexer.jobs.watching.scan_report import ScanReport, describe_away, describe_left_out
from indexer.jobs.worker_process import worker_environment
from indexer.jobs.worker_report import Report
from indexer.models.musicnn import ConversionError, ensure_models
from store.jobs import indexer_state, job_interruptions, job_queue, job_reports, music_folder
from store.paths import encode_path, shown_path
from store.results import StoreError
from store.settings import StoreSettings

log = logging.getLogger(__name__)

TICK_S: Final = 0.1
"""Interval in s of the main loop: changes, reports and signals wait no longer."""
COUNT_S: Final = 0.5
"""Shortest interval in s of the counts of the jobs."""
COUNT_PAUSE_FACTOR: Final = 20
"""Pause after a count, in times of its duration: a long queue takes long to count."""
RESCAN_PAUSE_FACTOR: Final = 10
"""Shortest pause after a scan, in times of its duration."""
SHOWN_FAILURES: Final = 3
"""Unreadable folders reported one by one; the others are counted."""


class FolderIndexer:
    """Indexes one folder and keeps it indexed.

    Args:
        folder: Music, an absolute path.
        settings: Of the indexer.
        on_event: Gets steps, problems and progress.
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
        self._counter = ProgressCounter()
        self._changes = FolderChanges(
            folder, stable_s=settings.stable_s, leave_out=settings.leave_out
        )
        self._vectors = VectorWriter(
            worker_environment(StoreSettings()),
            on_problem=self._report_problem,
            on_step=self._step,
            stop=stop,
        )
        self._pool = Pool(settings=settings, on_report=self._handle_report)
        self._rest_policy = RestPolicy(settings)
        self._resting: indexer_state.PauseReason | None = None
        self._scan_at = 0.0
        self._scan_not_before = 0.0
        self._idle_reported = False
        self._tagged = True
        self._queued = self._running = self._files_open = self._files_queued = 0
        self._count_at = 0.0

    def run(self, *, once: bool, retry_failed: bool) -> IndexSummary:
        """Scan, then run jobs until none is left (`once`) or until `stop` is set."""
        began = time.monotonic()
        watcher = FolderWatcher(
            self._folder, polling=self._settings.polling, poll_s=self._settings.poll_s
        )
        try:
            job_interruptions.requeue_orphans(())
            write_missing_lanes()
            indexer_state.set_resting(None)
            if not once:
                indexer_state.set_watched_folders((encode_path(self._folder),))
                watcher.start()  # before the scan, so that no change is missed between them
            self._prepare_tagger()
            self._scan(retry_failed=retry_failed, first=True)
            self._loop(watcher, once=once)
        finally:
            watcher.stop()
            self._pool.stop()
            with suppress(StoreError):
                indexer_state.set_resting(None)
        self._vectors.finish(wait=once and not self._stop.is_set())
        self._summary.seconds = time.monotonic() - began
        return self._summary

    def _loop(self, watcher: FolderWatcher, *, once: bool) -> None:
        while not self._stop.is_set():
            if self._count():
                self._update_rest()
                self._report_progress()
            self._pool.tick(self._claimable())
            if not once:
                self._apply_changes(watcher)
            if not (self._queued or self._running or self._pool.at_work):
                if once:
                    return
                self._report_idle()
            self._vectors.tick()
            self._stop.wait(TICK_S)

    def _count(self) -> bool:
        """Count the open jobs when due, also those of other processes; return whether it was."""
        now = time.monotonic()
        if now < self._count_at:
            return False
        everything, files = job_reports.counts(), job_reports.counts("analyse")
        self._queued, self._running = everything.get("queued", 0), everything.get("running", 0)
        self._files_queued = files.get("queued", 0)
        self._files_open = self._files_queued + files.get("running", 0)
        took_s = time.monotonic() - now
        self._count_at = now + max(COUNT_S, COUNT_PAUSE_FACTOR * took_s)
        return True

    def _update_rest(self) -> None:
        """Start or end a rest: by the owner, in quiet hours, or while it is too hot."""
        reason = self._rest_policy.reason()
        if reason == self._resting:
            return
        self._resting = reason
        self._vectors.resting = reason is not None
        indexer_state.set_resting(reason)
        self._counter.rest(reason)
        if reason or self._files_open:
            self._step(self._rest_policy.describe(reason) if reason else "The analysis goes on.")

    def _claimable(self) -> int:
        """Return the number of queued jobs to run now: only charts during a rest."""
        return self._queued - self._files_queued if self._resting else self._queued

    def _prepare_tagger(self) -> None:
        """Convert the tagger's models at first start; without them analysis goes on."""
        problem: list[str] = []

        def prepare() -> None:
            try:
                ensure_models(StoreSettings().models, on_progress=self._step)
            except ConversionError as error:
                problem.append(str(error))

        thread = threading.Thread(target=prepare, name="models", daemon=True)
        thread.start()
        while thread.is_alive() and not self._stop.is_set():
            thread.join(TICK_S)
        if problem:
            self._tagged = False
            self._report_problem(f"{problem[0]} Music is analysed without genre and mood by sound.")

    def _scan(self, *, retry_failed: bool = False, first: bool = False) -> None:
        if self._stop.is_set():
            return
        if first:
            if albums := regroup_outdated_albums():
                self._step(f"{albums} albums are told apart anew.")
            self._step(f"Looking through {self._folder} …")
        began = time.monotonic()
        report = reconcile(
            self._folder,
            retry_failed=retry_failed,
            leave_out=self._settings.leave_out,
            min_length_s=self._settings.min_length_s,
        )
        shares = network_mounts(self._folder)
        music_folder.record_scan(
            music_folder.ScannedFolder(
                report.left_out,
                report.not_taken,
                {encode_path(share.place): share.kind for share in shares},
                encode_path(self._folder),
            )
        )
        if first:
            self._report_shares(shares)
        took_s = time.monotonic() - began
        self._scan_at = time.monotonic()
        self._scan_not_before = self._scan_at + RESCAN_PAUSE_FACTOR * took_s
        self._changes.forget_removed()
        self._report_scan(report, first=first)
        if report.missing or report.restored:
            self._vectors.mark_outdated()
        if outdated := queue_outdated(tagged=self._tagged):
            self._step(f"{outdated} tracks are analysed again: the analysis has improved.")

    def _report_scan(self, report: ScanReport, *, first: bool) -> None:
        if report.away != self._summary.scan.away:
            for sentence in describe_away(report):
                self._report_problem(sentence)
        if report.unreadable != self._summary.scan.unreadable:
            unreadable = list(report.unreadable.items())
            for path, why in unreadable[:SHOWN_FAILURES]:
                self._report_problem(f"{shown_path(path)} cannot be read: {why}.")
            if (more := len(unreadable) - SHOWN_FAILURES) > 0:
                self._report_problem(f"{more} more places cannot be read.")
        if first and (left_out := describe_left_out(report)):
            self._step(left_out)
        if first and not report.all_away:
            given_up = f", {report.given_up} that failed before" if report.given_up else ""
            open_files = report.queued + report.waiting
            self._step(f"{report.found} audio files found, {open_files} to analyse{given_up}.")
        self._summary.scan = report

    def _report_shares(self, shares: Sequence[NetworkMount]) -> None:
        """Tell on which network shares the folder is read instead of watched."""
        for share in shares:
            self._step(
                f"{share.place} is a network share ({share.kind}), which tells nothing of changes: "
                f"it is looked through every {self._settings.poll_s:.0f} s."
            )

    def _apply_changes(self, watcher: FolderWatcher) -> None:
        """Scan when it is due, and apply the changes that the watcher reported."""
        now = time.monotonic()
        due = now - self._scan_at > self._settings.rescan_hours * 3600
        due = due or self._changes.scan_due
        if now > self._scan_not_before and (due or watcher.pop_lost()):
            self._scan()
        in_work = {report.key for report in self._pool.at_work}
        if self._changes.apply(watcher.pop_changes(), in_work=in_work):
            self._idle_reported, self._count_at = False, 0.0
        if self._changes.pop_shown_changed():
            self._vectors.mark_outdated()
            self._vectors.due = True

    def _handle_report(self, report: Report) -> None:
        """Count and show a report of a worker."""
        self._idle_reported = False
        if report.kind != "analyse":
            return
        name = shown_path(report.key)
        if report.event == "began":
            self._counter.begin()
        elif report.event == "done":
            self._counter.count(failed=False)
            self._files_open = max(0, self._files_open - 1)
            self._summary.outcomes[report.outcome] += 1
            if report.reason:
                self._report_problem(f"{name}: {report.reason}")
            if report.outcome in ("analysed", "copied", "retagged"):
                self._vectors.mark_outdated()
        elif report.event == "failed":
            self._counter.count(failed=True)
            self._files_open = max(0, self._files_open - 1)
            self._summary.failures.append((name, report.reason))
            self._on_event(IndexEvent("failed", f"{name}: {report.reason}"))
        self._report_progress()

    def _report_progress(self) -> None:
        progress = self._counter.progress(
            remaining=self._files_open,
            current=tuple(shown_path(r.key) for r in self._pool.at_work if r.kind == "analyse"),
        )
        if progress.total:
            self._on_event(IndexEvent("progress", progress=progress))

    def _report_idle(self) -> None:
        if self._idle_reported:
            return
        self._idle_reported = True
        self._vectors.due = True
        job_queue.prune()
        self._on_event(IndexEvent("idle", "Everything is analysed; watching for changes."))

    def _step(self, message: str) -> None:
        self._on_event(IndexEvent("step", message))

    def _report_problem(self, message: str) -> None:
        log.info("%s", message)
        self._summary.problems.append(message)
        self._on_event(IndexEvent("problem", message))
