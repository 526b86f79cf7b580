"""Changes of a folder while Backbeat runs, from the notifications of the operating system.

A notification is a hint only: each path that it names is read again. A file name that is not UTF-8
ends the watcher, and a flood of changes loses some silently; after both, a new watcher starts and
a rescan is due.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import watchfiles

from indexer.files.cue.cue_finding import cue_beside, cue_stamp
from indexer.files.network_mounts import network_mounts
from indexer.jobs.watching.folder_listing import Stamp, is_audio_name, walk
from indexer.jobs.watching.leave_out import why_left_out
from store.paths import decode_path, encode_path

log = logging.getLogger(__name__)

SHORTEST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
"""The pause before a failed watcher starts again doubles up to this."""

READY_S: Final = 5.0
"""Longest wait for the watch to be set up; a large folder may take longer."""

STABLE_RUN_S: Final = 30.0
"""After a run of this length the pause is the shortest again."""


class PathChange(NamedTuple):
    """A path that was changed, removed or, with `added`, created."""

    path: Path
    added: bool


class FolderWatcher:
    """Watches a folder from a thread of its own, and starts again after a failure.

    Args:
        folder: The folder to watch, with everything inside.
        polling: Read the folder every `poll_s` instead of waiting for notifications, as is done
            anyway where a network share is in it.
        poll_s: Seconds between two readings, with `polling`.
    """

    def __init__(self, folder: Path, *, polling: bool = False, poll_s: float = 30.0) -> None:
        self._folder = folder
        self._polling = polling
        self._poll_ms = int(poll_s * 1000)
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._ready = threading.Event()
        self._started = threading.Event()
        self._changes: queue.SimpleQueue[PathChange] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Start watching; returns once changes are noticed, or after `READY_S`.

        The folder need not exist yet.
        """
        self._thread.start()
        self._ready.wait(READY_S)
        self._started.set()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)

    def pop_changes(self) -> set[PathChange]:
        """Return the changes since the last call."""
        found: set[PathChange] = set()
        while True:
            try:
                found.add(self._changes.get_nowait())
            except queue.Empty:
                return found

    def pop_lost(self) -> bool:
        """Return whether changes may have been lost since the last call: a rescan is due."""
        lost = self._lost.is_set()
        self._lost.clear()
        return lost

    def _run(self) -> None:
        pause_s = SHORTEST_PAUSE_S
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._watch()
            except (OSError, RuntimeError) as error:
                log.info("The watcher of %s starts again: %s", self._folder, error)
                self._ready.set()
            if time.monotonic() - began > STABLE_RUN_S:
                pause_s = SHORTEST_PAUSE_S
            self._stop.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            # changes between two watchers are not reported
            self._lost.set()

    def _watch(self) -> None:
        identity = _identity(self._folder)
        for changes in watchfiles.watch(
            self._folder,
            watch_filter=None,
            stop_event=self._stop,
            debounce=1000,
            step=100,
            rust_timeout=1000,
            yield_on_timeout=True,
            force_polling=self._polling or bool(network_mounts(self._folder)) or None,
            poll_delay_ms=self._poll_ms,
            raise_interrupt=False,
        ):
            if not self._ready.is_set():
                self._ready.set()
                if self._started.is_set():  # the caller did not wait so long
                    self._lost.set()
            for change, path in changes:
                self._changes.put(PathChange(Path(path), added=change == watchfiles.Change.added))
            if _identity(self._folder) != identity:
                return  # another disk is mounted there now, or none: the watch reports nothing


@dataclass(frozen=True, slots=True)
class ChangedPaths:
    """Changed paths by their present state: audio files that exist, and missing paths."""

    files: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def classify_changes(
    changes: Iterable[PathChange], *, root: Path, patterns: str = ""
) -> ChangedPaths:
    """Read each changed path; a new folder is walked, as only its own name is reported.

    What is left out of the folder, by its marks or by `patterns`, is passed over.
    """
    files: set[str] = set()
    missing: set[str] = set()
    for change in changes:
        path = change.path
        if not path.is_relative_to(root) or why_left_out(path, root=root, patterns=patterns):
            continue
        if path.is_dir():
            if change.added:
                inside = (decode_path(name) for name in walk(path).files)
                files.update(
                    encode_path(file)
                    for file in inside
                    if not why_left_out(file, root=root, patterns=patterns)
                )
        elif path.is_file():
            if is_audio_name(path.name):
                files.add(encode_path(path))
        elif path != root:
            missing.add(encode_path(path))
    return ChangedPaths(tuple(sorted(files)), tuple(sorted(missing)))


@dataclass(slots=True)
class ChangingFiles:
    """Files that changed, until their size and time have been constant for `stable_s` seconds."""

    stable_s: float
    _waiting: dict[str, tuple[Stamp | None, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, paths: Iterable[str]) -> None:
        """Wait for these files from now on."""
        now = time.monotonic()
        for path in paths:
            self._waiting[path] = (_stamp(path), now)

    def pop_stable(self) -> dict[str, Stamp]:
        """Remove and return the files that are constant; missing files are removed only."""
        now = time.monotonic()
        ready: dict[str, Stamp] = {}
        for path, (stamp, since) in list(self._waiting.items()):
            if now - since < self.stable_s:
                continue
            current = _stamp(path)
            if current == stamp:
                del self._waiting[path]
                if current is not None:
                    ready[path] = current
            else:
                self._waiting[path] = (current, now)
        return ready


def _stamp(path: str) -> Stamp | None:
    try:
        file = decode_path(path)
        return Stamp(*cue_stamp(file.stat(), cue_beside(file)))
    except OSError:
        return None


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
