"""`backbeat doctor`: what works here, what does not, and how to mend it."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.markup import escape

from backbeat.terminal import console, use_data_folder

_LITTLE_DISK_BYTES: Final = 2 * 2**30
_NO_DISK_BYTES: Final = 20 * 2**20
"""SQLite's journal alone grows to some MB."""
_ENCODERS: Final = ("libmp3lame", "libopus", "aac", "flac", "vorbis")
_DECODERS: Final = ("mp3", "flac", "vorbis", "opus", "aac", "alac", "wmav2", "pcm_s16le")
_MARKS: Final = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and how to mend it where it is not well."""

    state: Literal["ok", "warn", "bad"]
    what: str
    fix: str = ""


def doctor(
    data: Annotated[Path | None, typer.Option(help="Folder of Backbeat's data.")] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild the vector index from the database.")
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
    if repair:
        from store.database import db
        from store.vectors import vector_tables

        db.upgrade()
        console.print(f"Rebuilt {vector_tables.rebuild()} vectors.")
    findings = []
    for check in _CHECKS:
        for finding in check():
            console.print(f"{_MARKS[finding.state]} {escape(finding.what)}")
            if finding.fix:
                console.print(f"    [dim]→ {escape(finding.fix)}[/dim]")
            findings.append(finding.state)
    if "bad" in findings:
        raise typer.Exit(1)


def _python() -> Iterator[Finding]:
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Finding("ok", f"Python {version} on {platform.machine()}")
    else:
        yield Finding("bad", f"Python {version}", "Use Python 3.11, 3.12 or 3.13: make clean setup")


def _codecs() -> Iterator[Finding]:
    import av

    missing = [c for c in (*_DECODERS, *_ENCODERS) if c not in av.codecs_available]
    if missing:
        yield Finding("bad", f"Codecs missing: {', '.join(missing)}", "Reinstall: make clean setup")
    else:
        yield Finding("ok", "Codecs: mp3, flac, ogg, opus, m4a, alac, wma, wav")


def _folders() -> Iterator[Finding]:
    from store.settings import StoreSettings

    try:
        folder = StoreSettings().folder
    except OSError as error:
        yield Finding(
            "bad", f"The data folder cannot be made: {error}",
            "Set BACKBEAT_DATA to a folder that you may write to.",
        )  # fmt: skip
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("bad", f"The data folder is read-only: {folder}", f"chown -R $USER {folder}")
        return
    yield Finding("ok", f"Data folder: {folder}")
    free = shutil.disk_usage(folder).free
    if free < _NO_DISK_BYTES:
        yield Finding(
            "bad", f"The disk is full: {free / 1e6:.0f} MB are free",
            "Make room, or move BACKBEAT_DATA; then start Backbeat again. Nothing is lost.",
        )  # fmt: skip
    elif free < _LITTLE_DISK_BYTES:
        yield Finding(
            "warn",
            f"Only {free / 1e9:.1f} GB of disk are free",
            "Make room, or move BACKBEAT_DATA.",
        )
    else:
        yield Finding("ok", f"Disk: {free / 1e9:.0f} GB free")


def _store() -> Iterator[Finding]:
    from store.database import db
    from store.jobs import indexer_state, library_status
    from store.paths import decode_path
    from store.results import StoreError
    from store.vectors import vector_tables

    try:
        db.upgrade()
        problems = db.check()
        for problem in problems:
            yield Finding("bad", f"Database: {problem}", "Restore a backup from the data folder.")
        if not problems:
            status = library_status.read_status()
            yield Finding(
                "ok", f"Database: {status.tracks} tracks, {status.analysed} analysed, "
                f"{status.queued} waiting, {status.failed} failed",
            )  # fmt: skip
        for problem in vector_tables.check():
            yield Finding("warn", f"Vectors: {problem}", "backbeat doctor --repair")
        for music in indexer_state.watched_folders():
            yield _music(decode_path(music))
    except StoreError as error:
        yield Finding("bad", f"Database: {error}")  # it says itself what to do


def _music(folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding(
            "bad", f"Music folder is gone: {folder}", "Mount the disk; nothing is forgotten."
        )
    if not os.access(folder, os.R_OK | os.X_OK):
        return Finding("bad", f"Music folder cannot be read: {folder}", f"chmod -R u+rX {folder}")
    return Finding("ok", f"Music folder: {folder}")


def _networks() -> Iterator[Finding]:
    from importlib.util import find_spec

    from indexer.models.musicnn import is_current, model_paths
    from store.settings import StoreSettings

    try:
        paths = model_paths(StoreSettings().models)
    except OSError as error:
        yield Finding("bad", f"Networks: {error}", "See the data folder above.")
        return
    if is_current(paths.msd) and is_current(paths.mtt):
        yield Finding("ok", "Tagger networks are converted")
    elif find_spec("tensorflow") is None:
        yield Finding("bad", "The tagger cannot be made: TensorFlow is missing", "make setup")
    else:
        yield Finding("ok", "Tagger networks will be converted at the first indexing")


def _model_server() -> Iterator[Finding]:
    from assistant.model.ollama_models import model_state
    from assistant.settings import Settings

    settings = Settings()
    state = asyncio.run(model_state(settings))
    if state.problem is None:
        yield Finding("ok", f"Model server {state.version or ''}: {state.model}")
        return
    fixes = {
        "no_server": "Start Ollama (ollama serve) or set BACKBEAT_OLLAMA_HOST. "
        "Without it the built-in reader answers.",
        "no_model": f"backbeat models pull {state.model}",
        "no_tools": "Choose a model that can call tools: BACKBEAT_MODEL=qwen3:4b-instruct-2507",
    }
    yield Finding(
        "warn", f"Model server at {settings.model_address}: {state.problem}",
        fixes.get(str(state.problem), "backbeat models list"),
    )  # fmt: skip


_CHECKS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _python, _codecs, _folders, _store, _networks, _model_server,
)  # fmt: skip
