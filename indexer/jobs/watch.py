"""What happens in the folder while Backbeat runs, from the system's own notices.

The system's word is taken as a hint only: each path that it names is looked at again. One file
name that is not UTF-8 ends the watcher, and a flood of changes loses some silently; both are
answered by a new watcher and a rescan.
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

from indexer.jobs.scan import Stamp, is_audio_name, is_walked, walk
from store.paths import decode_path, encode_path

log = logging.getLogger(__name__)

SHORTEST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
"""Between two lives of a watcher that keeps dying, the pause doubles up to this."""

MODEST_LIFE_S: Final = 30.0
"""A watcher that lived so long was well; the pause starts from the shortest again."""


class Notice(NamedTuple):
    """Something happened to a path; `added` when it came."""

    path: Path
    added: bool


class FolderWatcher:
    """Watches a folder from a thread of its own, and starts again when it dies.

    Args:
        folder: What to watch, with everything inside.
        polling: Look every `poll_s` instead of waiting for the system's word.
        poll_s: Seconds between two looks, with `polling`.
    """

    def __init__(self, folder: Path, *, polling: bool = False, poll_s: float = 30.0) -> None:
        self._folder = folder
        self._polling = polling
        self._poll_ms = int(poll_s * 1000)
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._notices: queue.SimpleQueue[Notice] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch; the folder may come later."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)

    def notices(self) -> set[Notice]:
        """What was noticed since the last call."""
        found: set[Notice] = set()
        while True:
            try:
                found.add(self._notices.get_nowait())
            except queue.Empty:
                return found

    def take_lost(self) -> bool:
        """Whether changes may have been lost since the last call, so that a rescan is due."""
        lost = self._lost.is_set()
        self._lost.clear()
        return lost

    def _live(self) -> None:
        pause_s = SHORTEST_PAUSE_S
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._watch()
            except (OSError, RuntimeError) as error:
                log.info("The watcher of %s starts again: %s", self._folder, error)
            if time.monotonic() - began > MODEST_LIFE_S:
                pause_s = SHORTEST_PAUSE_S
            self._stop.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            # what happened between two watchers nobody saw
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
            force_polling=self._polling or None,
            poll_delay_ms=self._poll_ms,
            raise_interrupt=False,
        ):
            for change, path in changes:
                self._notices.put(Notice(Path(path), added=change == watchfiles.Change.added))
            if _identity(self._folder) != identity:
                return  # another disk stands there now, or none: the old watch is deaf


@dataclass(frozen=True, slots=True)
class Touched:
    """What notices turned out to mean: files that are there, and paths that are not."""

    files: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def look_at(notices: Iterable[Notice], *, root: Path) -> Touched:
    """Look at each path that was named: a folder that came is walked, as it is named alone."""
    files: set[str] = set()
    gone: set[str] = set()
    for notice in notices:
        path = notice.path
        if not is_walked(path, root=root):
            continue
        if path.is_dir():
            if notice.added:
                files.update(walk(path).files)
        elif path.is_file():
            if is_audio_name(path.name):
                files.add(encode_path(path))
        elif path != root:
            gone.add(encode_path(path))
    return Touched(tuple(sorted(files)), tuple(sorted(gone)))


@dataclass(slots=True)
class Settling:
    """Files that were touched, until their size and time stand still.

    Attributes:
        stable_s: How long they have to.
    """

    stable_s: float
    _waiting: dict[str, tuple[Stamp | None, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    def touch(self, paths: Iterable[str]) -> None:
        """These files were named; wait for them from now on."""
        now = time.monotonic()
        for path in paths:
            self._waiting[path] = (_stamp(path), now)

    def settled(self) -> dict[str, Stamp]:
        """Files that stand still, which are then forgotten; so are files that went away."""
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
        status = decode_path(path).stat()
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
