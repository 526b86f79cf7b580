"""Progress of charting, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
)
from rich.text import Text

from backbeat.terminal import notes

OnProgress = Callable[[float, str], None]

_LEAST_SHARE: Final = 0.02
"""Share of the work below which the time left is not estimated."""


@contextmanager
def one_song() -> Iterator[OnProgress]:
    """Show a progress bar for one song, and yield the callback that moves it."""
    with Progress(console=notes, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, step: bar.update(task, completed=fraction, description=escape(step))


def time_left_s(share: float, *, at_s: float, now_s: float) -> float | None:
    """Return the seconds left after `share` was done at `at_s`; None where it is too early."""
    if share < _LEAST_SHARE:
        return None
    return max(0.0, at_s / share - now_s)


class _TimeLeft(ProgressColumn):
    """Time left of all songs, by the share of their bytes; it runs down between two steps."""

    def render(self, task: Task) -> Text:
        share = task.completed / task.total if task.total else 0.0
        now_s = task.elapsed or 0.0
        left_s = time_left_s(share, at_s=task.fields["at_s"], now_s=now_s)
        if left_s is None or task.finished:
            return Text("")
        minutes, seconds = divmod(round(left_s), 60)
        hours, minutes = divmod(minutes, 60)
        return Text(f"{hours}:{minutes:02}:{seconds:02} left")


class ManySongs:
    """A bar over songs that are charted one after the other, of which large files count more.

    Args:
        paths: All of them, in order.
        console: Shows the bar.
    """

    def __init__(self, paths: Sequence[Path], *, console: Console = notes) -> None:
        self._names = [path.name for path in paths]
        self._ends = list(accumulate((_size(path) for path in paths), initial=0))
        self.bar = Progress(
            SpinnerColumn(), BarColumn(20), TaskProgressColumn(), _TimeLeft(),
            TextColumn("{task.description}"), console=console,
        )  # fmt: skip
        self._task = self.bar.add_task("", total=self._ends[-1], at_s=0.0)

    def __enter__(self) -> ManySongs:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def of(self, number: int) -> OnProgress:
        """Return the callback that moves the bar within a song."""
        begin, end = self._ends[number : number + 2]

        def show(fraction: float, step: str) -> None:
            text = f"{number + 1}/{len(self._names)} {self._names[number]}: {step} {fraction:.0%}"
            self.bar.update(
                self._task,
                completed=begin + fraction * (end - begin),
                description=escape(text),
                at_s=self.bar.tasks[0].elapsed or 0.0,
            )

        return show


def _size(path: Path) -> int:
    """Return the bytes of a file; 1 where it is missing, which charting reports."""
    try:
        return 1 + path.stat().st_size
    except OSError:
        return 1
