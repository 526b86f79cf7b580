"""Files of a stored chart, and the one beside them that says when which note comes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from store.results import ChartDetail
from store.settings import StoreSettings

_LANES: Final = ".lanes.json"
"""What the indexer writes beside a bundle, see `indexer.charts.stored.chart_lanes`."""


def lanes_beside(folder: Path) -> Path:
    """Return the path of the lanes of the bundle in `folder`; the file may be missing."""
    return folder.with_name(f"{folder.name}{_LANES}")


def chart_file(chart: ChartDetail, name: str) -> Path | None:
    """Return a file of a chart's folder; None where it is missing or lies outside."""
    return _inside(Path(chart.folder) / name)


def lanes_file(chart: ChartDetail) -> Path | None:
    """Return the lanes of a chart; None where they are missing or lie outside."""
    return _inside(lanes_beside(Path(chart.folder)))


def _inside(place: Path) -> Path | None:
    charts = StoreSettings().charts.resolve()
    file = (charts / place).resolve()
    return file if file.is_relative_to(charts) and file.is_file() else None
