"""Terminal output of the commands."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import prompts

console = Console(highlight=False)
"""Results: standard output."""

notes = Console(stderr=True, highlight=False)
"""Progress and remarks: standard error, so that output can be piped."""


_ELSEWHERE: Final = "choose another data folder with BACKBEAT_DATA."
_FIXES: Final = {
    errno.EROFS: f" Make the disk writable, or {_ELSEWHERE}",
    errno.EACCES: f" Change its permissions, or {_ELSEWHERE}",
    errno.ENOSPC: f" Make room, or {_ELSEWHERE}",
}
"""Advice by errno."""
_PREFIX: Final = "BACKBEAT_"


def give_up(message: str) -> NoReturn:
    """Print a message and exit with status 1."""
    notes.print(f"[red]{escape(message)}[/red]")
    raise typer.Exit(1)


def use_data_folder(data: Path | None) -> None:
    """Set the data folder for this process and its child processes; add its languages."""
    from store.settings import StoreSettings

    if data is not None:
        os.environ["BACKBEAT_DATA"] = str(data.expanduser().absolute())
    try:
        prompts.add_own_languages(StoreSettings().data.expanduser())
    except prompts.PromptError as error:
        give_up(str(error))


@contextmanager
def translate_errors() -> Iterator[None]:
    """Print known errors as a message instead of a traceback, and exit."""
    from indexer.jobs.lock import IndexerError
    from store.results import StoreError

    try:
        yield
    except ValidationError as error:
        for problem in error.errors():
            where = _variable(error.title, ".".join(str(part) for part in problem["loc"]))
            text = problem["msg"].removeprefix("Value error, ")
            notes.print(f"[red]{escape(f'{where}: {text}' if where else text)}[/red]")
        sys.exit(2)
    except (StoreError, IndexerError) as error:
        notes.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fix = _FIXES.get(error.errno or 0, "")
        notes.print(f"[red]{escape(f'{where}{error.strerror or error}.{fix}')}[/red]")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _variable(model: str, field: str) -> str:
    """Return the environment variable of a settings field; for another model the field's name."""
    from pydantic_settings import BaseSettings

    kinds: list[type[BaseSettings]] = [BaseSettings]
    for kind in kinds:
        kinds += kind.__subclasses__()
        ours = kind.model_config.get("env_prefix") == _PREFIX
        if ours and kind.__name__ == model and field in kind.model_fields:
            return f"{_PREFIX}{field}".upper()
    return field


def track_table(tracks: list[dict], *, reasons: bool = False) -> Table:
    """Return tracks as a table: number, title, artist, tempo, key, moods, and the reasons."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, style, justify in (
        ("#", "dim", "right"), ("Title", "", "left"), ("Artist", "cyan", "left"),
        ("BPM", "", "right"), ("Key", "green", "left"), ("Moods", "dim", "left"),
    ):  # fmt: skip
        table.add_column(heading, style=style, justify=justify)  # pyright: ignore[reportArgumentType]
    if reasons:
        table.add_column("Why", style="dim")
    for number, track in enumerate(tracks, start=1):
        bpm = track.get("bpm")
        cells = [
            f"{number} 🔒" if track.get("locked") else str(number),
            escape(str(track.get("title", ""))),
            escape(str(track.get("artist") or "")),
            f"{bpm:.0f}" if bpm else "", str(track.get("camelot") or ""),
            ", ".join(list(track.get("moods") or [])[:3]),
        ]  # fmt: skip
        if reasons:
            why = track.get("reason") or track.get("why") or ""
            cells.append(escape(why if isinstance(why, str) else ", ".join(why)))
        table.add_row(*cells)
    return table


def item_table(items: Sequence[Mapping[str, Any]]) -> Table:
    """Return a list of names with their details as a table."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for style, justify in (("dim", "right"), ("", "left"), ("dim", "left")):
        table.add_column(style=style, justify=justify)  # pyright: ignore[reportArgumentType]
    for number, item in enumerate(items, start=1):
        table.add_row(str(number), escape(str(item["label"])), escape(str(item["detail"] or "")))
    return table
