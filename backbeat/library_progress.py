"""How far rendering and analysis are, on the terminal beside the chat."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from backbeat.terminal import notes

_EVERY_S: Final = 1.0
_LINE_EVERY_S: Final = 10.0
"""Where the output is no terminal, a line instead of a bar that moves."""


class ProgressDisplay:
    """A bar while songs are rendered or analysed; gone once everything is done."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def start(self) -> None:
        """Show progress from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Take the bar away."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(2 * _EVERY_S)

    def _run(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, console=notes, transient=True) as bars:
            task = bars.add_task("", visible=False)
            said, waited = "", 0.0
            while not self._stopping.wait(_EVERY_S):
                state = _state()
                _draw(bars, task, state)
                waited += _EVERY_S
                line = "{} {} of {}.".format(*state) if state else ""
                if (
                    line != said
                    and not notes.is_terminal
                    and (waited >= _LINE_EVERY_S or not state)
                ):
                    notes.print(line or "Everything is analysed.")
                    said, waited = line, 0.0


def _draw(bars: Progress, task: TaskID, state: tuple[str, int, int] | None) -> None:
    if state is None:
        bars.update(task, visible=False)
        return
    label, done, total = state
    bars.update(task, description=label, completed=done, total=total, visible=True)


def _state() -> tuple[str, int, int] | None:
    """(what is done, of how many, in all); None where nothing is left to do."""
    from store.jobs import indexer_state
    from store.jobs.library_status import read_progress
    from store.results import StoreError

    with suppress(StoreError):
        if demo := indexer_state.rendering():
            return ("Songs of the demo library rendered:", *demo)
        now = read_progress()
        if now.waiting:
            return "Files analysed:", now.analysed, now.analysed + now.waiting
    return None
