"""`backbeat transcribe`: which drum was hit when."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from backbeat.commands.charts.chart_options import DataOption, ProfileOption
from backbeat.terminal import console, notes, use_data_folder

if TYPE_CHECKING:
    from indexer.drums.types import Onset


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
    from indexer.drums.types import DrumsError
    from indexer.files.audio.audio_types import AudioError

    use_data_folder(data)
    table = csv.writer(sys.stdout, lineterminator="\n") if as_csv else None
    if table:
        table.writerow(["file", "time_s", "class", "velocity", "lane"])
    failed = False
    for path in files:
        try:
            onsets = detected_onsets(path, profile=profile)
        except (AudioError, DrumsError) as error:
            notes.print(f"[red]{escape(str(path))}: {escape(str(error))}[/red]")
            failed = True
            continue
        if table:
            table.writerows(_rows(path, onsets))
        else:
            _print_counts(path, onsets)
    if failed:
        raise typer.Exit(1)


def _rows(path: Path, onsets: Sequence[Onset]) -> Iterator[list[str]]:
    """Yield a row for each onset of one of the five classes."""
    from indexer.drums.types import FAMILIES

    for onset in onsets:
        drum = onset.drum
        if drum.family in FAMILIES:
            yield [
                os.fspath(path), f"{onset.time_s:.4f}", drum.family, f"{onset.velocity:.3f}",
                drum.value,
            ]  # fmt: skip


def _print_counts(path: Path, onsets: Sequence[Onset]) -> None:
    counts = Counter(onset.drum.value for onset in onsets)
    listed = ", ".join(f"{drum} {count}" for drum, count in sorted(counts.items()))
    console.print(f"[bold]{escape(path.name)}[/bold]: {listed or 'no drums heard'}")
