"""`backbeat doctor`: check the installation and print findings with their fixes."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape

from backbeat.terminal import console, use_data_folder

if TYPE_CHECKING:
    from store.diagnosis import Finding

_MARKS: Final = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}


def doctor(
    data: Annotated[Path | None, typer.Option(help="Folder of Backbeat's data.")] = None,
    fix: Annotated[
        bool,
        typer.Option("--fix", "--repair", help="Mend what can be mended without asking anybody."),
    ] = False,
    indexer: Annotated[
        bool, typer.Option("--indexer", help="Only tell by the exit status whether it is alive.")
    ] = False,
) -> None:
    """Check Python, codecs, the store, the models, the model server, disk and permissions."""
    use_data_folder(data)
    if indexer:
        from store.jobs import indexer_state

        raise typer.Exit(0 if indexer_state.indexer_alive() else 1)
    if fix:
        from store.diagnosis import fix_store

        for mended in fix_store():
            console.print(f"[green]✓[/green] {escape(mended)}")
    states = set()
    for check in _checks():
        for finding in check():
            states.add(finding.state)
            console.print(f"{_MARKS[finding.state]} {escape(finding.text)}")
            if finding.fix:
                console.print(f"    [dim]→ {escape(finding.fix)}[/dim]")
    if "bad" in states:
        raise typer.Exit(1)


def _checks() -> tuple[Callable[[], Iterator[Finding]], ...]:
    from assistant.model.model_diagnosis import check_model_server
    from indexer.diagnosis import check_codecs, check_music_folder, check_networks
    from store.diagnosis import check_folders, check_store

    return (
        _check_python, check_codecs, check_folders, check_store, check_music_folder,
        check_networks,
        check_model_server,
    )  # fmt: skip


def _check_python() -> Iterator[Finding]:
    from store.diagnosis import Finding

    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding("ok", f"Python {version} on {platform.machine()}")
    else:
        yield Finding("bad", f"Python {version}", "Use Python 3.11, 3.12 or 3.13: make clean setup")
