"""Selection of a track's chart: the current one, an older one, or the corrected one.

A chart is current where it was made by the version of the drum code that would make it now, with
the thresholds that would be used now, or of the newest correction of its track. The indexer records
that version in its state (`store.jobs.indexer_state.chart_version`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from store.charts import chart_corrections, drum_charts
from store.charts.chart_corrections import CorrectionDetail
from store.charts.chart_timing import timing_of
from store.results import ChartDetail
from store.settings import StoreSettings


def corrections_folder() -> Path:
    """Return the folder of corrected charts and their annotations."""
    return StoreSettings().folder / "corrections"


def newest_correction(track_id: int) -> CorrectionDetail | None:
    """Return the newest correction of a track whose file exists."""
    found = chart_corrections.corrections(track_id)
    return next((one for one in found if (corrections_folder() / one.file).is_file()), None)


def newest_corrections() -> tuple[CorrectionDetail, ...]:
    """Return the newest correction of each track, the oldest first."""
    tracks = dict.fromkeys(one.track_id for one in reversed(chart_corrections.corrections()))
    found = (newest_correction(track_id) for track_id in tracks)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.id))


def learned_file() -> Path:
    """Return the file of the thresholds fitted to the corrections; it may be missing."""
    return corrections_folder() / "learned.json"


def chart_folder(
    track_id: int, levels: Sequence[str], *, version: str, correction_id: int | None = None
) -> str:
    """Return the folder below the charts folder: one for each track, version and set of levels.

    Args:
        track_id: The track.
        levels: In order.
        version: Of the drum code.
        correction_id: Where the chart is of a correction, which no version changes.
    """
    origin = f"c{correction_id}"
    if correction_id is None:
        learned = learned_file()
        mark = f".{zlib.crc32(learned.read_bytes()):08x}" if learned.is_file() else ""
        timing = timing_of(track_id).mark
        origin = f"v{version}{mark}" + (f"-{timing}" if timing else "")
    return f"{track_id}-{origin}-{_letters(levels)}"


def current_chart(track_id: int, levels: Sequence[str], *, version: str) -> ChartDetail | None:
    """Return the chart of a track that would be made now, if it was made and its bundle exists.

    Args:
        track_id: The track.
        levels: In order.
        version: Of the drum code.
    """
    correction = newest_correction(track_id)
    folder = chart_folder(
        track_id, levels, version=version, correction_id=correction.id if correction else None
    )
    charts = (one for one in _bundles(track_id) if one.folder.startswith(f"{folder}/"))
    return next(charts, None)


def older_chart(track_id: int, levels: Sequence[str], *, version: str) -> ChartDetail | None:
    """Return the newest chart that an older version made; None where the track has a correction.

    Arguments as `current_chart` has.
    """
    if newest_correction(track_id) is not None:
        return None
    ending = f"-{_letters(levels)}"
    charts = (
        one
        for one in _bundles(track_id)
        if Path(one.folder).parts[0].endswith(ending) and is_older(one, version=version)
    )
    return next(charts, None)


def shown_charts(track_id: int, *, version: str) -> tuple[ChartDetail, ...]:
    """Return a chart for each set of levels that was made: the current one, else the newest.

    Args:
        track_id: The track.
        version: Of the drum code.
    """
    newest: dict[str, ChartDetail] = {}
    for one in _bundles(track_id):
        newest.setdefault(Path(one.folder).parts[0].rpartition("-")[2], one)
    return tuple(
        current_chart(track_id, letters, version=version) or chart
        for letters, chart in newest.items()
    )


def is_older(chart: ChartDetail, *, version: str) -> bool:
    """Return whether another version of the drum code made a chart; never of a corrected one."""
    is_corrected = chart.folder.startswith(f"{chart.track_id}-c")
    return not is_corrected and chart.chart_version != version


def _bundles(track_id: int) -> Iterator[ChartDetail]:
    """Return the charts of a track whose bundle exists, the newest first."""
    folder = StoreSettings().charts
    return (one for one in drum_charts.charts_of(track_id) if (folder / one.zip_file).is_file())


def _letters(levels: Sequence[str]) -> str:
    return "".join(level[0] for level in levels)
