"""The file of a stored chart that says when which note comes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from store.results import ChartDetail
from store.settings import StoreSettings

LANES_FILE: Final = "lanes.json"
"""Written by the indexer beside the DTX files, see `indexer.charts.stored.chart_lanes`."""


def chart_file(chart: ChartDetail, name: str) -> Path | None:
    """Return a file of a chart's folder; None where it is missing or lies outside."""
    charts = StoreSettings().charts.resolve()
    file = (charts / chart.folder / name).resolve()
    return file if file.is_relative_to(charts) and file.is_file() else None
