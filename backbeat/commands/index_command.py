"""`backbeat index`, `watch`, `analyze`: from a folder of audio files to analysed tracks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backbeat.terminal import console, give_up, notes, use_data_folder
from prompts import FALLBACK

if TYPE_CHECKING:
    from indexer.ingest.pipeline import TaggerSource
    from indexer.jobs.progress import IndexEvent, IndexSummary

_FAILURES_SHOWN: Final = 50
"""Failures listed at the end at most; a broken disk would fill the screen."""

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]
FolderArgument = Annotated[Path, typer.Argument(help="Folder of music.")]


def index(
    path: FolderArgument,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try files again that failed before.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Analyse a folder once, with a progress bar, and tell what failed.

    Asked for by hand it begins at once: it ends a pause and does not mind quiet hours under way.
    """
    summary = _run_indexer(path, data, once=True, retry=retry)
    done = sum(summary.outcomes.values())
    rate = f", {60 * done / summary.seconds:.0f} a minute" if done and summary.seconds else ""
    what = ", ".join(f"{count} {outcome}" for outcome, count in sorted(summary.outcomes.items()))
    console.print(f"{done} files in {summary.seconds:.0f} s{rate}{f' ({what})' if what else ''}.")
    for name, reason in summary.failures[:_FAILURES_SHOWN]:
        console.print(f"[red]✗[/red] {escape(name)}: {escape(reason)}")
    if len(summary.failures) > _FAILURES_SHOWN:
        console.print(f"… and {len(summary.failures) - _FAILURES_SHOWN} more failed.")
    if summary.scan.all_away:
        raise typer.Exit(1)


def watch(path: FolderArgument, data: DataOption = None) -> None:
    """Analyse a folder and keep up with its changes until Ctrl-C."""
    _run_indexer(path, data, once=False, retry=False)


def away(
    gone: Annotated[
        bool, typer.Option("--gone", help="Their files are really deleted: take them out of lists.")
    ] = False,
    folder: Annotated[
        str | None, typer.Option(help="Only those of this folder, as listed.")
    ] = None,
    data: DataOption = None,
) -> None:
    """List the folders that cannot be seen and whose tracks are expected back."""
    from store.database import db
    from store.paths import shown_path
    from store.tracks.away_tracks import away_folders, confirm_gone

    use_data_folder(data)
    db.upgrade()
    found = {shown_path(each.path): each for each in away_folders()}
    if folder is not None:
        found = {name: each for name, each in found.items() if name == folder.rstrip("/")}
    if not found:
        console.print("No track is away." if folder is None else "No track of it is away.")
    for name, each in found.items():
        if gone:
            count = confirm_gone(each.path)
            console.print(f"{escape(name)}: {count} tracks are taken as deleted.")
        else:
            console.print(f"{escape(name)}: {each.tracks} tracks are away.")


def pause(data: DataOption = None) -> None:
    """Let the analysis rest, until `backbeat resume`; charts asked for are still made."""
    from store.database import db
    from store.jobs import indexer_state

    use_data_folder(data)
    db.upgrade()
    indexer_state.pause_indexing()
    console.print("The analysis is paused. A file at hand is finished first.")


def resume(data: DataOption = None) -> None:
    """Let the analysis go on, also in the quiet hours that may be just now."""
    from store.database import db
    from store.jobs import indexer_state

    use_data_folder(data)
    db.upgrade()
    indexer_state.resume_indexing()
    console.print("The analysis goes on, unless the processor is too hot.")


def analyze(
    files: Annotated[list[Path], typer.Argument(help="Audio files, or folders of them.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line with everything measured.")
    ] = False,
    jobs: Annotated[int, typer.Option(help="Processes to use.", min=1, max=64)] = 1,
    data: DataOption = None,
) -> None:
    """Analyse files without a library: tempo, key, moods, genre, tags."""
    from indexer.models.musicnn import ConversionError, ensure_models
    from store.settings import StoreSettings

    use_data_folder(data)
    try:
        ensure_models(StoreSettings().models, on_progress=lambda text: notes.print(escape(text)))
    except ConversionError as error:
        notes.print(f"[yellow]{escape(str(error))} Genre and mood are left out.[/yellow]")
    failed = 0
    for result in _analyses(_files(files), jobs):
        failed += "error" in result
        if as_json:
            # A name that is not UTF-8 travels as \\udcXX, which JSON can carry.
            print(json.dumps(result), flush=True)
        else:
            console.print(_summary_line(result))
            for warning in result.get("warnings", ()):
                notes.print(f"[yellow]  {escape(warning)}[/yellow]")
    if failed:
        raise typer.Exit(1)


def _files(given: list[Path]) -> list[Path]:
    from indexer.jobs.watching.folder_listing import walk
    from store.paths import decode_path

    files: list[Path] = []
    for path in given:
        if path.is_dir():
            files += sorted(decode_path(name) for name in walk(path.absolute()).files)
        else:
            files.append(path)
    return files


