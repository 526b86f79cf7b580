"""How far the charting is, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import Progress

from backbeat.terminal import notes


@contextmanager
def one_song() -> Iterator[Callable[[float, str], None]]:
    """A bar for one song; it is moved by calling what is yielded."""
    with Progress(console=notes, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, step: bar.update(task, completed=fraction, description=escape(step))
