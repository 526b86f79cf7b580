"""Changes of the watched folder applied to the store: tracks hidden, moved, shown or queued."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from indexer.files.cue.cue_finding import SUFFIX as CUE_SUFFIX
from indexer.ingest.replaced_file import hand_over
from indexer.jobs.watching.absence import HOLLOW_SHARE, MANY, judge
from indexer.jobs.watching.folder_listing import Stamp, is_under
from indexer.jobs.watching.folder_watcher import ChangingFiles, PathChange, classify_changes
from indexer.jobs.watching.leave_out import MARKERS
from indexer.jobs.watching.scan import analysis_request
from indexer.jobs.watching.scan_plan import FileSignature, signature_of
from store.jobs import job_queue, job_reports, library_status
from store.library import track_files
from store.paths import decode_path
from store.records import KnownFile

AT_ONCE_S: Final = 600.0
"""What is removed in this time counts as removed at once."""


class FolderChanges:
    """Applies the changes that a watcher reports, once the files are stable.

    Args:
        folder: The folder that is watched.
        stable_s: How long a file's size and time have to be constant before it is analysed.
        leave_out: Patterns of what is left out (`leave_out.own_patterns`).

    Attributes:
        scan_due: Whether so much went at once that a folder may be out of sight, or another part
            of the folder is left out now: a scan decides.
    """

    def __init__(self, folder: Path, *, stable_s: float, leave_out: str = "") -> None:
        self._folder = folder
        self._leave_out = leave_out
        self._changing = ChangingFiles(stable_s)
        self._removed: dict[FileSignature, str] = {}
        self._shown_changed = False
        self._lately: dict[str, tuple[int, ...]] = {}
        self._lately_since = 0.0
        self.scan_due = False

    def forget_removed(self) -> None:
        """Drop the removed files that were kept to detect moves: a scan has compared them all."""
        self._removed.clear()
        self.scan_due = False

    def pop_shown_changed(self) -> bool:
        """Return whether tracks went or came back since the last call without an analysis."""
        changed, self._shown_changed = self._shown_changed, False
        return changed

    def apply(self, changes: Iterable[PathChange], *, in_work: Collection[str]) -> bool:
        """Apply changes, and those of earlier calls whose files are stable now.

        Args:
            changes: Changes since the last call.
            in_work: Paths that workers analyse now.

        Returns:
            Whether a file was queued.
        """
        changes = list(changes)
        if changes and self._folder.is_dir():
            if any(_decides_of_others(change.path) for change in changes):
                self.scan_due = True
            changed = classify_changes(changes, root=self._folder, patterns=self._leave_out)
            self._remove(changed.missing)
            self._changing.add(changed.files)
        queued = False
        for path, stamp in self._changing.pop_stable().items():
            if path in in_work:  # it changed while it was analysed: once more, later
                self._changing.add([path])
            else:
                queued |= self._update(path, stamp)
        return queued

    def _remove(self, paths: Iterable[str]) -> None:
        """Hide the tracks of deleted files and folders; a scan judges where much went at once."""
        removed: dict[str, KnownFile] = {}
        for path_text in paths:
            path = decode_path(path_text)
            removed |= track_files.known_files(under=path)
            if file := track_files.find_by_path(path):
                removed[path_text] = file
            _delete_failures(path_text)
        if not removed:
            return
        for name, file in removed.items():
            if file.analysed:
                self._removed[signature_of(name, (file.size_bytes, file.mtime_ns))] = name
        if self._may_be_away(removed):
            self.scan_due = True
            lately = [track_id for ids in self._lately.values() for track_id in ids]
            track_files.mark_missing(lately, missing=False)
            self._lately.clear()
            return
        self._shown_changed = True
        gone = (file for file in removed.values() if not file.away_from)
        hidden = [track_id for file in gone for track_id in file.track_ids]
        track_files.mark_missing(hidden)
        hand_over(hidden)

    def _may_be_away(self, removed: Mapping[str, KnownFile]) -> bool:
        """Whether a folder may have gone out of sight, with what was removed shortly before."""
        now = time.monotonic()
        if now - self._lately_since > AT_ONCE_S:
            self._lately.clear()
        if not self._lately:
            self._lately_since = now
        self._lately |= {
            name: file.track_ids
            for name, file in removed.items()
            if not file.missing and not file.away_from
        }
        share = len(self._lately) / max(library_status.read_progress().tracks, 1)
        if len(self._lately) < MANY and share < HOLLOW_SHARE:
            return False
        known = track_files.known_files(under=self._folder)
        there = {n for n, file in known.items() if not file.missing or n in self._lately}
        vanished = self._lately.keys() & there
        return bool(judge(self._folder, vanished, there).away)

    def _update(self, path: str, stamp: Stamp) -> bool:
        """Move, show or queue a stable file; return whether it was queued."""
        file = track_files.find_by_path(decode_path(path))
        if file is None and (old := self._removed.pop(signature_of(path, stamp), None)):
            moved = track_files.find_by_path(decode_path(old))
            if moved and track_files.move_track(decode_path(old), decode_path(path)):
                track_files.mark_missing(moved.track_ids, missing=False)
                return False
        if file and file.analysed and (file.size_bytes, file.mtime_ns) == stamp:
            if not file.missing and not file.away_from:
                return False
            if not file.others:
                self._shown_changed = True
                track_files.mark_missing([file.track_id], missing=False)
                return False
        job_queue.enqueue_many([analysis_request(path, stamp)])
        return True


def _decides_of_others(path: Path) -> bool:
    """Whether a file decides which others are taken, or what tracks they are."""
    return path.name in MARKERS or path.suffix.lower() == CUE_SUFFIX


def _delete_failures(path_text: str) -> None:
    """Delete the failures of a file or folder that is not there any more."""
    for failed in job_reports.known_failures("analyse"):
        if is_under(failed, path_text):
            job_queue.delete_jobs("analyse", failed)
    job_queue.delete_jobs("analyse", path_text)
