"""`backbeat transcribe`: which drum was hit when."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from backbeat.commands.charts.chart_options import DataOption, ProfileOption
from backbeat.terminal import console, notes, use_data_folder


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Audio files.")],
    as_csv: Annotated[
        bool,
        typer.Option("--csv", help="Columns file,time_s,class,velocity,lane on standard output."),
    ] = False,
    profile: ProfileOption = "default",
    data: DataOption = None,
) -> None:
    """Write down which drum was hit when.

    Strokes of no class, such as a side-stick, are left out of the CSV.
    """
    from indexer.charts.file_charts import detected_onsets
    from indexer.drums.types import FAMILIES, DrumsError
    from indexer.files.audio.audio_types import AudioError

    use_data_folder(data)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if as_csv:
        writer.writerow(["file", "time_s", "class", "velocity", "lane"])
    failed = False
    for path in files:
        try:
            onsets = detected_onsets(path, profile=profile)
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
