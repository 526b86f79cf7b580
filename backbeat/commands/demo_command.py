"""`backbeat demo`: render the demo library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from backbeat.terminal import console, notes, use_data_folder


def demo(
    out: Annotated[Path | None, typer.Option(help="Where to; the data folder without it.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for Backbeat's data.")] = None,
) -> None:
    """Render the demo library: songs in many tempos, keys, moods, genres and formats."""
    from store.settings import StoreSettings

    use_data_folder(data)
    folder = render_with_progress(out.expanduser() if out else StoreSettings().demo)
    console.print(str(folder), markup=False)


def render_with_progress(folder: Path) -> Path:
    """Render the missing files of the demo library, with a progress bar."""
    from indexer.demo.demo_library import render_library

    columns = (
        TextColumn("Rendering the demo library"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.description}"),
    )  # fmt: skip
    with Progress(*columns, console=notes, transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(done: int, total: int, title: str) -> None:
            progress.update(task, completed=done, total=total, description=title)

        render_library(folder, on_progress=show)
    return folder
