"""Charts that need not be made again: those of today's version, or of a person's correction."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from store.charts import chart_corrections, drum_charts
from store.charts.chart_corrections import CorrectionDetail
from store.results import ChartDetail
from store.settings import StoreSettings

CHART_VERSION: Final = 5
"""Raised when the same recording would be charted otherwise; older charts are made again."""


def corrections_folder() -> Path:
    """Where corrected charts and their annotations are."""
    return StoreSettings().folder / "corrections"


def newest_correction(track_id: int) -> CorrectionDetail | None:
    """The correction of a track that counts: the newest whose file is there."""
    found = chart_corrections.corrections(track_id)
    return next((one for one in found if (corrections_folder() / one.file).is_file()), None)


def newest_corrections() -> tuple[CorrectionDetail, ...]:
    """The corrections that count, of all tracks, the oldest first."""
    tracks = dict.fromkeys(one.track_id for one in reversed(chart_corrections.corrections()))
    found = (newest_correction(track_id) for track_id in tracks)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.id))


def learned_file() -> Path:
    """What was learned from the corrections about how to hear; it may be there."""
    return corrections_folder() / "learned.json"


def chart_folder(track_id: int, levels: Sequence[str], *, correction_id: int | None = None) -> str:
    """Folder below the charts folder: one a track, version and choice of levels."""
    origin = f"c{correction_id}"
    if correction_id is None:
        learned = learned_file()
        mark = f".{zlib.crc32(learned.read_bytes()):08x}" if learned.is_file() else ""
        origin = f"v{CHART_VERSION}{mark}"
    return f"{track_id}-{origin}-{''.join(level[0] for level in levels)}"


def current_chart(track_id: int, levels: Sequence[str]) -> ChartDetail | None:
    """The chart of a track that would be made now, if it was made and its bundle is there."""
    correction = newest_correction(track_id)
    place = chart_folder(track_id, levels, correction_id=correction.id if correction else None)
    for chart in drum_charts.charts_of(track_id):
        is_there = (StoreSettings().charts / chart.zip_file).is_file()
        if chart.folder.startswith(f"{place}/") and is_there:
            return chart
    return None
