"""`backbeat chart --compare`: what each profile detects in a song, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from backbeat.terminal import console, notes

if TYPE_CHECKING:
    from indexer.charts.options import ChartOptions
    from indexer.drums.types import ChartSet


def print_comparison(paths: Iterable[Path], options: ChartOptions) -> None:
    """Chart each song with each available profile, and print a table for each song."""
    from indexer.charts.profile_comparison import compare_profiles
    from indexer.drums.types import FAMILIES

    for path in paths:
        table = Table(title=escape(path.name), box=None, pad_edge=False, header_style="bold")
        for heading in ("Profile", "Seconds", "BPM", "Meter", *FAMILIES, "Notes", "Level"):
            table.add_column(heading, justify="left" if heading == "Profile" else "right")
        for result in compare_profiles(path, options):
            if isinstance(result.charts, str):
                message = f"{path.name}, {result.profile}: {result.charts}"
                notes.print(f"[red]{escape(message)}[/red]")
            else:
                table.add_row(result.profile, f"{result.duration_s:.1f}", *_cells(result.charts))
        console.print(table)


def _cells(charts: ChartSet) -> list[str]:
    """Return tempo, meter, onsets of each family, and notes and level of the hardest chart."""
    from indexer.drums.types import FAMILIES

    hardest = charts.levels[-1]
    counts = [sum(o.drum.family == family for o in charts.onsets) for family in FAMILIES]
    return [
        f"{charts.tempo.changes[0].bpm:.1f}", "{}/{}".format(*charts.time_signature),
        *map(str, counts), str(len(hardest.notes)), f"{hardest.dlevel / 10:.1f}",
    ]  # fmt: skip
