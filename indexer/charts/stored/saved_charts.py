"""Bundles in the charts folder, saved as charts of a track."""

from __future__ import annotations

from pathlib import Path

from indexer.charts.stored.chart_lanes import write_lanes
from indexer.drums.formats.bundle import Bundle
from indexer.drums.version import CHART_CODE_VERSION, chart_version
from store.charts import drum_charts
from store.records import ChartRecord
from store.settings import StoreSettings


def save_bundle(track_id: int, bundle: Bundle) -> int:
    """Save a bundle inside the charts folder as a chart of a track; returns its id.

    Raises:
        DrumsError: A level cannot be read.
    """
    write_lanes(bundle.folder, start_s=bundle.start_s, duration_s=bundle.duration_s)
    charts = StoreSettings().charts

    def inside(path: Path) -> str:
        return path.relative_to(charts).as_posix()

    record = ChartRecord(
        track_id=track_id,
        folder=inside(bundle.folder),
        zip_file=inside(bundle.zip_path),
        picture=inside(bundle.picture_path),
        bpm=bundle.bpm,
        levels={
            name: {"notes": level.notes, "dlevel": level.dlevel}
            for name, level in bundle.levels.items()
        },
        version=CHART_CODE_VERSION,
        chart_version=chart_version(),
    )
    return drum_charts.save_chart(record)