def _analyses(files: list[Path], jobs: int) -> Iterator[dict[str, Any]]:
    from indexer.jobs.limits.memory_limit import limit_memory, limited_memory
    from indexer.jobs.settings import IndexerSettings
    from indexer.jobs.worker_process import worker_environment
    from store import processes
    from store.settings import StoreSettings

    # Numeric libraries count the cores when they load: one thread each, before they do.
    os.environ.update(worker_environment(StoreSettings()))
    limit_mb = IndexerSettings().worker_hard_memory_mb
    if jobs == 1 or len(files) < 2:
        with limited_memory(limit_mb):
            yield from map(_analysed, files)
        return
    try:
        with processes.pool(jobs, initializer=partial(limit_memory, limit_mb)) as pool:
            yield from pool.map(_analysed, files)
    except BrokenProcessPool:
        give_up("A file ended the process that decodes it. --jobs 1 stops right before that file.")


def _analysed(path: Path) -> dict[str, Any]:
    """Return the analysis of one file in the exchange format, or its error."""
    from indexer.files.audio.audio_types import AudioError
    from indexer.ingest.pipeline import analyse_file, to_error, to_exchange
    from indexer.jobs.limits.memory_limit import NOT_ENOUGH
    from indexer.mir.types import AnalysisError

    try:
        return to_exchange(analyse_file(path, tagger=_taggers().get()))
    except (AudioError, AnalysisError) as error:
        return {**to_error(path, error)}
    except MemoryError:
        return {"file": str(path), "error": NOT_ENOUGH, "code": "memory"}


@cache
def _taggers() -> TaggerSource:
    from indexer.ingest.pipeline import TaggerSource
    from store.settings import StoreSettings

    return TaggerSource(StoreSettings().models)


def _summary_line(result: dict[str, Any]) -> str:
    from store.track_structure import read_structure
    from tools.tracks.structure_notes import structure_notes

    name = f"[bold]{escape(Path(result['file']).name)}[/bold]"
    if "error" in result:
        return f"{name}: [red]{escape(result['error'])}[/red]"
    values = result["normalized"]
    alternative = result["bpm_alternative"]
    tempo = f"{values['bpm']:.1f} BPM" if values["bpm"] else "no pulse"
    if alternative and result["bpm_confidence"] < 0.5:
        tempo += f" (or {alternative:.1f})"
    key = (
        f"{values['key']} {values['scale']} ({values['camelot_key']})"
        if values["key"]
        else "no key"
    )
    course = structure_notes(read_structure(result["raw"]["features_raw"]), FALLBACK)
    runs = ", ".join([tempo, key, *course, values["genre_main"] or "genre unknown"])
    tags = ", ".join(tag["tag"] for tag in result["synthetic_tags"])
    took = sum(result["seconds"].values())
    return f"{name}: {runs} · {escape(tags)} [dim]{took:.1f} s[/dim]"


def _run_indexer(path: Path, data: Path | None, *, once: bool, retry: bool) -> IndexSummary:
    from indexer.jobs.lock import IndexerError
    from indexer.jobs.service import run_indexer
    from store.database import db
    from store.jobs import indexer_state

    use_data_folder(data)
    db.upgrade()
    if once:
        indexer_state.resume_indexing()
    columns = (
        BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(), TextColumn("[dim]{task.description}[/dim]"),
    )  # fmt: skip
    with Progress(*columns, console=notes, transient=True) as progress:
        task = progress.add_task("", total=None, rate="", visible=False)

        def show(event: IndexEvent) -> None:
            if event.kind == "progress":
                now = event.progress
                rate = f"{now.rate_per_minute:.0f}/min" if now.rate_per_minute else ""
                current = escape(Path(now.current[0]).name) if now.current else ""
                if now.resting:
                    current = f"resting: {now.resting.replace('_', ' ')}"
                progress.update(
                    task, visible=True, total=now.total, completed=now.done + now.failed,
                    rate=rate, description=current,
                )  # fmt: skip
            elif event.message and not (once and event.kind == "failed"):
                style = "red" if event.kind in ("problem", "failed") else "default"
                progress.console.print(f"[{style}]{escape(event.message)}[/{style}]")

        try:
            return run_indexer(path, once=once, retry_failed=retry, on_event=show)
        except IndexerError as error:
            give_up(str(error))


vectors_app = typer.Typer(help="The index of similar tracks.", no_args_is_help=True)


@vectors_app.command()
def rebuild(data: DataOption = None) -> None:
    """Build the vector index anew from the database."""
    from store.database import db
    from store.vectors import vector_tables

    use_data_folder(data)
    db.upgrade()
    with Progress(console=notes, transient=True) as progress:
        task = progress.add_task("Vectors", total=1.0)
        count = vector_tables.rebuild(
            on_progress=lambda part: progress.update(task, completed=part)
        )
    console.print(f"{count} vectors.")
