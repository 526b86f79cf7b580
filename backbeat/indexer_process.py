"""The indexer as a process beside the chat: restarted when it dies, moved to another folder."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from rich.markup import escape

from backbeat.terminal import notes
from store import processes

_STOP_S: Final = 20.0
"""Time for the indexer to release its current file before it is killed."""
_RESTARTS: Final = (1, 5, 15, 60)
"""Seconds between restarts of an indexer that died."""
_CHECK_S: Final = 5.0
"""Seconds between two checks whether another indexer is still running."""
_CHOICE_S: Final = 1.0
"""Seconds between two looks whether another folder was chosen on the page."""
_ALREADY_RUNNING: Final = 3
"""Exit status of an indexer that found another one running on the same data."""


class IndexerProcess:
    """The indexer's process: started again when it dies, ended with the chat.

    Args:
        folder: Music.
        demo: Whether it renders the demo library there.
        choosable: Whether a folder that is chosen on the page takes the place of this one.
    """

    def __init__(self, folder: Path, *, demo: bool = False, choosable: bool = False) -> None:
        self._folder = folder.absolute()
        self._demo = demo
        self._choosable = choosable
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._reported_other = False
        self._guard = threading.Thread(target=self._supervise, name="indexer-guard", daemon=True)

    def start(self) -> None:
        """Start the process and its guard."""
        notes.print(f"Music: [bold]{escape(str(self._folder))}[/bold]")
        self._guard.start()

    def stop(self) -> None:
        """Terminate the process, and kill it where that takes too long."""
        self._stopping.set()
        if self._process is not None:
            _end(self._process)

    def _supervise(self) -> None:
        pauses = _pauses()
        while not self._stopping.is_set():
            flags = ("--attached", "--demo") if self._demo else ("--attached",)
            # Its own process group: Ctrl-C reaches the chat first, which then ends it in order.
            process = self._process = subprocess.Popen(
                **processes.module("indexer.jobs.service", *flags, os.fspath(self._folder)),
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            if self._moved(process):
                pauses = _pauses()
                continue
            status = process.returncode
            if self._stopping.is_set() or status == 0:
                return
            if status == _ALREADY_RUNNING:
                self._wait_for_other()
                continue
            pause_s = next(pauses)
            notes.print(f"[yellow]The indexer ended ({status}); again in {pause_s} s.[/yellow]")
            self._stopping.wait(pause_s)

    def _moved(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the process ends; return whether it was for another folder."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_CHOICE_S)
                return False
            if chosen := self._chosen():
                notes.print(f"Music: [bold]{escape(str(chosen))}[/bold]")
                _end(process)
                self._move(chosen)
                return True

    def _chosen(self) -> Path | None:
        """Return the folder chosen on the page where it is another one."""
        from store.jobs import music_folder
        from store.results import StoreError

        if not self._choosable or self._stopping.is_set():
            return None
        with suppress(StoreError):
            chosen = music_folder.chosen()
            if chosen is not None and chosen != self._folder and chosen.is_dir():
                return chosen
        return None

    def _move(self, folder: Path) -> None:
        from store.jobs import indexer_state, music_folder
        from store.library.folder_removal import leave_folder
        from store.results import StoreError

        left, self._folder, self._demo = self._folder, folder, False
        try:
            leave_folder(left)
            music_folder.record_served(folder, "chosen")
            indexer_state.record_rendering(0, 0)  # no song of the demo library is left to do
        except StoreError as error:
            notes.print(f"[yellow]{escape(str(error))}[/yellow]")

    def _wait_for_other(self) -> None:
        """Wait until the other indexer of this library ends."""
        from store.jobs import indexer_state
        from store.results import StoreError

        if not self._reported_other:
            self._reported_other = True
            notes.print("[yellow]Another indexer is at work on this library; using it.[/yellow]")
        alive = True
        while alive and not self._stopping.wait(_CHECK_S):
            with suppress(StoreError):
                alive = indexer_state.indexer_alive()


def _pauses() -> Iterator[int]:
    yield from _RESTARTS
    while True:
        yield _RESTARTS[-1]


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(OSError):  # what it started and left: the tagger's conversion takes a minute
        os.killpg(process.pid, signal.SIGTERM)
