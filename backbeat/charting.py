"""`backbeat chart` and `transcribe`: drums from the command line."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from backbeat.terminal import console, give_up, notes, use_data_folder

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


def chart(
    song: Annotated[
        str, typer.Argument(help="An audio file, or the name of a track in the library.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to put the bundle into.")] = Path(),
    levels: Annotated[
        str, typer.Option(help="Levels, with commas: BASIC,ADVANCED,EXTREME,MASTER.")
    ] = "BASIC,ADVANCED,EXTREME,MASTER",
    bpm: Annotated[float | None, typer.Option(help="The tempo, where you know it.")] = None,
    offset: Annotated[
        float | None, typer.Option(help="Seconds of a first beat of a bar, where you know it.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Make a DTX drum chart: a folder and a zip to play."""
    from indexer.audio import AudioError
    from indexer.charting import chart_file
    from indexer.drums.types import DrumsError

    use_data_folder(data)
    path = _song_path(song)
    wanted = [
        level.strip().upper() for level in levels.replace(" ", ",").split(",") if level.strip()
    ]
    with Progress(console=notes, transient=True) as progress:
        task = progress.add_task("", total=1.0)

        def show(fraction: float, step: str) -> None:
            progress.update(task, completed=fraction, description=escape(step))

        try:
            bundle = chart_file(
                path, out.expanduser(), levels=wanted, bpm=bpm, offset_s=offset, on_progress=show
            )
        except (AudioError, DrumsError) as error:
            give_up(str(error))
    for level, file in bundle.levels.items():
        console.print(f"{level:<9}{file.notes:>6} notes   level {file.dlevel / 10:.1f}")
    console.print(f"{bundle.folder}\n{bundle.zip_path}", markup=False)


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Audio files.")],
    as_csv: Annotated[
        bool,
        typer.Option("--csv", help="Columns file,time_s,class,velocity,lane on standard output."),
    ] = False,
) -> None:
    """Write down which drum was hit when.

    Strokes of no class, such as a side-stick, are left out of the CSV.
    """
    from indexer.audio import AudioError, decode
    from indexer.drums.peaks import transcribe as hear
    from indexer.drums.types import FAMILIES, DrumsError

    writer = csv.writer(sys.stdout, lineterminator="\n")
    if as_csv:
        writer.writerow(["file", "time_s", "class", "velocity", "lane"])
    failed = False
    for path in files:
        try:
            audio = decode(path)
            onsets = hear(audio.samples, sample_rate=audio.sample_rate)
        except (AudioError, DrumsError) as error:
            notes.print(f"[red]{escape(str(path))}: {escape(str(error))}[/red]")
            failed = True
            continue
        if as_csv:
            name = os.fspath(path)
            for onset in (onset for onset in onsets if onset.drum.family in FAMILIES):
                row = [name, f"{onset.time_s:.4f}", onset.drum.family, f"{onset.velocity:.3f}"]
                writer.writerow([*row, onset.drum.value])
            continue
        counts: dict[str, int] = {}
        for onset in onsets:
            counts[onset.drum.value] = counts.get(onset.drum.value, 0) + 1
        said = ", ".join(f"{drum} {count}" for drum, count in sorted(counts.items()))
        console.print(f"[bold]{escape(path.name)}[/bold]: {said or 'no drums heard'}")
    if failed:
        raise typer.Exit(1)


def _song_path(song: str) -> Path:
    """A file as it is named, else the file of the track that has this name."""
    path = Path(song).expanduser()
    if path.is_file():
        return path
    if path.is_dir() or (os.sep in song and path.parent.is_dir()):
        give_up(f"There is no audio file {song}. Give one file, or the name of a track.")
    from store import db, queries

    db.upgrade()
    matches = queries.resolve_track(song)
    if not matches:
        give_up(f"“{song}” is neither an audio file nor a track of the library.")
    best, *others = matches
    if best.score < 80 or (others and others[0].score > best.score - 2):
        names = "\n".join(f"  {m.name} – {m.artist or ''}" for m in matches)
        give_up(f"I do not know which track “{song}” is. Did you mean\n{names}")
    return queries.track_file(best.id)
