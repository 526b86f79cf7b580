"""`backbeat chart --compare`: what each profile detects in a song, side by side."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from backbeat.terminal import console, notes

if TYPE_CHECKING:
    from indexer.charts.options import ChartOptions


def compare_profiles(paths: Iterable[Path], options: ChartOptions) -> None:
    """Chart each song with each profile that is available, and print a table a song."""
    from indexer.charts.file_charts import automatic_charts, imported_network
    from indexer.drums.hearing.profiles import available
    from indexer.drums.types import FAMILIES, DrumsError
    from indexer.files.audio.decoding import AudioError

    for path in paths:
        table = Table(title=escape(path.name), box=None, pad_edge=False, header_style="bold")
        for heading in ("Profile", "Seconds", "BPM", "Meter", *FAMILIES, "Notes", "Level"):
            table.add_column(heading, justify="left" if heading == "Profile" else "right")
        for name in available(imported=imported_network()):
            started = time.perf_counter()
            try:
                found = automatic_charts(path, replace(options, profile=name)).chart_set
            except (AudioError, DrumsError) as error:
                notes.print(f"[red]{escape(f'{path.name}, {name}: {error}')}[/red]")
                continue
            took = time.perf_counter() - started
            counts = [sum(o.drum.family == family for o in found.onsets) for family in FAMILIES]
            hardest = found.levels[-1]
            table.add_row(
                name, f"{took:.1f}", f"{found.tempo.changes[0].bpm:.1f}",
                "{}/{}".format(*found.time_signature), *map(str, counts), str(len(hardest.notes)),
                f"{hardest.dlevel / 10:.1f}",
            )  # fmt: skip
        console.print(table)
